"""Levels read by eye, held against what the gauge can show and what it showed before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from anlan.monitoring.core.intake import Bounds
from anlan.monitoring.core.staff import (
    READ_BACK,
    LevelFault,
    Levels,
    Seen,
    is_whole,
    leap,
    level_faults,
)
from anlan.monitoring.data import StaffLevel
from anlan.monitoring.queries.levels import bounds_of, levels_of
from anlan.monitoring.queries.staff import StaffGauge
from anlan.monitoring.refusals import LEVEL_SENTENCES, Complaint

_COLUMN = {
    LevelFault.IN_FUTURE: "at",
    LevelFault.TOO_OLD: "at",
    LevelFault.OTHER_VALUE: "at",
}
_MARGIN = timedelta(days=1)


@dataclass(frozen=True)
class JudgedLevel:
    """A level with the instant at which it can be stored; `is_same` when it stands there already.

    `leap_m` is by how much it differs from the level before it, where that was asked about.
    """

    level: StaffLevel
    at: datetime
    is_same: bool = False
    leap_m: float | None = None
    before: Seen | None = None
    complaints: tuple[Complaint, ...] = ()


def judged_levels(
    levels: Sequence[StaffLevel],
    gauges: Mapping[int, StaffGauge],
    *,
    now: datetime,
    struck: Mapping[int, datetime] | None = None,
) -> list[JudgedLevel]:
    """Return what comes of each level, in their order; every gauge must be known.

    A level takes those before it in time into account, the stored ones and these. `struck` names
    by gauge the instant of a level that is about to be struck out.
    """
    stored = levels_of({x.station_id for x in levels}, since=now - READ_BACK - _MARGIN)
    for key, moment in (struck or {}).items():
        stored[key] = stored[key].without(moment)
    bounds = bounds_of(stored)
    levels = [_rounded(each) for each in levels]
    found: dict[int, JudgedLevel] = {}
    for index in sorted(range(len(levels)), key=lambda each: (levels[each].at, each)):
        level = levels[index]
        key = level.station_id
        one = _judged(
            index, level, levels=stored[key], bounds=bounds[key], gauge=gauges[key], now=now
        )
        if not one.complaints and not one.is_same:
            stored[key].add(Seen(at=one.at, level_m=level.level_m))
        found[index] = one
    return [found[index] for index in range(len(levels))]


def _judged(
    index: int,
    level: StaffLevel,
    *,
    levels: Levels,
    bounds: Bounds,
    gauge: StaffGauge,
    now: datetime,
) -> JudgedLevel:
    there = levels.at(level.at)
    before = levels.before(level.at)
    if there is not None and levels.counts(there) and there.level_m == level.level_m:
        return JudgedLevel(level=level, at=level.at, is_same=True, before=before)
    faults = list(level_faults(level.level_m, level.at, bounds=bounds, now=now))
    if there is not None and levels.counts(there):
        faults.append(LevelFault.OTHER_VALUE)
    change = leap(level.level_m, level.at, before=before, bounds=bounds)
    if not faults and change is not None and not level.is_confirmed:
        faults.append(LevelFault.LEAPS)
    other = before if LevelFault.LEAPS in faults else there
    facts = _facts(level, gauge=gauge, bounds=bounds, other=other, change=change)
    return JudgedLevel(
        level=level,
        at=levels.free_from(level.at),
        leap_m=change,
        before=before,
        complaints=tuple(_complaints(index, faults, facts)),
    )


def _complaints(
    index: int, faults: Sequence[LevelFault], facts: Mapping[str, str]
) -> Iterator[Complaint]:
    for fault in faults:
        yield Complaint(
            index=index,
            column=_COLUMN.get(fault, "level"),
            sentence=str(LEVEL_SENTENCES[fault]) % facts,
            is_question=fault is LevelFault.LEAPS,
        )


def _facts(
    level: StaffLevel,
    *,
    gauge: StaffGauge,
    bounds: Bounds,
    other: Seen | None,
    change: float | None,
) -> dict[str, str]:
    return {
        "gauge": gauge.name,
        "level": metres(level.level_m) if is_whole(level.level_m) else f"{level.level_m:.6g}",
        "at": local(level.at),
        "low": f"{bounds.low:g}" if bounds.low is not None else "",
        "high": f"{bounds.high:g}" if bounds.high is not None else "",
        "other": metres(other.level_m) if other else "",
        "before": local(other.at) if other else "",
        "change": f"{change or 0:+.2f}",
    }


def metres(level_m: float) -> str:
    """Return a level as it is read from a staff, to the centimetre."""
    return f"{level_m:.2f}"


def local(moment: datetime) -> str:
    """Return an instant as people here write it, seconds only where there are any."""
    at = timezone.localtime(moment)
    return f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"


def _rounded(level: StaffLevel) -> StaffLevel:
    """Return a level without what a spreadsheet's arithmetic adds in the twelfth place."""
    if not is_whole(level.level_m):
        return level
    return replace(level, level_m=round(level.level_m, 2))
