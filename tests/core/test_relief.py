"""Who must move, and who may go home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.core import HAZARD_THREATS
from anlan.registry.data import Colour, Hazard, HouseholdThreat
from anlan.relief.core import may_return, must_move

VILLAGE, OTHER = "990701101201", "990701101202"
under = st.dictionaries(
    st.sampled_from(list(Hazard)),
    st.dictionaries(st.sampled_from([VILLAGE, OTHER]), st.sampled_from(list(Colour))),
)


@pytest.mark.parametrize("hazard", [h for h in Hazard if HAZARD_THREATS[h]])
def test_orange_and_red_move_people_and_milder_colours_do_not(hazard):
    assert [must_move(hazard, colour=colour) for colour in Colour] == [False, False, True, True]


@pytest.mark.parametrize("hazard", [h for h in Hazard if not HAZARD_THREATS[h]])
@pytest.mark.parametrize("colour", list(Colour))
def test_what_threatens_no_household_moves_nobody(hazard, colour):
    assert not must_move(hazard, colour=colour)


@given(under, st.sampled_from(list(HouseholdThreat)))
def test_home_only_when_nothing_that_threatens_stands_over_the_village(now_under, threat):
    threatening = [h for h in now_under if HAZARD_THREATS[h] is threat]
    stands = any(VILLAGE in now_under[hazard] for hazard in threatening)
    assert may_return(VILLAGE, threat=threat, under=now_under) == (not stands)


@given(under, st.sampled_from(list(Hazard)), st.sampled_from(list(Colour)))
def test_who_has_just_been_ordered_out_may_not_return(now_under, hazard, colour):
    threat = HAZARD_THREATS[hazard]
    if threat is not None and must_move(hazard, colour=colour):
        there = {**now_under, hazard: {**now_under.get(hazard, {}), VILLAGE: colour}}
        assert not may_return(VILLAGE, threat=threat, under=there)
