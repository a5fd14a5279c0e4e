"""`anlan mqtt` as a process of its own, killed in mid load: every message is stored once."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from anlan.kernel import clock
from tests.broker import HOST, Mosquitto, publish, until
from tests.cast import Cast
from tests.mqtt_house import report, speaking_gauge
from tests.rooms.kernel.test_encryption_running import database_url

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = "SELECT count(*), count(DISTINCT observed_at) FROM monitoring_reading WHERE element = 34"


@pytest.fixture
def house(cast: Cast, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a house with a gauge that speaks MQTT."""
    speaking_gauge(cast)
    connection.ensure_connection()
    return {
        **os.environ,
        "ANLAN_HOME": str(tmp_path),
        "ANLAN_DATABASE_URL": database_url(tmp_path),
        "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
        "ANLAN_LOG_LEVEL": "ERROR",
    }


def stored(folder: Path) -> tuple[int, int]:
    """Return how many rains are stored, and of how many moments."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "anlan.sqlite3", timeout=20)) as file:
            return tuple(file.execute(COUNT).fetchone())
    told = connection.settings_dict
    where = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"]}
    name = {"dbname": told["NAME"], "password": told["PASSWORD"]}
    with psycopg.connect(**{k: v for k, v in {**where, **name}.items() if v}) as server:
        return tuple(server.execute(COUNT).fetchone() or (0, 0))


def start(house: dict[str, str]) -> "subprocess.Popen[str]":
    """Start the command."""
    return subprocess.Popen(
        [sys.executable, "-m", "anlan", "mqtt"], env=house, stdout=subprocess.PIPE, text=True
    )


def test_killed_in_mid_load_it_stores_every_message_once(house, tmp_path):
    broker = Mosquitto(tmp_path)
    broker.start()
    house["ANLAN_MQTT_URL"] = f"mqtt://{HOST}:{broker.port}"
    wall = clock.FixedClock(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))
    with clock.use(wall):
        falls = [report(number) for number in range(300)]
    process = start(house)

    async def load() -> None:
        nonlocal process
        await until(lambda: "rain/+/up (QoS 1)" in broker.log, seconds=60)
        for part in (falls[:100], falls[100:200]):
            sending = asyncio.create_task(publish(broker.port, part))
            await until(has_more_than(broker.log.count("PUBACK from anlan"), broker))
            process.kill()
            await asyncio.to_thread(process.communicate)
            await sending
            process = start(house)
        await publish(broker.port, falls[200:])
        await until(lambda: stored(tmp_path)[0] >= 300, seconds=60)

    try:
        asyncio.run(load())
        process.terminate()
        told, _nothing = process.communicate(timeout=30)
        assert stored(tmp_path) == (300, 300)
        assert process.returncode == 0
        assert "messages acknowledged" in told
    finally:
        process.kill()
        process.communicate()
        broker.kill()


def has_more_than(count: int, broker: Mosquitto) -> Callable[[], bool]:
    """Return what tells whether the broker has heard another acknowledgement."""
    return lambda: broker.log.count("PUBACK from anlan") > count


def test_settings_that_lead_nowhere_end_in_a_sentence(house):
    done = subprocess.run(
        [sys.executable, "-m", "anlan", "mqtt"],
        env={**house, "ANLAN_MQTT_URL": "", "ANLAN_MQTT_CLIENT_ID": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "ANLAN_MQTT_URL" in done.stderr
    assert "Traceback" not in done.stderr
