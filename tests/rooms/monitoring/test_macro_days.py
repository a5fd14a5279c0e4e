"""A missed day is seen: who has not reported, and how a station reported over a while."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.kernel import clock, scope
from anlan.monitoring.actions.report_macro import report_macro
from anlan.monitoring.api import macro_attendance, macro_unreported
from anlan.monitoring.data import MacroEntry, MacroKind, MacroSign
from tests.cast import COUNTY
from tests.weather import idle

DAY = timedelta(days=1)


def today():
    return timezone.localdate(clock.now())


def report(hand, *, station="slope", day=None, kinds=tuple(MacroKind), by="admin", **said):
    lines = [MacroEntry(hand.macros[station], day or today(), kind, **said) for kind in kinds]
    report_macro(lines, by=hand.actor(by), now=clock.now())


def unreported(hand):
    with scope.limited_to([COUNTY]):
        return {each.place.id: each for each in macro_unreported(day=today(), now=clock.now())}


def test_who_has_not_reported_today_is_named_with_the_observer(hand):
    found = unreported(hand)
    assert set(found) == {hand.macros["slope"], hand.macros["ford"]}
    assert found[hand.macros["slope"]].observers == ("slope leader",)
    report(hand)
    report(hand, station="ford", kinds=[MacroKind.WATER, MacroKind.GAS])
    found = unreported(hand)
    assert set(found) == {hand.macros["ford"]}
    assert found[hand.macros["ford"]].missing == (
        MacroKind.ANIMAL,
        MacroKind.GEOPHYSICS,
        MacroKind.OTHER,
    )


def attendance(hand, days):
    with scope.limited_to([COUNTY]):
        found = macro_attendance(since=today() - days * DAY, until=today())
    return {each.place_id: each for each in found}


def test_a_day_is_in_time_late_or_missed(hand):
    report(hand, day=today() - 2 * DAY)  # two days late
    report(hand, day=today() - DAY, kinds=[MacroKind.WATER])  # not whole
    report(hand)
    found = attendance(hand, 3)
    slope = found[hand.macros["slope"]]
    assert (slope.in_time, slope.late) == (1, 1)
    assert slope.missed == (today() - 3 * DAY, today() - DAY)
    assert slope.division_code == "990701101201"
    assert len(found[hand.macros["ford"]].missed) == 4


def test_a_report_told_better_later_stays_in_time(hand):
    first = today()
    said = {"is_anomaly": True, "sign": MacroSign.ELSE}
    report(hand)
    idle(DAY)
    report(hand, day=first, kinds=[MacroKind.OTHER], **said)
    slope = attendance(hand, 1)[hand.macros["slope"]]
    assert (slope.in_time, slope.late, slope.missed) == (1, 0, (today(),))


@pytest.mark.parametrize("code", ["990702000000", "990701102000"])
def test_only_stations_in_sight_are_told(hand, code):
    with scope.limited_to([code]):
        found = macro_attendance(since=today(), until=today())
    assert {each.division_code[:9] for each in found} <= {code[:9], "990702101"}
