"""The daily macro-observation report: nothing unusual counts, an anomaly never vanishes."""

import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anlan.kernel import clock, scope
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.report_macro import report_macro
from anlan.monitoring.actions.verify_macro import verify_macro
from anlan.monitoring.data import MacroEntry, MacroKind, MacroSign, MacroState
from anlan.monitoring.models import MacroReport
from anlan.monitoring.queries import macro_judging
from anlan.monitoring.refusals import HandRefused, NotPermitted, StationOutOfSight
from tests.weather import idle


def today():
    return timezone.localdate(clock.now())


def line(hand, kind=MacroKind.WATER, *, station="slope", days_ago=0, **said):
    return MacroEntry(
        place_id=hand.macros[station], day=today() - timedelta(days=days_ago), kind=kind, **said
    )


def muddy(hand, **said):
    return line(hand, is_anomaly=True, sign=MacroSign.MUDDY, **said)


def report(hand, *lines, by="slope"):
    done = report_macro(lines, by=hand.actor(by), now=clock.now())
    return done.new, done.changed, done.same


def refusal(hand, *lines):
    with pytest.raises(HandRefused) as caught:
        report(hand, *lines)
    return [each.column for each in caught.value.complaints]


def test_nothing_unusual_is_a_report(hand):
    assert report(hand, *(line(hand, kind) for kind in MacroKind)) == (5, 0, 0)
    rows = MacroReport.objects.filter(place_id=hand.macros["slope"])
    assert {row.kind for row in rows} == set(MacroKind)
    assert not any(row.is_anomaly for row in rows)
    assert {(row.reporter, row.reported_at) for row in rows} == {("slope", clock.now())}
    (entry,) = JournalEntry.objects.filter(act="macro.reported")
    assert entry.subject == f"macro_station:{hand.macros['slope']}"
    assert "nothing_unusual" in entry.detail


def test_an_anomaly_waits_to_be_looked_into(hand):
    said = muddy(hand, description="井水发浑", water_level_m=3.2, temperature_c=14.5)
    assert report(hand, said) == (1, 0, 0)
    row = MacroReport.objects.get()
    assert (row.state, row.sign, row.water_level_m, row.temperature_c) == (
        MacroState.REPORTED,
        MacroSign.MUDDY,
        3.2,
        14.5,
    )
    entry = JournalEntry.objects.get(act="macro.reported")
    assert entry.subject == f"macro_report:{row.uuid}"
    assert "发浑" not in entry.detail


def test_pressed_twice_it_is_reported_once(hand):
    assert report(hand, muddy(hand)) == (1, 0, 0)
    assert report(hand, muddy(hand)) == (0, 0, 1)
    assert report(hand, muddy(hand), by="duty") == (0, 0, 1)
    assert MacroReport.objects.get().reporter == "slope"
    assert JournalEntry.objects.filter(act__startswith="macro.").count() == 1


def test_whoever_meets_another_press_looks_again(hand, monkeypatch):
    looked = []

    def look(entries, *, now):
        found = macro_judging.judged_entries(entries, now=now)
        looked.append(now)
        if len(looked) == 1:
            # Another press comes between the look and the writing.
            row = MacroReport(place_id=hand.macros["slope"], day=today(), kind=MacroKind.WATER)
            row.uuid, row.reporter, row.reported_at = uuid4(), "duty", now
            row.save()
        return found

    monkeypatch.setattr(sys.modules[report_macro.__module__], "judged_entries", look)
    assert report(hand, muddy(hand)) == (1, 0, 0)
    assert len(looked) == 2
    assert MacroReport.objects.get().reporter == "slope"


def test_there_is_one_report_a_station_day_and_kind(hand):
    report(hand, line(hand))
    row = MacroReport.objects.get()
    row.pk, row.uuid = None, "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_an_anomaly_in_the_evening_takes_the_place_of_a_quiet_morning(hand):
    report(hand, line(hand, water_level_m=3.0))
    idle(timedelta(hours=2))
    assert report(hand, muddy(hand)) == (0, 1, 0)
    row = MacroReport.objects.get()
    assert (row.is_anomaly, row.water_level_m) == (True, 3.0)
    assert [each["is_anomaly"] for each in row.earlier] == [False]
    assert JournalEntry.objects.filter(act="macro.changed").count() == 1


def test_an_anomaly_is_not_taken_back_but_may_be_told_better(hand):
    report(hand, muddy(hand))
    assert refusal(hand, line(hand)) == ["result"]
    assert report(hand, muddy(hand, description="三口井都发浑")) == (0, 1, 0)
    row = MacroReport.objects.get()
    assert (row.description, row.earlier[0]["description"]) == ("三口井都发浑", "")


