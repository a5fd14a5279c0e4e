"""How well people were called and warnings were right: from plain records, no clock, no database.

Of calls, one that a higher warning replaced counts for nothing, and one whose first limit still
runs is not counted yet. Of warnings, only those that somebody judged can be right or wrong: what
nobody judged is told as such and never counted as right. What came without any warning stands in
no record here, so no figure says how much of all that happened was warned of.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TypeVar

from anlan.registry.data import Colour, Hazard
from anlan.warning.data import SummonsState, VerdictKind

SLOW = 0.95


@dataclass(frozen=True)
class MeasuredCall:
    """One call: `minutes` is how long the answer took, `went_up` that somebody else was rung."""

    hazard: Hazard
    colour: Colour
    town: str
    person_id: int
    minutes: float | None = None
    is_in_time: bool = False
    is_replaced: bool = False
    is_running: bool = False
    went_up: bool = False
    ended_unanswered: bool = False
    has_reported: bool = False
    notified: int = 0
    moved: int = 0


@dataclass(frozen=True)
class MeasuredWarning:
    """One warning: `lead_min` is from its issue until what was to come came; negative: too late."""

    hazard: Hazard
    colour: Colour
    town: str
    is_over: bool
    verdict: VerdictKind | None = None
    lead_min: float | None = None


@dataclass(frozen=True)
class CallFigures:
    """How calls were answered; a share or time is None where there is nothing to measure.

    In time is an answer of the person called within the first limit; `reported` counts those of
    whoever answered who then told what was done.
    """

    calls: int
    running: int
    replaced: int
    answered: int
    in_time: int
    answered_share: float | None
    in_time_share: float | None
    median_min: float | None
    p95_min: float | None
    went_up: int
    nobody: int
    reported: int
    reported_share: float | None
    notified: int
    moved: int


@dataclass(frozen=True)
class WarningFigures:
    """What warnings turned out to be; a share or time is None where there is nothing to measure.

    `false_ratio` is false alarms of those judged, `ahead_share` those not issued too late of those
    whose time of coming is known.
    """

    warnings: int
    in_force: int
    not_judged: int
    judged: int
    came: int
    averted: int
    false_alarms: int
    false_ratio: float | None
    timed: int
    too_late: int
    ahead_share: float | None
    lead_median_min: float | None
    lead_least_min: float | None


def call_figures(calls: Iterable[MeasuredCall]) -> CallFigures:
    """Return how these calls were answered."""
    found = list(calls)
    counted = [call for call in found if not (call.is_replaced or call.is_running)]
    minutes = [call.minutes for call in counted if call.minutes is not None]
    answered = [call for call in counted if call.minutes is not None]
    in_time = sum(call.is_in_time for call in counted)
    reported = sum(call.has_reported for call in answered)
    return CallFigures(
        calls=len(counted),
        running=sum(call.is_running and not call.is_replaced for call in found),
        replaced=sum(call.is_replaced for call in found),
        answered=len(answered),
        in_time=in_time,
        answered_share=share(len(answered), len(counted)),
        in_time_share=share(in_time, len(counted)),
        median_min=median(minutes) if minutes else None,
        p95_min=percentile(minutes, SLOW),
        went_up=sum(call.went_up for call in counted),
        nobody=sum(call.ended_unanswered for call in counted),
        reported=reported,
        reported_share=share(reported, len(answered)),
        notified=sum(call.notified for call in counted),
        moved=sum(call.moved for call in counted),
    )


def warning_figures(warnings: Iterable[MeasuredWarning]) -> WarningFigures:
    """Return what these warnings turned out to be."""
    found = list(warnings)
    verdicts = [each.verdict for each in found if each.verdict is not None]
    false_alarms = verdicts.count(VerdictKind.FALSE_ALARM)
    leads = [
        each.lead_min
        for each in found
        if each.lead_min is not None and each.verdict in (VerdictKind.HIT, VerdictKind.AVERTED)
    ]
    too_late = sum(lead < 0 for lead in leads)
    return WarningFigures(
        warnings=len(found),
        in_force=sum(not each.is_over and each.verdict is None for each in found),
        not_judged=sum(each.is_over and each.verdict is None for each in found),
        judged=len(verdicts),
        came=verdicts.count(VerdictKind.HIT),
        averted=verdicts.count(VerdictKind.AVERTED),
        false_alarms=false_alarms,
        false_ratio=share(false_alarms, len(verdicts)),
        timed=len(leads),
        too_late=too_late,
        ahead_share=share(len(leads) - too_late, len(leads)),
        lead_median_min=median(leads) if leads else None,
        lead_least_min=min(leads, default=None),
    )


R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
F = TypeVar("F")


def grouped(
    rows: Iterable[R], *, by: Callable[[R], K], figures: Callable[[Sequence[R]], F]
) -> dict[K, F]:
    """Return the figures of each group of rows."""
    groups: dict[K, list[R]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return {key: figures(group) for key, group in groups.items()}


def is_in_time(
    state: str, *, asked_at: datetime, answered_at: datetime | None, limit_min: float
) -> bool:
    """Tell whether the person called answered, and before the first limit ran out."""
    if state != SummonsState.ACKNOWLEDGED or answered_at is None:
        return False
    return answered_at - asked_at <= timedelta(minutes=limit_min)


def lead_minutes(*, issued_at: datetime, occurred_at: datetime | None) -> float | None:
    """Return how long before it came a warning was issued, negative: too late; None: not known."""
    if occurred_at is None:
        return None
    return (occurred_at - issued_at) / timedelta(minutes=1)


def needs_attention(figures: CallFigures) -> tuple[bool, float, int, int]:
    """Return by what groups are sorted: fewest in time first, those without a figure last."""
    worst = figures.in_time_share
    return worst is None, worst or 0.0, -figures.nobody, -figures.calls


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, or None of nothing."""
    return part / whole if whole else None


def percentile(values: Sequence[float], rank: float) -> float | None:
    """Return the value below which a share of all lies, between two by their distance, or None."""
    if not values:
        return None
    ordered = sorted(values)
    place = rank * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
