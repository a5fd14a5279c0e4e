"""Communication tests: how long one runs, when the next is due, and what one found. No clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.warning.core.measures import share
from anlan.warning.data import TestCallState

HOURS = (1, 2, 6, 12, 24, 48, 72)
USUAL_HOURS = 24
REMIND_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Tally:
    """How many were asked in a test and how far each was reached; None of nobody."""

    asked: int
    answered: int
    waiting: int
    silent: int
    dead: int
    rate: float | None


def tally(states: Iterable[str]) -> Tally:
    """Return how far the persons of a test were reached."""
    found = list(states)
    answered = found.count(TestCallState.ANSWERED)
    return Tally(
        asked=len(found),
        answered=answered,
        waiting=found.count(TestCallState.WAITING),
        silent=found.count(TestCallState.SILENT),
        dead=found.count(TestCallState.DEAD),
        rate=share(answered, len(found)),
    )


def is_overdue(last_started: datetime | None, *, now: datetime) -> bool:
    """Tell whether a test is due again: none yet, or the last one 30 days ago or more."""
    return last_started is None or now - last_started >= REMIND_AFTER
