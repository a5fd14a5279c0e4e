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
        self.ledger = home / "ledger"
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


def in_database(soak: Soak, *words: str) -> str:
    """Do something in the soak's database: see soak_database."""
    return soak.run(str(Path(__file__).with_name("soak_database.py")), *words)


def prepare(soak: Soak) -> None:
    """Make the database, the county and the limits."""
    import psycopg

    with psycopg.connect(
        f"postgresql://anlan@/postgres?host={soak.server.folder}", autocommit=True
    ) as server:
        server.execute("CREATE DATABASE soak")
    soak.run("-m", "anlan", "migrate")
    in_database(soak, "setup")


def play(soak: Soak, *, kills: int, stations: int, chance: Random) -> tuple[str, Counter[str]]:
    """Let stations report while things are killed; return what they say, and what was killed."""
    pauses = [chance.uniform(*SECONDS_A_KILL) for _kill in range(kills)]
    seconds = sum(pauses) + 6 * kills
    # The rules look back for 72 hours: a station tells of no more than that.
    rate = min(RATE, 800 * stations / seconds)
    players = subprocess.Popen(
        [
            sys.executable, "-m", "anlan", "simulate", "--stations", str(stations),
            "--port", str(soak.port), "--seconds", str(seconds), "--rate", str(rate),
            "--step", "5", "--elements", "2", "--loss", "0.01", "--duplicates", "0.01",
            "--reconnects", "0.002", "--timeout", "3", "--ledger", str(soak.ledger),
        ],
        env=soak.environment, stdout=subprocess.PIPE, stderr=soak.log, text=True,
    )  # fmt: skip
    killed: Counter[str] = Counter()
    for pause in pauses:
        time.sleep(pause)
        what = chance.choice(["gateway", "rules", "PostgreSQL"])
        soak.kill(what)
        killed[what] += 1
        print(f"\r{sum(killed.values())} of {kills} kills", end="", file=sys.stderr, flush=True)
    return players.communicate()[0], killed


def begin_all(soak: Soak, *, stations: int) -> None:
    """Make the database and the stations, and start what listens and judges."""
    prepare(soak)
    soak.run(
        "-m", "anlan", "simulate", "--stations", str(stations), "--make-stations", COUNTY,
        "--seconds", "0.1", "--port", "1",
    )  # fmt: skip
    in_database(soak, "cover")
    soak.start_gateway()
    soak.work = soak.begin("work")
    until(lambda: soak.work is not None and rules_of(soak.work.pid))


def main(kills: int, stations: int, seed: int) -> int:
    """Return 0 when nothing was lost and nothing doubled."""
    home = Path(tempfile.mkdtemp(prefix="anlan-soak-"))
    (home / "pg").mkdir()
    home.chmod(0o755)
    soak = Soak(home)
    try:
        begin_all(soak, stations=stations)
        said, killed = play(soak, kills=kills, stations=stations, chance=Random(seed))
        found: dict[str, Any] = {"waiting": True}
        end = time.monotonic() + PATIENCE_S
        while found["waiting"] and time.monotonic() < end:
            found = json.loads(in_database(soak, "judge"))
        checked = subprocess.run(
            [sys.executable, "-m", "anlan", "simulate", "check", "--ledger", str(soak.ledger)],
            env=soak.environment, capture_output=True, text=True,
        )  # fmt: skip
        print(f"\nkilled with -9: {sum(killed.values())} times, {dict(killed)}")
        print(f"played: {said.strip()}")
        print(checked.stdout.strip() or checked.stderr.strip()[-400:])
        print(f"crossings: {found}")
        wrong = found["lost"] or found["invented"] or found["doubled"] or found["waiting"]
        is_right = checked.returncode == 0 and not wrong
        print("right" if is_right else "WRONG")
        return 0 if is_right else 1
    finally:
        soak.end()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [50, 200, 651][len(given) :])))
