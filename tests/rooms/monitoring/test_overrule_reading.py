"""A person accepts what was doubted or strikes out what was wrong; the value stays."""

from datetime import timedelta

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.actions.overrule_reading import CannotOverrule
from anlan.monitoring.api import overrule_reading
from anlan.monitoring.data import Quality
from anlan.monitoring.elements import LEVEL, RAIN
from anlan.monitoring.models import Exceedance, LatestReading, Overruling, Reading
from anlan.registry.data import Colour, Hazard
from tests.cast import LOWER
from tests.weather import idle, receive, report

BY = the_program("test")


@pytest.fixture
def gauge(cast):
    return cast.stations["upper rain"]


def overrule(station, quality, *, element=RAIN, at=None, reason="looked at it", by=BY):
    overrule_reading(
        station_id=station.pk,
        element=element,
        observed_at=at or clock.now(),
        quality=quality,
        reason=reason,
        by=by,
        now=clock.now(),
    )


def settle():
    virtual_queue.run_until(clock.now())


def standing():
    rows = Exceedance.objects.filter(ended_at=None, hazard=Hazard.FLASH_FLOOD)
    return list(rows.values_list("colour", flat=True))


def test_an_excluded_value_that_is_accepted_counts(gauge):
    receive(report(gauge, at=clock.now(), PN05=130.0))
    settle()
    assert standing() == []
    overrule(gauge, Quality.ACCEPTED)
    settle()
    assert standing() == [Colour.RED]
    assert Reading.objects.get().value == 130.0
    entry = JournalEntry.objects.get(act="reading.overruled")
    assert entry.subject == f"station:{gauge.pk}"
    row = Overruling.objects.get()
    assert (row.before, row.after, row.value) == (Quality.IMPOSSIBLE, Quality.ACCEPTED, 130.0)


def test_a_value_struck_out_leaves_every_sum(gauge):
    receive(report(gauge, at=clock.now(), PN05=22.0))
    settle()
    assert standing() == [Colour.YELLOW]
    overrule(gauge, Quality.REJECTED)
    settle()
    assert Exceedance.objects.filter(below_since=clock.now()).count() == 1
    idle(timedelta(minutes=61))
    receive(report(gauge, at=clock.now(), PN05=0.0))
    settle()
    assert standing() == []


def test_a_level_struck_out_gives_way_to_the_one_before(cast):
    river = cast.stations["river"]
    earlier = clock.now()
    receive(report(river, at=earlier, Z=101.0))
    idle(timedelta(minutes=5))
    receive(report(river, at=clock.now(), Z=105.0))
    settle()
    assert LatestReading.objects.get(element=LEVEL).value == 105.0
    overrule(river, Quality.REJECTED, element=LEVEL)
    settle()
    assert LatestReading.objects.get(element=LEVEL).value == 101.0
    assert Exceedance.objects.get(hazard=Hazard.RIVER_FLOOD).below_since == clock.now()


def test_of_two_who_press_the_second_is_told(gauge):
    receive(report(gauge, at=clock.now(), PN05=2.0))
    overrule(gauge, Quality.REJECTED)
    with pytest.raises(CannotOverrule):
        overrule(gauge, Quality.REJECTED)
    assert Overruling.objects.count() == 1


@pytest.mark.parametrize(
    ("quality", "reason"), [(Quality.GOOD, "why not"), (Quality.REJECTED, "  ")]
)
def test_what_makes_no_sense_is_refused(gauge, quality, reason):
    receive(report(gauge, at=clock.now(), PN05=2.0))
    with pytest.raises(CannotOverrule):
        overrule(gauge, quality, reason=reason)
    assert Reading.objects.get().quality == Quality.GOOD


def test_a_reading_of_another_town_cannot_be_touched(gauge):
    receive(report(gauge, at=clock.now(), PN05=2.0))
    with scope.limited_to([LOWER]), pytest.raises(CannotOverrule):
        overrule(gauge, Quality.REJECTED)
    assert Reading.objects.get().quality == Quality.GOOD
