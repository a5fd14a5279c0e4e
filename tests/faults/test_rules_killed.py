"""The rules are killed at random moments: no crossing is lost, none is told twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

GAUGES = 20
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Give the environment of programs that share a migrated database of their own."""
    environment = {
        **os.environ,
        "ANLAN_HOME": str(tmp_path),
        "ANLAN_DATABASE_URL": f"sqlite:///{tmp_path}/faults.sqlite3",
        "ANLAN_QUEUE": "database",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    call(environment, "-m", "anlan", "migrate")
    call(environment, "-m", "tests.faults.driver", "setup")
    return environment


def call(environment: dict[str, str], *arguments: str) -> str:
    """Run a program of ours to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(environment: dict[str, str], question: str) -> list[tuple[Any, ...]]:
    """Return what the database of the programs says."""
    path = environment["ANLAN_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=20) as database:
        return database.execute(question).fetchall()


def exceedances(environment: dict[str, str]) -> list[tuple[int, bool]]:
    """Return colour and openness of every exceedance, sorted."""
    rows = asked(environment, "SELECT colour, ended_at IS NULL FROM monitoring_exceedance")
    return sorted((colour, bool(is_open)) for colour, is_open in rows)


def until(condition: Callable[[], Any]) -> Any:
    """Return what a condition gives as soon as it gives anything."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := condition():
            return found
    raise AssertionError("it did not come about")


def parts_of(keeper: int) -> dict[str, int]:
    """Return the process of each part that a keeper keeps running."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == keeper and b"--part" in words:
            found[words[words.index(b"--part") + 1].decode()] = int(folder.name)
    return found


@pytest.fixture
def work(home: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the background work, and leave no process behind."""
    process = subprocess.Popen([sys.executable, "-m", "anlan", "work"], env=home)
    until(lambda: len(parts_of(process.pid)) == 3)
    yield process
    parts = parts_of(process.pid)
    process.kill()
    process.wait()
    until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in parts.values()))


def expected(highest: int) -> list[tuple[int, bool]]:
    """Return what stands when every gauge has risen colour by colour."""
    colours = range(1, highest + 1)
    return [(colour, colour == highest) for colour in colours for _gauge in range(GAUGES)]


def rise(home: dict[str, str], colour: int) -> "subprocess.Popen[bytes]":
    """Let every gauge stand over so many limits, in a process beside."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.driver", "rise", str(colour)], env=home
    )


def kill_while_judging(home: dict[str, str], work: "subprocess.Popen[bytes]", colour: int) -> None:
    """Kill the rules when a batch has come: while they read it, judge it, or have just done so."""
    rules = until(lambda: parts_of(work.pid).get("rules"))
    taking_in = rise(home, colour)
    until(lambda: asked(home, "SELECT count(*) FROM monitoring_readingbatch") == [(colour,)])
    os.kill(rules, signal.SIGKILL)
    assert taking_in.wait() == 0


def test_no_crossing_is_lost_or_doubled(home, work):
    for colour in (1, 2, 3):
        kill_while_judging(home, work, colour)
        until(partial(has_come_to, home, expected(colour)))
    assert rise(home, 3).wait() == 0
    last = "SELECT count(*) FROM monitoring_latestreading WHERE value > 103"
    until(lambda: asked(home, "SELECT batch_id FROM monitoring_evaluationcursor") == [(4,)])
    assert asked(home, last) == [(GAUGES,)]
    assert exceedances(home) == expected(3)
    parts = parts_of(work.pid)
    work.kill()  # nothing of a killed keeper runs on
    work.wait()
    until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in parts.values()))


def has_come_to(home: dict[str, str], rows: list[tuple[int, bool]]) -> bool:
    """Tell whether these exceedances, and no others, are there."""
    return exceedances(home) == rows
