"""What is said on one link, in whichever protocol it speaks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from anlan.monitoring.core.arrivals import Arrival
from anlan.monitoring.data import Protocol as Wire

# Returns the command that waits for a station's answer to a function, if there is one.
Asked = Callable[[str, int], int | None]


class Report(NamedTuple):
    """A sound report, with its frame, from which its confirmation is made."""

    arrival: Arrival
    frame: Any


class Damaged(NamedTuple):
    """Bytes that are no good frame, and why."""

    reason: str
    data: bytes


class Heard(NamedTuple):
    """What bytes came to: reports, damage, and what is to be said at once."""

    reports: list[Report]
    damaged: list[Damaged]
    says: list[bytes]


def nothing_heard() -> Heard:
    """Return an empty account, to be filled."""
    return Heard([], [], [])


class Conversation(Protocol):
    """One link's talk; `at` is the time of a steady clock in seconds."""

    wire: Wire

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        ...

    @property
    def held(self) -> int:
        """Return how many bytes of unfinished transfers are held."""
        ...

    def hear(self, data: bytes, *, now: datetime, at: float) -> Heard:
        """Return what these bytes complete."""
        ...

    def overdue(self, *, now: datetime, at: float) -> Heard:
        """Return what is to be said about transfers that stand still."""
        ...

    def cut_off(self, *, now: datetime) -> Heard:
        """Return what is left of a frame whose rest does not come."""
        ...

    def confirmation(self, report: Report, *, now: datetime, stay_online: bool) -> bytes | None:
        """Return the answer to a report that is durable, or None where none is asked for."""
        ...

    def confirmed(self, report: Report, *, at: float) -> None:
        """Take note that a report was confirmed."""
        ...

    def record(self, report: Report) -> bytes:
        """Return what is kept of a report that the store refuses."""
        ...
