"""A warning is lifted when nothing holds it any more."""

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.models import StationCover
from anlan.registry.data import Colour, Hazard
from anlan.warning.api import issue_warnings, lift_warnings, villages_under
from anlan.warning.data import SummonsState, WarningState
from anlan.warning.models import HazardWarning, Summons, WarningArea
from tests.cast import ALONE, BANK, SLOPE, cleared, crossed
from tests.weather import pass_time

BY = the_program("test")


def issue(*exceedances):
    return issue_warnings(exceedances, by=BY, now=clock.now())


def lift(*exceedances):
    return lift_warnings(exceedances, by=BY, now=clock.now())


@pytest.fixture
def shared(cast):
    """Let the lower gauge speak for the village by the bank too."""
    StationCover.objects.create(
        station=cast.stations["lower rain"], division_id=BANK, hazard=Hazard.FLASH_FLOOD
    )


def test_what_has_ended_is_lifted_once(cast):
    upper = crossed(cast)
    (uuid,) = issue(upper)
    pass_time(10)
    cleared(upper)
    assert lift(upper) == [uuid]
    row = HazardWarning.objects.get()
    assert (row.state, row.ended_at) == (WarningState.LIFTED, clock.now())
    assert not WarningArea.objects.filter(released_at=None).exists()
    assert villages_under() == {}
    assert JournalEntry.objects.filter(act="warning.lifted").count() == 1
    assert lift(upper) == []


def test_calls_still_waiting_end_without_an_answer_and_ring_no_more(cast, phones):
    upper = crossed(cast)
    issue(upper)
    pass_time(1)
    cleared(upper)
    lift(upper)
    rung = len(phones.calls())
    pass_time(120)
    assert len(phones.calls()) == rung
    assert set(Summons.objects.values_list("state", "due_at")) == {(SummonsState.UNANSWERED, None)}


def test_a_village_that_another_gauge_holds_stays_under_its_warning(cast, shared):
    upper, lower = crossed(cast), crossed(cast, gauge="lower rain")
    issue(upper, lower)
    cleared(upper)
    assert lift(upper) == []
    assert villages_under()[Hazard.FLASH_FLOOD].get(BANK) == Colour.ORANGE
    assert SLOPE not in villages_under()[Hazard.FLASH_FLOOD]
    assert WarningArea.objects.get(division_id=BANK).exceedance_id == lower
    cleared(lower)
    lift(lower)
    assert villages_under() == {}
    assert set(HazardWarning.objects.values_list("state", flat=True)) == {WarningState.LIFTED}


def test_a_village_held_by_a_milder_crossing_keeps_its_colour(cast, shared):
    upper, lower = crossed(cast, colour=Colour.RED), crossed(cast, gauge="lower rain")
    issue(upper)
    issue(lower)
    cleared(upper)
    lift(upper)
    assert villages_under()[Hazard.FLASH_FLOOD][BANK] == Colour.RED


def test_another_hazard_holds_nothing(cast):
    flood, slide = crossed(cast), crossed(cast, hazard=Hazard.GEOHAZARD)
    issue(flood, slide)
    cleared(flood)
    assert len(lift(flood)) == 1
    assert set(villages_under()) == {Hazard.GEOHAZARD}


def test_after_a_rise_only_the_end_of_the_higher_crossing_lifts(cast):
    yellow = crossed(cast, colour=Colour.YELLOW)
    issue(yellow)
    red = crossed(cast, colour=Colour.RED)
    issue(red)
    assert lift(yellow) == []
    assert villages_under()[Hazard.FLASH_FLOOD][ALONE] == Colour.RED
    cleared(red)
    assert len(lift(red)) == 1


def test_calls_of_villages_that_have_left_a_warning_ring_no_more(cast, shared, phones):
    upper, lower = crossed(cast), crossed(cast, gauge="lower rain")
    issue(upper, lower)
    pass_time(1)
    cleared(upper)
    lift(upper)
    before = len(phones.calls())
    pass_time(9)
    villages = {ring.message.division_code for ring in phones.calls()[before:]}
    assert SLOPE not in villages
    assert BANK in villages


def test_who_was_warned_can_be_warned_again(cast):
    first = crossed(cast)
    issue(first)
    cleared(first)
    lift(first)
    pass_time(200)
    second = crossed(cast, colour=Colour.YELLOW)
    assert len(issue(second)) == 1
    assert villages_under()[Hazard.FLASH_FLOOD][SLOPE] == Colour.YELLOW
