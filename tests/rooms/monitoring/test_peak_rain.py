"""When the rain was at its worst, village by village."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.monitoring.api import peak_rain_times
from tests.cast import ALONE, BANK, SLOPE
from tests.weather import idle, receive, report

FIVE = timedelta(minutes=5)


def fall(station, *values):
    for value in values:
        idle(FIVE)
        receive(report(station, at=clock.now(), PN05=value))


def peaks(start, hours=1):
    return peak_rain_times(start=start, end=clock.now(), hours=hours)


def test_the_peak_is_the_end_of_the_wettest_hours(cast):
    start = clock.now()
    fall(cast.stations["upper rain"], *[1.0] * 12, *[3.0] * 12, *[0.0] * 12)
    worst = start + 24 * FIVE
    assert peaks(start) == {SLOPE: worst, BANK: worst, ALONE: worst}


def test_where_no_rain_fell_there_is_no_peak(cast):
    start = clock.now()
    fall(cast.stations["upper rain"], 0.0, 0.0)
    assert peaks(start) == {}


@pytest.mark.parametrize("hours", [1, 3])
def test_rain_before_and_after_the_span_does_not_count(cast, hours):
    fall(cast.stations["upper rain"], 50.0)
    start = clock.now() + FIVE
    fall(cast.stations["upper rain"], 1.0, 2.0)
    assert set(peaks(start, hours=hours).values()) == {clock.now()}
