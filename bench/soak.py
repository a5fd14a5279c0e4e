"""Kill the gateway, the rules and PostgreSQL at random moments under load, and count what is left.

    PYTHONPATH=.:src:bench python bench/soak.py [kills=50] [stations=200] [seed=651]

Stations report over real sockets, with loss, duplicates and reconnects, to `anlan gateway` on a
PostgreSQL that writes through to the disk, while `anlan work` keeps the rules running. Every few
seconds one of them is killed with -9: the gateway and the server are started again here, the rules
by their keeper. In the end:

* confirmed: the readings that a station was told are safe; each must be stored, once;
* crossings: from the stored readings alone, the highest limit that the rain of an hour reached at
  each station; exactly one exceedance of that colour must be there, and none twice.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from scripts.services import postgres_folder
from scripts.with_postgres import DURABLE, create, start, unprivileged, wait_until_ready

RATE = 400
SECONDS_A_KILL = (1.0, 5.0)
COUNTY = "990701000000"
LIMITS_MM = (10.0, 20.0, 30.0, 40.0)
PATIENCE_S = 120.0


class Server:
    """A private PostgreSQL that can be killed and started again on its files."""

    def __init__(self, folder: Path) -> None:
        found = postgres_folder()
        assert found is not None, "PostgreSQL is missing"
        self.programs, self.folder = found, folder
        self.as_user = unprivileged(folder)
        create(self.programs, folder, self.as_user)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, after a crash on what is left, and return when it answers."""
        end = time.monotonic() + PATIENCE_S
        while True:
            self.process = start(self.programs, self.folder, self.as_user, settings=DURABLE)
            try:
                wait_until_ready(self.process, self.folder)
                return
            except Exception:
                # The backends of the one that was killed may still hold its memory.
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


class Soak:
    """The processes of one soak."""

    def __init__(self, home: Path) -> None:
        self.server = Server(home / "pg")
        self.server.start()
        self.environment = {
            **os.environ,
            "ANLAN_HOME": str(home),
            "ANLAN_DATABASE_URL": f"postgresql://anlan@/soak?host={home / 'pg'}",
            "ANLAN_LOG_LEVEL": "ERROR",
        }
        self.port = free_port()
        self.log = (home / "log").open("wb")
        self.gateway: subprocess.Popen[bytes] | None = None
        self.work: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        """Run a command of ours to its end."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command of ours."""
        return subprocess.Popen(
            [sys.executable, "-m", "anlan", *arguments],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )

    def start_gateway(self) -> None:
        """Start the gateway and return when it listens."""
        self.gateway = self.begin("gateway", "--port", str(self.port))
        until(lambda: is_open(self.port))

    def kill(self, what: str) -> None:
        """Kill one of them, and start again what nobody else does."""
        if what == "gateway":
            assert self.gateway is not None
            self.gateway.kill()
            self.gateway.wait()
            self.start_gateway()
        elif what == "PostgreSQL":
            self.server.kill()
            self.server.start()
        else:
            assert self.work is not None
            for pid in rules_of(self.work.pid):
                os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """Leave no process behind."""
        for process in (self.gateway, self.work):
            if process is not None:
                process.terminate()
                process.wait(timeout=30)
        if self.server.process is not None:
            self.server.process.terminate()
            self.server.process.wait(timeout=60)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def is_open(port: int) -> bool:
    """Tell whether somebody listens."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], Any]) -> None:
    """Return as soon as a condition holds."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def rules_of(keeper: int) -> list[int]:
    """Return the process of the rules that a keeper keeps running."""
    done = subprocess.run(["pgrep", "-P", str(keeper), "-f", "part rules"], capture_output=True)
    return [int(each) for each in done.stdout.split()]


def in_database(soak: Soak, code: str) -> str:
    """Run lines of Python on the soak's database."""
    head = (
        "from anlan.cli import environment; environment.prepare()\n"
        "from anlan.kernel.scope import everywhere\n"
        "with everywhere('soak'):\n"
    )
    body = "\n".join("    " + line for line in code.strip().splitlines())
    return soak.run("-c", head + body)


def prepare(soak: Soak) -> None:
    """Make the database, the county and the limits."""
    import psycopg

    with psycopg.connect(
        f"postgresql://anlan@/postgres?host={soak.server.folder}", autocommit=True
    ) as server:
        server.execute("CREATE DATABASE soak")
    soak.run("-m", "anlan", "migrate")
    in_database(
        soak,
        f"""
from datetime import date
from anlan.monitoring.models import Threshold
from anlan.registry.data import Colour, DivisionKind, Hazard
from anlan.registry.models import Division
from anlan.warning.models import AnswerLimit
Division.objects.create(code='{COUNTY}', kind=DivisionKind.COUNTY, name='县', lon=107, lat=33)
for colour, value in zip(Colour, {LIMITS_MM}):
    AnswerLimit.objects.create(hazard='', colour=colour, minutes=9, source='soak', effective_from=date(2020, 1, 1))
    Threshold.objects.create(hazard=Hazard.FLASH_FLOOD, element='PN05', window_min=60, colour=colour, value=value, source='soak', effective_from=date(2020, 1, 1))
""",
    )


