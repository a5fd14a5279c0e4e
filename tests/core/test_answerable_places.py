"""Who answers for a place of any kind and the whole ladder behind, decided from duties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.core import HAZARD_THREATS, HeldDuty
from anlan.registry.core.ladders import Asked, Held, who_answers
from anlan.registry.core.place_duties import ANY_IS_ENOUGH, PLACE_DUTIES, groups_of
from anlan.registry.data import DutyKind, Hazard, HouseholdThreat, PlaceKind

COUNTY, TOWN, VILLAGE = "990701000000", "990701101000", "990701101201"
PLACE, OTHER = 7, 8
RESERVOIR = Asked(division_code=VILLAGE, place_id=PLACE, place_kind=PlaceKind.RESERVOIR)
people = st.integers(1, 12)
held_duties = st.lists(
    st.builds(
        HeldDuty,
        person_id=people,
        kind=st.sampled_from(list(DutyKind)),
        division_code=st.sampled_from([COUNTY, TOWN, VILLAGE]),
        rank=st.integers(1, 2),
        place_id=st.one_of(st.none(), st.sampled_from([PLACE, OTHER])),
        threat=st.one_of(st.none(), st.sampled_from(list(HouseholdThreat))),
        household_id=st.one_of(st.none(), st.integers(1, 2)),
    ),
    max_size=14,
)
links = st.dictionaries(people, people, max_size=6)
asked_about = st.one_of(
    st.builds(Asked, division_code=st.sampled_from([COUNTY, TOWN, VILLAGE])),
    st.builds(
        Asked,
        division_code=st.sampled_from([COUNTY, TOWN, VILLAGE]),
        place_id=st.just(PLACE),
        place_kind=st.sampled_from(list(PlaceKind)),
    ),
)
hazards = st.sampled_from(list(Hazard))


def duty(person, kind, rank=1, *, at=VILLAGE, place=None, household=None, threat=None):
    return HeldDuty(person, kind, at, rank, place, threat, household)


ABOVE = [
    duty(80, DutyKind.VILLAGE_GUARANTOR),
    duty(90, DutyKind.TOWN_LEADER, at=TOWN),
    duty(91, DutyKind.TOWN_LEADER, 2, at=TOWN),
    duty(95, DutyKind.TOWN_GUARANTOR, at=TOWN),
    duty(99, DutyKind.COUNTY_DUTY, at=COUNTY),
]


def ladders(asked, duties, hazard=Hazard.RESERVOIR, deputies=None, gone=()):
    found = who_answers(
        asked, hazard=hazard, held=Held(duties=duties, deputies=deputies or {}, gone=gone)
    )
    return [(p.person_id, [rung.person_id for rung in p.ladder]) for p in found]


@given(asked_about, held_duties, links, st.sets(people, max_size=3), hazards)
def test_nobody_comes_twice_and_nobody_who_has_left(asked, duties, deputies, gone, hazard):
    found = ladders(asked, duties, hazard, deputies, gone)
    first = [person for person, _ladder in found]
    assert len(first) == len(set(first))
    for person, rungs in found:
        everybody = [person, *rungs]
        assert len(everybody) == len(set(everybody))
        assert not gone & set(everybody)


@given(asked_about, held_duties, links, st.sets(people, max_size=3), hazards)
def test_never_empty_while_anybody_above_exists(asked, duties, deputies, gone, hazard):
    above = {
        DutyKind.TOWN_LEADER: (TOWN, 9),
        DutyKind.TOWN_GUARANTOR: (TOWN, 9),
        DutyKind.COUNTY_DUTY: (COUNTY, 6),
        DutyKind.COMMANDER: (COUNTY, 6),
    }
    reach = {VILLAGE: 12, TOWN: 9, COUNTY: 6}[asked.division_code]
    stands_above = any(
        held.kind in above
        and held.division_code == above[held.kind][0]
        and above[held.kind][1] <= reach
        and held.place_id is None
        and held.household_id is None
        and held.person_id not in gone
        for held in duties
    )
    assert ladders(asked, duties, hazard, deputies, gone) or not stands_above


@given(asked_about, held_duties, links, hazards, st.randoms())
def test_the_order_in_the_register_changes_nothing(asked, duties, deputies, hazard, chance):
    shuffled = list(duties)
    chance.shuffle(shuffled)
    assert ladders(asked, duties, hazard, deputies) == ladders(asked, shuffled, hazard, deputies)


@given(asked_about, held_duties, hazards)
def test_who_answers_holds_a_duty_over_it_or_stands_above(asked, duties, hazard):
    for person in who_answers(asked, hazard=hazard, held=Held(duties=duties)):
        assert any(
            held.person_id == person.person_id
            and held.kind == person.duty
            and (held.place_id == asked.place_id or held.place_id != OTHER or not asked.place_id)
            for held in duties
        )


def test_the_persons_of_the_reservoir_come_before_those_of_the_village():
    duties = [
        duty(5, DutyKind.VILLAGE_LEADER),
        duty(4, DutyKind.RESERVOIR_PATROL, place=PLACE),
        duty(1, DutyKind.RESERVOIR_TECHNICAL, place=PLACE),
        duty(3, DutyKind.RESERVOIR_ADMINISTRATIVE, place=PLACE),
        duty(6, DutyKind.RESERVOIR_PATROL, place=OTHER),
    ]
    assert [person for person, _ladder in ladders(RESERVOIR, duties)] == [3, 1, 4, 5]


def test_the_whole_ladder_from_deputy_to_county():
    duties = [
        duty(1, DutyKind.RESERVOIR_PATROL, place=PLACE),
        duty(2, DutyKind.RESERVOIR_PATROL, 2, place=PLACE),
        duty(3, DutyKind.VILLAGE_LEADER, 2),
        *ABOVE,
    ]
    assert ladders(RESERVOIR, duties) == [(1, [2, 80, 90, 91, 95, 99])]


def test_without_a_b_the_persons_own_deputies_then_the_village_b():
    duties = [
        duty(1, DutyKind.RESERVOIR_PATROL, place=PLACE),
        duty(3, DutyKind.VILLAGE_LEADER, 2),
        *ABOVE,
    ]
    up = [80, 90, 91, 95, 99]
    assert ladders(RESERVOIR, duties) == [(1, [3, *up])]
    assert ladders(RESERVOIR, duties, deputies={1: 40, 40: 41}) == [(1, [40, 41, *up])]
    assert ladders(RESERVOIR, duties, deputies={1: 40, 40: 41}, gone={40}) == [(1, [41, *up])]
    assert ladders(RESERVOIR, duties, deputies={1: 40, 40: 1}) == [(1, [40, *up])]
    assert ladders(RESERVOIR, duties, deputies={1: 1}) == [(1, [3, *up])]


def test_the_b_of_another_place_or_household_stays_out():
    carers = [
        duty(1, DutyKind.HOUSEHOLD_CARER, household=1, threat=HouseholdThreat.FLOOD),
        duty(2, DutyKind.HOUSEHOLD_CARER, 2, household=2, threat=HouseholdThreat.FLOOD),
    ]
    assert ladders(Asked(VILLAGE), carers, Hazard.FLASH_FLOOD) == [(1, [])]
    same = [*carers, duty(9, DutyKind.HOUSEHOLD_CARER, 2, household=1)]
    assert ladders(Asked(VILLAGE), same, Hazard.FLASH_FLOOD) == [(1, [9])]


def test_a_b_answers_when_there_is_no_a():
    assert ladders(RESERVOIR, [duty(2, DutyKind.RESERVOIR_PATROL, 2, place=PLACE), *ABOVE]) == [
        (2, [80, 90, 91, 95, 99])
    ]


def test_whoever_stands_above_answers_when_nobody_else_does():
    assert ladders(RESERVOIR, ABOVE) == [(80, [90, 91, 95, 99])]
    assert ladders(RESERVOIR, [duty(98, DutyKind.COMMANDER, at=COUNTY)]) == [(98, [])]
    assert ladders(RESERVOIR, []) == []


def test_a_town_and_a_county_have_their_own_people():
    duties = [duty(5, DutyKind.VILLAGE_LEADER), duty(60, DutyKind.TOWN_OFFICER, at=TOWN), *ABOVE]
    assert ladders(Asked(TOWN), duties, Hazard.RAINSTORM) == [
        (90, [91, 95, 99]),
        (60, [91, 90, 95, 99]),
    ]
    assert ladders(Asked(COUNTY), duties, Hazard.RAINSTORM) == [(99, [])]


def test_the_forest_of_a_village_has_its_rangers():
    forest = Asked(VILLAGE, PLACE, PlaceKind.FOREST_COMPARTMENT)
    duties = [duty(2, DutyKind.RANGER), duty(1, DutyKind.FOREST_CHIEF, place=PLACE)]
    assert [person for person, _ladder in ladders(forest, duties, Hazard.FOREST_FIRE)] == [1, 2]
    assert [person for person, _ladder in ladders(forest, duties, Hazard.RAINSTORM)] == [1, 2]


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_every_kind_of_place_has_its_duties(kind):
    (first, *_rest) = PLACE_DUTIES[kind]
    asked = Asked(VILLAGE, PLACE, kind)
    assert ladders(asked, [duty(1, first, place=PLACE)], Hazard.RAINSTORM) == [(1, [])]
    assert {d for group in groups_of(kind) for d in group} == set(PLACE_DUTIES[kind])
    assert (len(groups_of(kind)) == 1) or kind not in ANY_IS_ENOUGH


def test_the_threat_of_the_household_must_be_that_of_the_hazard():
    carer = duty(1, DutyKind.HOUSEHOLD_CARER, household=1, threat=HouseholdThreat.GEOHAZARD)
    for hazard in Hazard:
        is_called = ladders(Asked(VILLAGE), [carer], hazard) != []
        assert is_called == (HAZARD_THREATS[hazard] is HouseholdThreat.GEOHAZARD)
