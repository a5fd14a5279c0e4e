from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._store_levels import store_levels
from anlan.monitoring.core.staff import Entered
from anlan.monitoring.data import StaffLevel
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.queries.staff import StaffGauge, gauges_of
from anlan.monitoring.queries.staff_judging import JudgedLevel, judged_levels
from anlan.monitoring.refusals import GaugeOutOfSight, HandRefused, ReadMeanwhile
from anlan.registry.data import Permission

TRIES = 2


def enter_staff_reading(levels: Sequence[StaffLevel], *, by: Actor, now: datetime) -> list[Entered]:
    """Store levels (m) read from staff gauges by eye, all or none, and return how each stands now.

    The very same level of the same instant is no fault and changes nothing. Raises GaugeOutOfSight,
    NotPermitted, HandRefused with what is wrong with which level, where a leap from the level
    before is a question that `is_confirmed` answers, and ReadMeanwhile.
    """
    gauges = gauges_of(each.station_id for each in levels)
    for each in levels:
        if each.station_id not in gauges:
            raise GaugeOutOfSight(each.station_id)
    codes = sorted({gauge.division_code for gauge in gauges.values()})
    check_permitted(Permission.ENTER_READINGS, codes, by=by, now=now)
    for _attempt in range(TRIES - 1):
        try:
            return _enter(levels, gauges, by=by, now=now)
        except ReadMeanwhile:
            # Pressed twice, or two people at once: look again at what stands there now.
            continue
    return _enter(levels, gauges, by=by, now=now)


@transaction.atomic
def _enter(
    levels: Sequence[StaffLevel],
    gauges: Mapping[int, StaffGauge],
    *,
    by: Actor,
    now: datetime,
) -> list[Entered]:
    found = judged_levels(levels, gauges, now=now)
    if complaints := [each for one in found for each in one.complaints]:
        raise HandRefused(complaints)
    fresh = [one for one in found if not one.is_same]
    store_levels(fresh, gauges, by=by, now=now)
    _journal(fresh, gauges, by=by, now=now)
    return [
        Entered(
            station_id=one.level.station_id,
            level_m=one.level.level_m,
            at=one.at,
            is_new=not one.is_same,
        )
        for one in found
    ]


def _journal(
    fresh: Sequence[JudgedLevel],
    gauges: Mapping[int, StaffGauge],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Note who read which level; a leap that was confirmed is noted with it."""
    journal.record_all(
        (
            journal.Note(
                act="staff_reading.entered",
                subject=f"staff_gauge:{one.level.station_id}",
                division_code=gauges[one.level.station_id].division_code,
                detail={
                    "station": one.level.station_id,
                    "level_m": one.level.level_m,
                    "at": one.at.isoformat(),
                    **({} if one.leap_m is None else {"confirmed_leap_m": one.leap_m}),
                },
            )
            for one in fresh
        ),
        by=by,
        now=now,
    )