def cover(soak: Soak) -> None:
    """Let every station speak for the county."""
    in_database(
        soak,
        f"""
from anlan.monitoring.models import Station, StationCover
from anlan.registry.data import Hazard
StationCover.objects.bulk_create(StationCover(station=s, division_id='{COUNTY}', hazard=Hazard.FLASH_FLOOD) for s in Station.objects.all())
""",
    )


JUDGE = f"""
import json
import numpy as np
from anlan.monitoring.elements import RAIN
from anlan.monitoring.models import Exceedance, Reading, ReadingBatch
from anlan.monitoring.walking import are_waiting
rain = {{}}
for station, at, value in Reading.objects.filter(element=RAIN).values_list('station_id', 'observed_at', 'value'):
    rain.setdefault(station, {{}})[int(at.timestamp()) // 300] = round(value * 10)
expected = {{}}
for station, slots in rain.items():
    first = min(slots)
    row = np.zeros(max(slots) - first + 1, dtype=np.int64)
    for slot, tenths in slots.items():
        row[slot - first] = tenths
    total = np.cumsum(np.pad(row, (12, 0)))
    most = int((total[12:] - total[:-12]).max())
    expected[station] = sum(most >= limit * 10 for limit in {LIMITS_MM})
rows = list(Exceedance.objects.values_list('station_id', 'colour', 'ended_at'))
pairs = [(station, colour) for station, colour, _ended in rows]
highest = {{}}
for station, colour in pairs:
    highest[station] = max(colour, highest.get(station, 0))
print(json.dumps({{
    'waiting': are_waiting(),
    'expected': sum(colour > 0 for colour in expected.values()),
    'lost': sum(colour > highest.get(station, 0) for station, colour in expected.items()),
    'invented': sum(colour > expected.get(station, 0) for station, colour in highest.items()),
    'doubled': len(pairs) - len(set(pairs)),
    'open': sum(ended is None for _s, _c, ended in rows),
    'batches': ReadingBatch.objects.count(),
}}))
"""


def main(kills: int, stations: int, seed: int) -> int:
    """Return 0 when nothing was lost and nothing doubled."""
    chance = Random(seed)
    home = Path(tempfile.mkdtemp(prefix="anlan-soak-", dir="/tmp"))
    (home / "pg").mkdir()
    home.chmod(0o755)
    soak = Soak(home)
    killed: Counter[str] = Counter()
    try:
        prepare(soak)
        soak.run(
            "-m", "anlan", "simulate", "--stations", str(stations), "--make-stations", COUNTY,
            "--seconds", "0.1", "--port", "1",
        )  # fmt: skip
        cover(soak)
        soak.start_gateway()
        soak.work = soak.begin("work")
        until(lambda: soak.work is not None and rules_of(soak.work.pid))
        pauses = [chance.uniform(*SECONDS_A_KILL) for _kill in range(kills)]
        seconds = sum(pauses) + 6 * kills
        # The rules look back for 72 hours: a station tells of no more than that.
        rate = min(RATE, 800 * stations / seconds)
        ledger = home / "ledger"
        players = subprocess.Popen(
            [
                sys.executable, "-m", "anlan", "simulate", "--stations", str(stations),
                "--port", str(soak.port), "--seconds", str(seconds), "--rate", str(rate),
                "--step", "5", "--elements", "2", "--loss", "0.01",
                "--duplicates", "0.01", "--reconnects", "0.002", "--timeout", "3",
                "--ledger", str(ledger),
            ],
            env=soak.environment, stdout=subprocess.PIPE, stderr=soak.log, text=True,
        )  # fmt: skip
        for pause in pauses:
            time.sleep(pause)
            what = chance.choice(["gateway", "rules", "PostgreSQL"])
            soak.kill(what)
            killed[what] += 1
            print(f"\r{sum(killed.values())} of {kills} kills", end="", file=sys.stderr, flush=True)
        said = players.communicate()[0]
        found: dict[str, Any] = {"waiting": True}
        end = time.monotonic() + PATIENCE_S
        while found["waiting"] and time.monotonic() < end:
            found = json.loads(in_database(soak, JUDGE))
        checked = subprocess.run(
            [sys.executable, "-m", "anlan", "simulate", "check", "--ledger", str(ledger)],
            env=soak.environment, capture_output=True, text=True,
        )  # fmt: skip
        print(f"\nkilled: {dict(killed)}, {sum(killed.values())} times in {seconds:.0f} s")
        print(f"played: {said.strip()}")
        print(checked.stdout.strip() or checked.stderr.strip()[-400:])
        print(
            f"crossings: {found['expected']} stations crossed a limit; lost {found['lost']}, "
            f"invented {found['invented']}, doubled {found['doubled']}, open {found['open']}; "
            f"batches {found['batches']}, waiting {found['waiting']}"
        )
        numbers = [
            int(x.replace(",", ""))
            for x in re.findall(r"([\d,]+) (?:missing|doubled)", checked.stdout)
        ]
        is_right = checked.returncode == 0 and not any(numbers)
        is_right = is_right and not (found["lost"] or found["invented"] or found["doubled"])
        print("right" if is_right else "WRONG")
        return 0 if is_right else 1
    finally:
        soak.end()
        if "--keep" not in sys.argv:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:] if each.isdecimal()]
    sys.exit(main(*(given + [50, 200, 651][len(given) :])))
