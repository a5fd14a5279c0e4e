"""Rain unlike that of the neighbours is marked, and still counts."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.actions.compare_neighbours import compare_neighbours
from anlan.monitoring.data import Quality, StationKind
from anlan.monitoring.models import Exceedance, Reading, Station
from anlan.registry.data import Colour, Hazard
from tests.cast import SLOPE
from tests.weather import idle, receive, report

BY = the_program("test")


@pytest.fixture
def gauges(cast):
    found = [cast.stations["upper rain"]]
    for number in range(1, 5):
        found.append(
            Station.objects.create(
                address=f"099070110{number}",
                division_id=SLOPE,
                kind=StationKind.RAIN,
                name=f"neighbour {number}",
                lon=107.0 + number / 100,
                lat=33.0,
            )
        )
    return found


def fall(gauges, *values):
    receive(*(report(g, at=clock.now(), PN05=v) for g, v in zip(gauges, values, strict=True)))
    virtual_queue.run_until(clock.now())


def compare():
    return compare_neighbours(clock.now(), by=BY, now=clock.now())


def qualities(gauge):
    return list(Reading.objects.filter(station=gauge).values_list("quality", flat=True))


def test_a_lone_cloudburst_is_doubted_and_warns_all_the_same(gauges):
    fall(gauges, 35, 0, 0, 0, 0)
    assert compare() == 1
    assert qualities(gauges[0]) == [Quality.NEIGHBOUR]
    assert qualities(gauges[1]) == [Quality.GOOD]
    assert Exceedance.objects.get(hazard=Hazard.FLASH_FLOOD).colour == Colour.ORANGE
    entry = JournalEntry.objects.get(act="rain.doubted")
    assert (entry.subject, entry.division_code) == (f"station:{gauges[0].pk}", SLOPE)


def test_comparing_again_marks_nothing_twice(gauges):
    fall(gauges, 0, 20, 20, 20, 20)
    assert (compare(), compare()) == (1, 0)
    assert JournalEntry.objects.filter(act="rain.doubted").count() == 1


def test_the_hour_before_is_another_hour(gauges):
    fall(gauges, 35, 0, 0, 0, 0)
    idle(timedelta(hours=1))
    assert compare() == 0
    assert qualities(gauges[0]) == [Quality.GOOD]
