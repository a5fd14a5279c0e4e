"""Which level a county's plan asks for, and which tasks that opens."""

from datetime import date, timedelta

from anlan.kernel import clock, scope
from anlan.plans.api import levels_called, outlines_for
from anlan.plans.data import ResponseLevel, TaskSpread
from anlan.plans.models import LevelTrigger, Plan
from anlan.registry.data import Colour, DutyKind, Hazard
from tests.cast import ALONE, BANK, COUNTY, LOWER, SLOPE


def called(*, county=COUNTY, hazard=Hazard.FLASH_FLOOD, **villages):
    codes = {"slope": SLOPE, "bank": BANK, "alone": ALONE}
    under = {hazard: {codes[name]: colour for name, colour in villages.items()}}
    found = levels_called(county_code=county, under=under, at=clock.now())
    return [one.level for one in found]


def test_the_level_rises_with_colours_and_villages(cast):
    assert called() == []
    assert called(slope=Colour.BLUE) == []
    assert called(slope=Colour.YELLOW) == [ResponseLevel.FOURTH]
    assert called(slope=Colour.ORANGE) == [ResponseLevel.THIRD]
    orange = {"slope": Colour.ORANGE, "bank": Colour.ORANGE, "alone": Colour.RED}
    assert called(**orange) == [ResponseLevel.SECOND]
    assert called(**dict.fromkeys(orange, Colour.RED)) == [ResponseLevel.FIRST]


def test_a_hazard_that_the_plan_does_not_name_calls_nothing(cast):
    assert called(hazard=Hazard.GEOHAZARD, slope=Colour.RED) == []


def test_it_says_which_plan_and_why(cast):
    (found,) = levels_called(
        county_code=COUNTY, under={Hazard.FLASH_FLOOD: {SLOPE: Colour.YELLOW}}, at=clock.now()
    )
    assert (found.plan_id, found.plan_name) == (cast.plan_id, "试县防汛应急预案")
    assert "1" in found.because


def test_only_the_plans_of_the_county_in_force_count(cast):
    assert called(county="990702000000", slope=Colour.RED) == []
    Plan.objects.update(effective_from=date(2024, 7, 16))
    assert called(slope=Colour.RED) == []
    Plan.objects.update(effective_from=date(2024, 7, 15))
    assert called(slope=Colour.RED) == [ResponseLevel.THIRD]


def test_a_level_opens_its_tasks_and_those_of_the_weaker_ones(cast):
    def titles(level):
        return [outline.title for outline in outlines_for(cast.plan_id, up_to=level)]

    assert titles(ResponseLevel.FOURTH) == ["county consults", "village patrols"]
    assert titles(ResponseLevel.THIRD) == [*titles(ResponseLevel.FOURTH), "town moves people"]
    assert titles(ResponseLevel.FIRST) == [
        *titles(ResponseLevel.THIRD),
        "keeper opens store",
        "county commands",
    ]


def test_an_outline_says_who_where_how_soon_and_from_which_colour(cast):
    outlines = {o.title: o for o in outlines_for(cast.plan_id, up_to=ResponseLevel.FIRST)}
    patrol = outlines["village patrols"]
    assert (patrol.duty, patrol.spread) == (DutyKind.VILLAGE_LEADER, TaskSpread.VILLAGE)
    assert patrol.within == timedelta(minutes=45)
    assert patrol.hit_from == Colour.YELLOW
    assert outlines["town moves people"].hit_from == Colour.ORANGE
    assert outlines["county commands"].hit_from == Colour.RED


def test_the_mildest_colour_of_a_level_says_who_is_hit(cast):
    LevelTrigger.objects.create(
        plan_id=cast.plan_id,
        level=ResponseLevel.THIRD,
        hazard=Hazard.GEOHAZARD,
        colour=Colour.YELLOW,
        villages=5,
    )
    outlines = {o.title: o for o in outlines_for(cast.plan_id, up_to=ResponseLevel.THIRD)}
    assert outlines["town moves people"].hit_from == Colour.YELLOW


def test_a_town_sees_no_plan_of_its_county(cast):
    with scope.limited_to([LOWER]):
        assert called(slope=Colour.RED) == []