def test_a_verified_anomaly_stays_as_it_is(hand):
    report(hand, muddy(hand))
    verify_macro(
        str(MacroReport.objects.get().uuid),
        verdict=MacroState.VERIFIED,
        by=hand.actor("duty"),
        now=clock.now(),
    )
    assert refusal(hand, line(hand)) == ["result"]
    assert refusal(hand, muddy(hand, description="更浑")) == ["result"]
    assert report(hand, muddy(hand)) == (0, 0, 1)


def test_after_a_dismissal_quiet_agrees_and_news_is_looked_into_anew(hand):
    report(hand, muddy(hand))
    verify_macro(
        str(MacroReport.objects.get().uuid),
        verdict=MacroState.DISMISSED,
        reason="雨后浑浊",
        by=hand.actor("duty"),
        now=clock.now(),
    )
    assert report(hand, line(hand)) == (0, 0, 1)
    assert report(hand, muddy(hand, description="又浑了")) == (0, 1, 0)
    row = MacroReport.objects.get()
    assert (row.state, row.judged_by, row.judged_at, row.reason) == (
        MacroState.REPORTED,
        "",
        None,
        "",
    )
    assert row.earlier[0]["reason"] == "雨后浑浊"


@pytest.mark.parametrize("who", ["admin", "duty", "clerk", "upper", "slope"])
def test_whoever_may_reports(hand, who):
    assert report(hand, line(hand), by=who) == (1, 0, 0)


@pytest.mark.parametrize(
    ("who", "station"),
    [
        ("auditor", "slope"),
        ("reader", "slope"),
        ("lower", "slope"),
        ("bank", "slope"),
        ("far-town", "slope"),
        ("slope", "far"),
    ],
)
def test_whoever_may_not_is_refused(hand, who, station):
    with pytest.raises(NotPermitted):
        report(hand, line(hand, station=station), by=who)
    assert not MacroReport.objects.exists()


def test_a_place_that_is_no_station_in_sight_is_refused(hand):
    with pytest.raises(StationOutOfSight):
        report(hand, MacroEntry(hand.cast.places["school"], today(), MacroKind.WATER))
    with scope.limited_to(["990702000000"]), pytest.raises(StationOutOfSight):
        report(hand, line(hand))


@pytest.mark.parametrize(
    ("days_ago", "is_taken"), [(0, True), (31, True), (32, False), (-1, False)]
)
def test_the_day_lies_within_a_month_and_not_ahead(hand, days_ago, is_taken):
    said = line(hand, days_ago=days_ago)
    if is_taken:
        assert report(hand, said) == (1, 0, 0)
    else:
        assert refusal(hand, said) == ["day"]


def test_the_day_is_the_countys_not_that_of_greenwich(hand):
    idle(timedelta(hours=9))  # five in the morning here, the day before there
    assert report(hand, line(hand)) == (1, 0, 0)
    assert MacroReport.objects.get().day == today()


@pytest.mark.parametrize(
    ("kind", "said", "column"),
    [
        (MacroKind.WATER, {"is_anomaly": True}, "sign"),
        (MacroKind.WATER, {"is_anomaly": True, "sign": "frightened"}, "sign"),
        (MacroKind.WATER, {"sign": "muddy"}, "result"),
        (MacroKind.ANIMAL, {"description": "狗叫不停"}, "result"),
        (MacroKind.ANIMAL, {"animals": 3}, "result"),
        (MacroKind.ANIMAL, {"is_anomaly": True, "sign": "frightened", "animals": 0}, "animals"),
        (MacroKind.ANIMAL, {"water_level_m": 3.0}, "water_level_m"),
        (MacroKind.OTHER, {"temperature_c": 3.0}, "temperature_c"),
        (MacroKind.WATER, {"temperature_c": 111.0}, "temperature_c"),
        (MacroKind.WATER, {"water_level_m": -501.0}, "water_level_m"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused(hand, kind, said, column):
    assert refusal(hand, line(hand, kind, **said)) == [column]


def test_all_lines_are_kept_or_none(hand):
    assert refusal(hand, line(hand, MacroKind.GAS), line(hand, is_anomaly=True)) == ["sign"]
    assert not MacroReport.objects.exists()


def test_two_lines_of_one_kind_must_agree(hand):
    assert report(hand, line(hand), line(hand)) == (1, 0, 1)
    twice = (line(hand, MacroKind.GAS), line(hand, MacroKind.GAS, temperature_c=20.0))
    assert refusal(hand, *twice) == ["kind"]
