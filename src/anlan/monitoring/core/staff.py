"""What a level read from a staff gauge by eye may be, and how it stands."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from math import isfinite
from typing import Final

from anlan.monitoring.core.intake import FUTURE_TOLERANCE, Bounds

READ_BACK: Final = timedelta(days=7)
READ_AHEAD: Final = FUTURE_TOLERANCE
"""A later instant the intake would set aside as one of the future."""
ASKED_FROM_M: Final = 1.0
"""A leap of more is asked about where the gauge has no step of its own (a house rule)."""
CENTIMETRE: Final = 0.01
SECOND: Final = timedelta(seconds=1)


class LevelFault(Enum):
    """Why a level cannot be taken."""

    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    NO_NUMBER = "no_number"
    TOO_FINE = "too_fine"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    OTHER_VALUE = "other_value"
    LEAPS = "leaps"


@dataclass(frozen=True)
class Seen:
    """A level that stands in the store."""

    at: datetime
    level_m: float
    quality: int = 0


@dataclass(frozen=True)
class Entered:
    """A level as it was entered; not new when the very same stood there already."""

    station_id: int
    level_m: float
    at: datetime
    is_new: bool


@dataclass(frozen=True)
class Mark:
    """A level that means something at a gauge; `colour` is 0 where it is no limit of a rule."""

    name: str
    level_m: float
    colour: int = 0


@dataclass(frozen=True)
class Standing:
    """How a level stands: `above_m` over the highest mark it reaches, below the lowest if none."""

    mark: Mark
    above_m: float

    @property
    def is_reached(self) -> bool:
        """Tell whether the mark is reached."""
        return self.above_m >= 0


def level_faults(
    level_m: float, at: datetime, *, bounds: Bounds, now: datetime
) -> Iterator[LevelFault]:
    """Give what is wrong with a level by itself."""
    if at > now + READ_AHEAD:
        yield LevelFault.IN_FUTURE
    if at < now - READ_BACK:
        yield LevelFault.TOO_OLD
    if not isfinite(level_m):
        yield LevelFault.NO_NUMBER
    elif not is_whole(level_m):
        yield LevelFault.TOO_FINE
    elif bounds.low is not None and level_m < bounds.low:
        yield LevelFault.TOO_LOW
    elif bounds.high is not None and level_m > bounds.high:
        yield LevelFault.TOO_HIGH


def is_whole(level_m: float) -> bool:
    """Tell whether a level is one of whole centimetres, up to what a float can say."""
    return isfinite(level_m) and abs(level_m - round(level_m, 2)) <= CENTIMETRE / 1000


def leap(level_m: float, at: datetime, *, before: Seen | None, bounds: Bounds) -> float | None:
    """Return by how many m a level leaps from the one before it, or None when it is no leap.

    The gauge's own step is for `step_s` seconds and grows with the time between, as at the intake.
    """
    if before is None:
        return None
    allowed = ASKED_FROM_M
    if bounds.step is not None:
        gap_s = (at - before.at).total_seconds()
        allowed = bounds.step * max(1.0, gap_s / bounds.step_s)
    change = round(level_m - before.level_m, 2)
    return change if abs(change) > allowed + CENTIMETRE / 1000 else None


def standing(level_m: float, marks: Sequence[Mark]) -> Standing | None:
    """Return how a level stands against the marks of its gauge, None where there are none."""
    if not marks:
        return None
    reached = [mark for mark in marks if level_m >= mark.level_m]
    mark = (
        max(reached, key=lambda each: (each.level_m, each.colour))
        if reached
        else min(marks, key=lambda each: each.level_m)
    )
    return Standing(mark=mark, above_m=round(level_m - mark.level_m, 2))


class Levels:
    """The stored levels of one gauge by time, as far back as a new one may lie."""

    def __init__(self, seen: Iterable[Seen], *, counts_below: int) -> None:
        self._counts_below = counts_below
        self._seen: dict[datetime, Seen] = {}
        self._counting: list[datetime] = []
        for each in seen:
            self.add(each)

    def at(self, moment: datetime) -> Seen | None:
        """Return the level stored for an instant, of whatever quality."""
        return self._seen.get(moment)

    def before(self, moment: datetime) -> Seen | None:
        """Return the last counting level before an instant."""
        place = bisect_left(self._counting, moment)
        return self._seen[self._counting[place - 1]] if place else None

    def counts(self, seen: Seen) -> bool:
        """Tell whether a level has not been struck out."""
        return seen.quality < self._counts_below

    def add(self, seen: Seen) -> None:
        """Take in a level that stands, or is about to be stored, at an instant of its own."""
        self._seen[seen.at] = seen
        if self.counts(seen):
            insort(self._counting, seen.at)

    def without(self, moment: datetime) -> "Levels":
        """Return the levels as they count once the one of an instant is struck out."""
        struck = [
            replace(each, quality=self._counts_below) if each.at == moment else each
            for each in self._seen.values()
        ]
        return Levels(struck, counts_below=self._counts_below)

    def free_from(self, moment: datetime) -> datetime:
        """Return the first instant from this one on, by whole seconds, that no level has taken."""
        while moment in self._seen:
            moment += SECOND
        return moment
