"""Processes of ours that are kept running: one that ends is started again."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5
PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
SOUND_AFTER_S = 60.0
LIFELINE = "ANLAN_LIFELINE"


@dataclass
class Work:
    """A command of ours, and what is known of its process."""

    name: str
    command: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    started_s: float = 0.0
    faults: int = 0


def keep_running(works: Sequence[Work], *, stop: threading.Event | None = None) -> None:
    """Start these commands and start again what ends, until stopped; then end them all.

    Each holds the reading end of a pipe of ours: should this process be killed, they see it end.
    """
    stop = stop or threading.Event()
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    try:
        while not stop.is_set():
            for work in works:
                _look_after(work, lifeline=reading)
            stop.wait(LOOK_EVERY_S)
    finally:
        os.close(writing)
        _end(works)
        os.close(reading)


def _look_after(work: Work, *, lifeline: int) -> None:
    now = perf_counter()
    if work.process is not None:
        code = work.process.poll()
        if code is None:
            if now - work.started_s > SOUND_AFTER_S:
                work.faults = 0
            return
        pause = PAUSES_S[min(work.faults, len(PAUSES_S) - 1)]
        if now - work.started_s < pause:
            return
        work.faults += 1
        log.warning("%s ended with %s and is started again", work.name, code)
    work.started_s = now
    work.process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "anlan", *work.command],
        pass_fds=(lifeline,),
        env={**os.environ, LIFELINE: str(lifeline)},  # noqa: TID251  handed on to our own child
    )


def _end(works: Sequence[Work]) -> None:
    running = [work.process for work in works if work.process and work.process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def die_with_parent() -> None:
    """End this process when the one that keeps it running has ended, however it ended."""
    lifeline = os.environ.get(LIFELINE)  # noqa: TID251  set by our own parent
    if not lifeline:
        return

    def watch() -> None:
        os.read(int(lifeline), 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
