"""Measure from a reading on the wire to its exceedance in the database, under load.

    PYTHONPATH=.:src:bench python bench/wire_to_exceedance.py [seconds=60]

1,000 stations report five elements each a second, 5,000 readings a second, over real sockets to
`anlan gateway` on a PostgreSQL that writes through to the disk; `anlan work` judges. Beside them a
probe sends, four times a second, one report of a station of its own that crosses a limit, and waits
until the exceedance can be read. Limit: 99 of 100 within a second.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from soak import Soak, begin_all, in_database

LIMIT_MS = 1000.0
PROBES_A_SECOND = 4
LOAD_STATIONS = 1_000


async def probe(soak: Soak, count: int, database: "psycopg.AsyncConnection[Any]") -> list[float]:
    """Return the milliseconds of each probe, endless for one that never came."""
    from anlan.monitoring.data import ReportElement, Sender
    from anlan.monitoring.gateways.sl651.encode import encode_report

    _reader, writer = await asyncio.open_connection("127.0.0.1", soak.port)
    spent = []
    for number in range(count):
        now = datetime.now(tz=UTC)
        address = f"0099{number:06d}"
        frame = encode_report(
            0x32,
            sender=Sender(1, address, "0000", "P"),
            serial=number + 1,
            sent_at=now,
            observed_at=now,
            elements=[ReportElement("PN05", 15.0)],
        )
        begin = time.perf_counter()
        writer.write(frame)
        await writer.drain()
        spent.append(await seen(database, address, begin=begin))
        await asyncio.sleep(max(1 / PROBES_A_SECOND - (time.perf_counter() - begin), 0))
    writer.close()
    return spent


async def seen(database: "psycopg.AsyncConnection[Any]", address: str, *, begin: float) -> float:
    """Return the milliseconds until the station's exceedance can be read."""
    question = (
        "SELECT 1 FROM monitoring_exceedance e JOIN monitoring_station s ON s.id = e.station_id"
        " WHERE s.address = %s"
    )
    while time.perf_counter() - begin < 20:
        row = await (await database.execute(question, [address], prepare=True)).fetchone()
        if row is not None:
            return (time.perf_counter() - begin) * 1000
        await asyncio.sleep(0.005)
    return float("inf")


async def measure(soak: Soak, count: int) -> list[float]:
    """Probe while the load runs."""
    url = f"postgresql://anlan@/soak?host={soak.server.folder}"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        return await probe(soak, count, database)


def main(seconds: int) -> int:
    """Print the distribution and return 0 within the limit."""
    home = Path(tempfile.mkdtemp(prefix="anlan-probe-"))
    (home / "pg").mkdir()
    home.chmod(0o755)
    soak = Soak(home)
    try:
        begin_all(soak, stations=LOAD_STATIONS)
        in_database(soak, "probes", str(seconds * PROBES_A_SECOND))
        load = subprocess.Popen(
            [
                sys.executable, "-m", "anlan", "simulate", "--stations", str(LOAD_STATIONS),
                "--port", str(soak.port), "--seconds", str(seconds + 20), "--rate",
                str(LOAD_STATIONS), "--step", "5",
            ],
            env=soak.environment, stdout=subprocess.PIPE, stderr=soak.log, text=True,
        )  # fmt: skip
        time.sleep(10)
        spent = sorted(asyncio.run(measure(soak, seconds * PROBES_A_SECOND)))
        said = json.loads(load.communicate()[0])
        p99 = spent[int(len(spent) * 0.99)]
        print(f"load: {said['readings'] / (seconds + 20):,.0f} readings/s confirmed; {said}")
        print(
            f"wire to exceedance, {len(spent)} probes: p50 {spent[len(spent) // 2]:.0f} ms, "
            f"p99 {p99:.0f} ms, worst {spent[-1]:.0f} ms; limit {LIMIT_MS:.0f} ms at p99: "
            f"{p99 / LIMIT_MS:.2f}"
        )
        return 0 if p99 <= LIMIT_MS else 1
    finally:
        soak.end()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
