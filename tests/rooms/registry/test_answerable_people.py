"""Who answers for a village at a moment, as the register says it."""

from datetime import date, timedelta

import pytest

from anlan.kernel import clock
from anlan.registry.api import answerable_people, carers_of, holders, who_answers_for
from anlan.registry.data import DutyKind, Hazard
from anlan.registry.models import Duty
from tests.cast import ALONE, BANK, COUNTY, EMPTY, FORD, LOWER, SLOPE, UPPER, duty, person


def asked(cast, village, hazard=Hazard.FLASH_FLOOD):
    found = who_answers_for(village, hazard=hazard, at=clock.now())
    return {cast.name_of(p.person_id): [cast.name_of(r.person_id) for r in p.ladder] for p in found}


def test_a_slope_under_rain_calls_monitor_and_carers_with_their_ladders(cast):
    assert asked(cast, SLOPE, Hazard.GEOHAZARD) == {
        "slope leader": ["slope deputy", "upper leader", "county officer"],
        "slope informant": ["slope deputy", "upper leader", "county officer"],
        "slope monitor": ["second monitor", "upper leader", "county officer"],
        "slope carer": ["slope deputy", "upper leader", "county officer"],
    }


def test_a_flood_calls_the_carers_by_the_water_and_not_those_of_the_slope(cast):
    assert set(asked(cast, SLOPE)) == {"slope leader", "slope informant", "brook carer"}
    assert set(asked(cast, SLOPE, Hazard.RAINSTORM)) == {"slope leader", "slope informant"}


def test_somebody_with_two_duties_is_called_once(cast):
    assert list(asked(cast, BANK)) == ["bank leader", "bank informant"]
    assert list(asked(cast, FORD)) == ["ford leader"]


def test_a_village_without_anybody_is_answered_for_by_its_town(cast):
    assert asked(cast, EMPTY) == {"lower leader": ["county officer"]}
    Duty.objects.filter(kind=DutyKind.TOWN_LEADER).delete()
    assert asked(cast, EMPTY) == {"county officer": []}


def test_without_a_deputy_the_town_is_next(cast):
    assert asked(cast, ALONE) == {"alone leader": ["upper leader", "county officer"]}


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (date(2024, 7, 15), None, True),
        (date(2024, 7, 16), None, False),
        (date(2020, 1, 1), date(2024, 7, 15), True),
        (date(2020, 1, 1), date(2024, 7, 14), False),
    ],
)
def test_a_duty_counts_on_its_days_alone(cast, since, until, holds):
    # The clock stands at 2024-07-15 20:00 local time.
    key = person(cast, "newcomer", at=ALONE)
    duty(key, DutyKind.INFORMANT, at=ALONE, since=since, until=until)
    assert ("newcomer" in asked(cast, ALONE)) == holds


def test_the_day_is_the_local_one(cast, fixed_clock):
    key = person(cast, "newcomer", at=ALONE)
    duty(key, DutyKind.INFORMANT, at=ALONE, since=date(2024, 7, 16))
    fixed_clock.advance(timedelta(hours=4, minutes=1))  # 00:01 local, 16:01 the day before in UTC
    assert "newcomer" in asked(cast, ALONE)


def test_several_villages_are_asked_together_in_order_and_once(cast):
    found = answerable_people([FORD, SLOPE, FORD], hazard=Hazard.FLASH_FLOOD, at=clock.now())
    one_by_one = [
        p
        for village in (SLOPE, FORD)
        for p in who_answers_for(village, hazard=Hazard.FLASH_FLOOD, at=clock.now())
    ]
    assert found == one_by_one


def test_asking_for_many_villages_costs_no_more_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        answerable_people(
            [SLOPE, BANK, ALONE, FORD, EMPTY], hazard=Hazard.FLASH_FLOOD, at=clock.now()
        )


def test_holders_come_by_rank_and_each_once(cast):
    found = holders(DutyKind.COUNTY_DUTY, divisions=[COUNTY, UPPER], at=clock.now())
    assert found == {COUNTY: (cast.people["county officer"], cast.people["county second"])}
    duty(cast.people["upper leader"], DutyKind.TOWN_LEADER, at=UPPER, rank=2)
    towns = holders(DutyKind.TOWN_LEADER, divisions=[UPPER, LOWER], at=clock.now())
    assert towns == {
        UPPER: (cast.people["upper leader"],),
        LOWER: (cast.people["lower leader"],),
    }


def test_carers_come_first_of_them_first(cast):
    second = person(cast, "second carer", at=SLOPE)
    duty(
        second,
        DutyKind.HOUSEHOLD_CARER,
        at=SLOPE,
        rank=2,
        household_id=cast.households["zhao"],
    )
    zhao, wu = cast.households["zhao"], cast.households["wu"]
    assert carers_of([zhao, wu], at=clock.now()) == {
        zhao: (cast.people["slope carer"], second),
        wu: (cast.people["ford leader"],),
    }
