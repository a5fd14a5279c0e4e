"""The rain of a day, for the gauges that do not send it, once and on time."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.monitoring.actions.sum_daily_rain import sum_daily_rain
from anlan.monitoring.api import ingest_columns, judge_exceedances
from anlan.monitoring.core.columns import columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import Quality
from anlan.monitoring.elements import DAILY_RAIN, RAIN
from anlan.monitoring.models import DerivedDay, Reading
from anlan.monitoring.tasks.deriving import derive
from tests.cast import moment
from tests.rooms.monitoring.rules import BY, day, measured
from tests.weather import go_to, receive, report

TODAY = day("2024-07-15")
EIGHT = moment("2024-07-15 08:00")


def came(station, *rows):
    """Take in rain by its moment, and let the rules walk along it."""
    found = [(station.pk, RAIN, micros_of(moment(at)), value) for at, value in rows]
    ingest_columns(columns_of(found), by=BY, now=clock.now())
    judge_exceedances(by=BY, now=clock.now())


def sums():
    rows = Reading.objects.filter(element=DAILY_RAIN).order_by("station_id", "observed_at")
    return [(row.station.name, row.observed_at, row.value) for row in rows]


def test_it_is_the_rain_from_eight_to_eight(cast):
    came(
        cast.stations["upper rain"],
        ("2024-07-14 08:00", 100.0),
        ("2024-07-14 08:05", 0.2),
        ("2024-07-14 23:30", 12.0),
        ("2024-07-15 08:00", 3.1),
        ("2024-07-15 08:05", 50.0),
    )
    assert sum_daily_rain(TODAY, by=BY, now=clock.now()) == 1
    assert sums() == [("upper rain", EIGHT, 15.3)]


def test_a_dry_day_has_a_sum_and_a_silent_one_has_none(cast):
    came(cast.stations["upper rain"], ("2024-07-14 12:00", 0.0))
    came(cast.stations["lower rain"], ("2024-07-13 12:00", 5.0))
    sum_daily_rain(TODAY, by=BY, now=clock.now())
    assert sums() == [("upper rain", EIGHT, 0.0)]


def test_what_a_station_sends_itself_stays(cast):
    gauge = cast.stations["upper rain"]
    came(gauge, ("2024-07-14 12:00", 5.0))
    receive(report(gauge, at=EIGHT, PD=6.5))
    assert sum_daily_rain(TODAY, by=BY, now=clock.now()) == 0
    assert sums() == [("upper rain", EIGHT, 6.5)]


def test_what_counts_nowhere_is_in_no_sum(cast):
    gauge = cast.stations["upper rain"]
    came(gauge, ("2024-07-14 12:00", 5.0), ("2024-07-14 13:00", 500.0))
    Reading.objects.filter(value=5.0).update(quality=Quality.REJECTED)
    measured(gauge, [2.0], start=moment("2024-07-14 14:00"))
    sum_daily_rain(TODAY, by=BY, now=clock.now())
    assert sums() == [("upper rain", EIGHT, 2.0)]


def test_a_day_is_summed_up_once(cast):
    came(cast.stations["upper rain"], ("2024-07-14 12:00", 5.0))
    assert sum_daily_rain(TODAY, by=BY, now=clock.now()) == 1
    came(cast.stations["upper rain"], ("2024-07-14 12:05", 1.0))
    assert sum_daily_rain(TODAY, by=BY, now=clock.now()) == 0
    assert [value for _name, _at, value in sums()] == [5.0]


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("2024-07-16 08:09", ["2024-07-15"]),
        ("2024-07-16 08:10", ["2024-07-16"]),
        ("2024-07-17 00:00", ["2024-07-16"]),
    ],
)
def test_it_is_due_ten_minutes_past_eight(cast, at, days):
    came(cast.stations["upper rain"], ("2024-07-15 12:00", 5.0))
    go_to(moment(at))
    derive(clock.now())
    done = DerivedDay.objects.filter(name="daily rain").order_by("day")
    assert [str(row.day) for row in done] == days


def test_missed_days_are_made_up_and_counted(cast):
    gauge = cast.stations["upper rain"]
    came(gauge, ("2024-07-14 12:00", 5.0))
    assert derive(clock.now()) == 0
    go_to(moment("2024-07-18 09:00"))
    came(gauge, ("2024-07-15 12:00", 1.0), ("2024-07-16 12:00", 2.0), ("2024-07-18 07:00", 4.0))
    assert derive(clock.now()) >= 2
    assert [value for _name, _at, value in sums()] == [5.0, 1.0, 2.0, 4.0]
    assert derive(clock.now() + timedelta(minutes=5)) == 0
