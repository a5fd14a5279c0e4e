"""Write down what was confirmed, so that it can be held against what is stored."""

import asyncio
import contextlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

FLUSH_EVERY_S: Final = 0.1


class Confirmed(NamedTuple):
    """One reading whose report was confirmed."""

    station: str
    element: str
    observed_at: datetime
    value: float


class Ledger:
    """A file of JSON lines, in the order of the confirmations, on the disk within a moment."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lines: deque[str] = deque()

    def note(self, station: str, readings: Iterable[tuple[str, datetime, float]]) -> None:
        """Add the readings of a confirmed report."""
        for element, observed_at, value in readings:
            row = [station, element, observed_at.isoformat(), value]
            self._lines.append(json.dumps(row) + "\n")

    async def keep_flushing(self) -> None:
        """Bring lines to the disk until cancelled."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(FLUSH_EVERY_S)
                await loop.run_in_executor(None, self.flush)

    def flush(self) -> None:
        """Bring the lines noted so far to the disk."""
        # Lines are noted meanwhile, in another thread.
        while self._lines:
            self._file.write(self._lines.popleft())
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Bring everything to the disk and close the file."""
        self.flush()
        self._file.close()


def read_ledger(path: Path) -> Iterator[Confirmed]:
    """Yield what a ledger holds; a last line that was cut off counts as not written."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                station, element, observed_at, value = json.loads(line)
                yield Confirmed(station, element, datetime.fromisoformat(observed_at), value)
