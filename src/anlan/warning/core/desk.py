"""In which order a duty desk shows its calls, and how far each town has come. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import AnswerKind, SummonsState

# How little time a hazard leaves once it comes: of two of one colour the quicker is called first.
HAZARD_WEIGHT: Final[Mapping[Hazard, int]] = {
    Hazard.RESERVOIR: 7,
    Hazard.FLASH_FLOOD: 6,
    Hazard.GEOHAZARD: 5,
    Hazard.RIVER_FLOOD: 4,
    Hazard.FOREST_FIRE: 3,
    Hazard.EARTHQUAKE: 2,
    Hazard.RAINSTORM: 1,
}
ANSWERED: Final = frozenset({SummonsState.ACKNOWLEDGED, SummonsState.TAKEN_OVER})
# Words that put a call above its like: help is sent first, then whoever can get there is found.
CRIES: Final = (AnswerKind.NEED_HELP, AnswerKind.CANNOT_REACH)


class Group(IntEnum):
    """The parts of a desk, from the top down."""

    NOW = 0
    WAITING = 1
    REPORT = 2
    DONE = 3


class Standing(IntEnum):
    """How far a call without an answer has gone, the worst first."""

    NOBODY_LEFT = 0
    OVERDUE = 1
    LAST_RUNG = 2
    ON_ITS_WAY = 3


@dataclass(frozen=True, slots=True)
class DeskCall:
    """What the order of a call rests on; `rungs_left` counts the persons not yet rung.

    `reasked` counts how often it was asked in vain what was done; each time `report_due_at` moves
    on, and in the end it is empty.
    """

    division_code: str
    hazard: Hazard
    colour: Colour
    state: SummonsState
    rungs_left: int
    due_at: datetime | None
    report_due_at: datetime | None = None
    reported_at: datetime | None = None
    reasked: int = 0
    word: AnswerKind | None = None


Urgency = tuple[int, int, int, int, float]


@dataclass(frozen=True)
class TownCoverage:
    """How many persons of a town were called, and what became of it."""

    town_code: str
    called: int
    answered: int
    reported: int
    unanswered: int

    @property
    def share(self) -> int:
        """Return the share that has answered in whole percent, rounded down: 100 means all."""
        return self.answered * 100 // self.called if self.called else 0


def danger_of(hazard: Hazard, *, colour: Colour) -> int:
    """Return how dangerous a warning is: its colour first, then how quick the hazard is."""
    return 10 * int(colour) + HAZARD_WEIGHT[hazard]


def group_of(call: DeskCall, *, now: datetime) -> Group:
    """Return the part of the desk in which a call stands at a moment."""
    if call.word is AnswerKind.NEED_HELP or call.state == SummonsState.UNANSWERED:
        return Group.NOW
    if call.state not in ANSWERED:
        return Group.NOW if _has_passed(call.due_at, now=now) else Group.WAITING
    is_late = call.reasked > 0 or _has_passed(call.report_due_at, now=now)
    return Group.REPORT if call.reported_at is None and is_late else Group.DONE


def standing_of(call: DeskCall, *, now: datetime) -> Standing:
    """Return how far a call has gone; one that is asked no more what was done has nobody left."""
    if call.state in ANSWERED:
        is_given_up = call.reasked and call.report_due_at is None and call.reported_at is None
        return Standing.NOBODY_LEFT if is_given_up else Standing.ON_ITS_WAY
    if call.state == SummonsState.UNANSWERED:
        return Standing.NOBODY_LEFT
    if _has_passed(call.due_at, now=now):
        return Standing.OVERDUE
    return Standing.ON_ITS_WAY if call.rungs_left else Standing.LAST_RUNG


def deadline_of(call: DeskCall) -> datetime | None:
    """Return the moment until which something is expected of a call, or None."""
    if call.state in ANSWERED:
        return None if call.reported_at else call.report_due_at
    return call.due_at


def minutes_left(call: DeskCall, *, now: datetime) -> float | None:
    """Return the minutes until the deadline of a call, negative once it has passed."""
    until = deadline_of(call)
    return None if until is None else (until - now) / timedelta(minutes=1)


def urgency(call: DeskCall, *, now: datetime) -> Urgency:
    """Return what a desk sorts by, the smallest on top.

    The part of the desk, then who asks for help, then the danger, then whether anybody is left
    to ring, then the deadline; a call without one follows those that have one.
    """
    until = deadline_of(call)
    return (
        group_of(call, now=now),
        CRIES.index(call.word) if call.word in CRIES else len(CRIES),
        -danger_of(call.hazard, colour=call.colour),
        standing_of(call, now=now),
        until.timestamp() if until else float("inf"),
    )


def coverage(calls: Iterable[DeskCall]) -> list[TownCoverage]:
    """Return how far each town has come, by code."""
    by_town: dict[str, list[DeskCall]] = {}
    for call in calls:
        by_town.setdefault(ancestor_of(call.division_code, level=Level.TOWN), []).append(call)
    return [
        TownCoverage(
            town_code=town,
            called=len(own),
            answered=sum(call.state in ANSWERED for call in own),
            reported=sum(call.reported_at is not None for call in own),
            unanswered=sum(call.state == SummonsState.UNANSWERED for call in own),
        )
        for town, own in sorted(by_town.items())
    ]


def _has_passed(moment: datetime | None, *, now: datetime) -> bool:
    return moment is not None and moment <= now
