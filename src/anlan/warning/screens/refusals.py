"""What strangers try, written down: each time, but never so often that it fills the journal."""

from datetime import datetime
from typing import Final

from anlan.kernel import journal
from anlan.kernel.actors import the_program

MOST_AN_HOUR: Final = 100


class Bounded:
    """Counts what was noted in the present hour of one process."""

    def __init__(self) -> None:
        self._hour = -1
        self._count = 0

    def takes_one_more(self, now: datetime) -> int | None:
        """Return how many were noted this hour, this one counted, or None where it is enough."""
        hour = int(now.timestamp() // 3600)
        if hour != self._hour:
            self._hour, self._count = hour, 0
        self._count += 1
        return self._count if self._count <= MOST_AN_HOUR else None


_bounded = Bounded()


def note_refusal(act: str, *, why: str, now: datetime, subject: str = "") -> None:
    """Write a refused link or callback into the journal; the last of an hour says so."""
    count = _bounded.takes_one_more(now)
    if count is None:
        return
    detail = {"why": why}
    if count == MOST_AN_HOUR:
        detail["more"] = "not noted until the hour is over"
    journal.record(act, by=the_program("refused"), now=now, subject=subject, detail=detail)
