"""What waits in quarantine goes in under the station that is registered for it, and no other's."""

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.take_in_waiting import take_in_waiting
from anlan.monitoring.data import Protocol, StationKind, Verdict
from anlan.monitoring.models import Reading, SetAsideReading, Station
from tests.cast import COUNTY, SLOPE

BY = the_program("test")
ADDRESS = "sensor-1"


def wait(value, *, peer):
    SetAsideReading.objects.create(
        address=ADDRESS,
        protocol=Protocol.HTTP,
        peer=peer,
        element="PN05",
        observed_at=clock.now(),
        value=value,
        verdict=Verdict.UNKNOWN_STATION,
        received_at=clock.now(),
    )


@pytest.fixture
def station(cast):
    return Station.objects.create(
        address=ADDRESS,
        protocol=Protocol.HTTP,
        division_id=SLOPE,
        kind=StationKind.RAIN,
        name="sensor",
        lon=107.0,
        lat=33.0,
    )


def take_in():
    return take_in_waiting(by=BY, now=clock.now())


def test_what_the_own_countys_key_sent_goes_in(station):
    wait(2.5, peer=f"{COUNTY} api:water office")
    assert (take_in(), take_in()) == (1, 0)
    assert Reading.objects.get().value == 2.5


def test_what_another_countys_key_sent_stays_where_it_is(station):
    wait(99.0, peer="990702000000 api:somebody else")
    assert take_in() == 0
    assert SetAsideReading.objects.count() == 1
    assert not Reading.objects.exists()
