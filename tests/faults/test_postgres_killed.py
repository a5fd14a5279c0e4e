"""PostgreSQL is killed under load: the gateway waits, and what it confirmed is there, once."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anlan.monitoring.simulator.ledger import Ledger
from anlan.monitoring.simulator.plan import Plan, SimulatedPoint
from scripts import with_postgres
from scripts.services import postgres_folder
from tests.faults.soaking import KILLS, RAGGED, SEED, soak
from tests.listening import HOST
from tests.processes import GatewayProcess, free_port

# Those that tests.faults.driver registers.
STATIONS = tuple(SimulatedPoint(f"{number:010}") for number in range(20))
ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A private PostgreSQL server that writes through to the disk."""

    def __init__(self, folder: Path) -> None:
        programs = postgres_folder()
        assert programs is not None
        self.folder = folder
        self._programs = programs
        self._as_user = with_postgres.unprivileged(folder)
        with_postgres.create(programs, folder, self._as_user)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and return when it answers."""
        self._process = with_postgres.start(
            self._programs, self.folder, self._as_user, settings=with_postgres.DURABLE
        )
        with_postgres.wait_until_ready(self._process, self.folder)

    def kill(self) -> None:
        """End every process of it as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def kill_and_start(self) -> None:
        """End it, and start it again on what it left."""
        self.kill()
        self.start()


@pytest.fixture
def server() -> Iterator[Server]:
    """Give a server that runs, with an empty database named anlan, and delete it after."""
    folder = Path(tempfile.mkdtemp(prefix="anlan-pg-", dir=with_postgres.short_folder()))
    made = Server(folder)
    try:
        made.start()
        address = f"postgresql://{with_postgres.USER}@/postgres?host={folder}"
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("CREATE DATABASE anlan")
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)


def call(environment: dict[str, str], *arguments: str) -> str:
    """Run a program of ours to its end and return what it printed."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_every_confirmed_reading_is_there_once(server: Server, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ANLAN_HOME": str(tmp_path),
        "ANLAN_DATABASE_URL": f"postgresql://{with_postgres.USER}@/anlan?host={server.folder}",
        "ANLAN_LOG_LEVEL": "ERROR",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    call(environment, "anlan", "migrate")
    call(environment, "tests.faults.driver", "setup")
    gateway = GatewayProcess(environment, port=free_port())
    plan = Plan(
        host=HOST,
        port=gateway.port,
        stations=STATIONS,
        seconds=3_600,
        window=8,
        timeout_s=5.0,
        seed=SEED,
        wire=RAGGED,
    )
    path = tmp_path / "ledger.jsonl"
    gateway.start()
    try:
        tally = asyncio.run(soak(plan, Ledger(path), kill=server.kill_and_start))
        assert gateway.stop() == 0
    finally:
        gateway.kill()
    said = call(environment, "anlan", "simulate", "check", "--ledger", str(path))
    print(f"{KILLS} kills: {said}{tally.as_document()}")
    counts = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+\d|\d", said)]
    assert counts == [tally.readings, tally.readings, 0, 0, 0, 0]
