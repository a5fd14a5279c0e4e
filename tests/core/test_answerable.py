"""Who answers for a village, decided from duties."""

from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.core import (
    HAZARD_DUTIES,
    HAZARD_THREATS,
    VILLAGE_DUTIES,
    HeldDuty,
    answerable_of,
)
from anlan.registry.data import DutyKind, Hazard, HouseholdThreat

VILLAGE = "990701101201"
people = st.integers(1, 12)
held = st.builds(
    HeldDuty,
    person_id=people,
    kind=st.sampled_from(list(DutyKind)),
    division_code=st.just(VILLAGE),
    rank=st.integers(1, 2),
    place_id=st.one_of(st.none(), st.integers(1, 2)),
    threat=st.one_of(st.none(), st.sampled_from(list(HouseholdThreat))),
)
above = st.lists(people, max_size=3, unique=True)


def asked(duties, hazard=Hazard.FLASH_FLOOD, towns=(90,), county=(99,)):
    return answerable_of(
        VILLAGE, hazard=hazard, duties=duties, town_leaders=towns, county_officers=county
    )


def duty(person, kind, rank=1, place=None, threat=None):
    return HeldDuty(person, kind, VILLAGE, rank, place, threat)


@given(st.lists(held, max_size=8), st.sampled_from(list(Hazard)), above, above)
def test_somebody_always_answers_and_no_ladder_repeats(duties, hazard, towns, county):
    found = asked(duties, hazard, towns, county)
    assert found or not (towns or county)
    ids = [person.person_id for person in found]
    assert len(ids) == len(set(ids))
    for person in found:
        rungs = [rung.person_id for rung in person.ladder]
        assert len(rungs) == len(set(rungs))
        assert person.person_id not in rungs
        assert person.division_code == VILLAGE


@given(st.lists(held, max_size=8), st.sampled_from(list(Hazard)), above, above)
def test_ladders_go_up_from_deputy_to_town_to_county(duties, hazard, towns, county):
    order = {DutyKind.TOWN_LEADER: 1, DutyKind.COUNTY_DUTY: 2}
    for person in asked(duties, hazard, towns, county):
        steps = [order.get(rung.duty, 0) for rung in person.ladder]
        assert steps == sorted(steps)
        assert len(steps) == len(set(steps))


@given(st.lists(held, max_size=8), st.sampled_from(list(Hazard)), above, above, st.randoms())
def test_the_order_of_duties_in_the_register_changes_no_audience(
    duties, hazard, towns, county, chance
):
    shuffled = list(duties)
    chance.shuffle(shuffled)
    assert {p.person_id for p in asked(duties, hazard, towns, county)} == {
        p.person_id for p in asked(shuffled, hazard, towns, county)
    }


@given(st.lists(held, max_size=8), st.sampled_from(list(Hazard)), above, above)
def test_who_is_asked_holds_a_first_rank_duty_about_the_hazard(duties, hazard, towns, county):
    wanted = VILLAGE_DUTIES + HAZARD_DUTIES[hazard]
    fitting = {
        d.person_id
        for d in duties
        if d.rank == 1 and d.kind in wanted and d.threat in (None, HAZARD_THREATS[hazard])
    }
    found = {p.person_id for p in asked(duties, hazard, towns, county)}
    assert found == fitting or (not fitting and found <= {*towns, *county})


def test_a_deputy_stands_before_the_town_before_the_county():
    found = asked(
        [
            duty(1, DutyKind.POINT_MONITOR, place=7),
            duty(2, DutyKind.POINT_MONITOR, rank=2, place=7),
            duty(3, DutyKind.VILLAGE_LEADER, rank=2),
        ],
        hazard=Hazard.GEOHAZARD,
    )
    assert [(p.person_id, [r.person_id for r in p.ladder]) for p in found] == [(1, [2, 90, 99])]


def test_without_a_deputy_of_the_duty_the_village_deputy_steps_in():
    found = asked([duty(1, DutyKind.INFORMANT), duty(3, DutyKind.VILLAGE_LEADER, rank=2)])
    assert [r.person_id for r in found[0].ladder] == [3, 90, 99]


def test_the_deputy_of_another_place_is_not_rung():
    found = asked(
        [
            duty(1, DutyKind.POINT_MONITOR, place=7),
            duty(2, DutyKind.POINT_MONITOR, rank=2, place=8),
        ],
        hazard=Hazard.GEOHAZARD,
    )
    assert [r.person_id for r in found[0].ladder] == [90, 99]


def test_an_empty_village_is_answered_for_by_the_town_then_the_county():
    town = asked([])
    assert [(p.person_id, p.duty) for p in town] == [(90, DutyKind.TOWN_LEADER)]
    assert [r.person_id for r in town[0].ladder] == [99]
    county = asked([], towns=())
    assert [(p.person_id, p.duty, p.ladder) for p in county] == [(99, DutyKind.COUNTY_DUTY, ())]


def test_one_person_over_town_and_county_is_rung_once():
    found = asked([duty(1, DutyKind.VILLAGE_LEADER)], towns=(90,), county=(90,))
    assert [r.person_id for r in found[0].ladder] == [90]
    assert asked([], towns=(90,), county=(90,))[0].ladder == ()


def test_a_carer_is_called_only_for_what_threatens_the_household():
    carer = duty(1, DutyKind.HOUSEHOLD_CARER, threat=HouseholdThreat.GEOHAZARD)
    assert [p.person_id for p in asked([carer], hazard=Hazard.GEOHAZARD)] == [1]
    assert [p.person_id for p in asked([carer], hazard=Hazard.FLASH_FLOOD)] == [90]


def test_a_second_carer_stands_in_for_the_same_household_alone():
    def carer(person, rank, household):
        return HeldDuty(
            person,
            DutyKind.HOUSEHOLD_CARER,
            VILLAGE,
            rank,
            threat=HouseholdThreat.FLOOD,
            household_id=household,
        )

    found = asked([carer(1, 1, 10), carer(2, 2, 11)])
    assert [(p.person_id, [r.person_id for r in p.ladder]) for p in found] == [(1, [90, 99])]
    found = asked([carer(1, 1, 10), carer(2, 2, 10)])
    assert [(p.person_id, [r.person_id for r in p.ladder]) for p in found] == [(1, [2, 90, 99])]


def test_the_persons_own_deputy_stands_between_the_b_of_the_duty_and_that_of_the_village():
    own = HeldDuty(1, DutyKind.POINT_MONITOR, VILLAGE, 1, 7, own_deputy=5)
    village = duty(3, DutyKind.VILLAGE_LEADER, rank=2)
    found = asked([own, village], hazard=Hazard.GEOHAZARD)
    assert [r.person_id for r in found[0].ladder] == [5, 90, 99]
    second = duty(2, DutyKind.POINT_MONITOR, rank=2, place=7)
    found = asked([own, village, second], hazard=Hazard.GEOHAZARD)
    assert [r.person_id for r in found[0].ladder] == [2, 90, 99]
