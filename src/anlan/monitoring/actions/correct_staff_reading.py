from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._store_levels import store_levels
from anlan.monitoring.actions.overrule_reading import CannotOverrule, overrule_reading
from anlan.monitoring.core.staff import Entered, Seen
from anlan.monitoring.data import Quality, StaffLevel
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.queries.levels import counting_level
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.queries.staff import gauges_of
from anlan.monitoring.queries.staff_judging import judged_levels
from anlan.monitoring.refusals import (
    Complaint,
    GaugeOutOfSight,
    HandRefused,
    NothingToCorrect,
    ReadMeanwhile,
)
from anlan.registry.data import Permission

LONGEST_REASON = 200


@transaction.atomic
def correct_staff_reading(
    right: StaffLevel, *, observed_at: datetime, reason: str, by: Actor, now: datetime
) -> Entered:
    """Strike out the level of `observed_at` and store the right one, which gets its own instant.

    Nothing stored is edited: the wrong level stays in sight as struck out. Where the right one is
    of the same minute it is stored a second later. Raises GaugeOutOfSight, NotPermitted,
    NothingToCorrect, HandRefused with what is wrong with the new level, and ReadMeanwhile.
    """
    gauges = gauges_of([right.station_id])
    if right.station_id not in gauges:
        raise GaugeOutOfSight(right.station_id)
    gauge = gauges[right.station_id]
    check_permitted(Permission.ENTER_READINGS, [gauge.division_code], by=by, now=now)
    wrong = counting_level(gauge.id, at=observed_at)
    if wrong is None:
        raise NothingToCorrect(
            _("There is no level of that time to correct; perhaps it is corrected already.")
        )
    _check(right, wrong=wrong, reason=reason)
    (one,) = judged_levels([right], gauges, now=now, struck={gauge.id: observed_at})
    if one.complaints:
        raise HandRefused(one.complaints)
    _strike_out(gauge.id, observed_at=observed_at, reason=reason, by=by, now=now)
    if not one.is_same:
        store_levels([one], gauges, by=by, now=now)
    journal.record(
        "staff_reading.corrected",
        by=by,
        now=now,
        subject=f"staff_gauge:{gauge.id}",
        division_code=gauge.division_code,
        detail={
            "station": gauge.id,
            "wrong_m": wrong.level_m,
            "wrong_at": observed_at.isoformat(),
            "level_m": one.level.level_m,
            "at": one.at.isoformat(),
        },
    )
    return Entered(gauge.id, one.level.level_m, one.at, is_new=not one.is_same)


def _strike_out(
    gauge_id: int, *, observed_at: datetime, reason: str, by: Actor, now: datetime
) -> None:
    try:
        overrule_reading(
            station_id=gauge_id,
            element=LEVEL,
            observed_at=observed_at,
            quality=Quality.REJECTED,
            reason=reason,
            by=by,
            now=now,
        )
    except CannotOverrule as error:
        # It counted a moment ago: somebody else was quicker.
        raise ReadMeanwhile from error


def _check(right: StaffLevel, *, wrong: Seen, reason: str) -> None:
    if right.at == wrong.at and right.level_m == wrong.level_m:
        raise NothingToCorrect(
            _("That is what stands there already; give the right level or the right time.")
        )
    if not reason.strip():
        raise HandRefused(
            [Complaint(0, "reason", _("Say in a few words why the level was wrong."))]
        )
    if len(reason.strip()) > LONGEST_REASON:
        raise HandRefused(
            [
                Complaint(
                    0,
                    "reason",
                    _("The reason is too long; shorten it to %(most)s characters.")
                    % {"most": LONGEST_REASON},
                )
            ]
        )
