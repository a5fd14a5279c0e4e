"""A rule on reservoirs is drafted from the register: the flood season's limits in its season."""

from datetime import date

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.draft_season_limits import draft_season_limits
from anlan.monitoring.data import StationKind
from anlan.monitoring.models import RuleVersion, Station, Threshold
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.registry.data import Colour, Hazard, LimitName, PlaceKind
from anlan.registry.models import RegisterLimit, Reservoir
from tests.cast import COUNTY, LONG_AGO, LOWER, SLOPE, place

BY = the_program("tests")


@pytest.fixture
def pool(cast):
    key = place(cast, "reservoir", kind=PlaceKind.RESERVOIR, at=SLOPE)
    Reservoir.objects.create(
        place_id=key,
        capacity_m3=1_000_000,
        flood_limit_level_m=439.0,
        design_level_m=442.0,
        check_level_m=443.5,
        dam_top_m=445.0,
    )
    return Station.objects.create(
        address="0990701020",
        division_id=SLOPE,
        place_id=key,
        kind=StationKind.RESERVOIR,
        name="水库",
        lon=107.0,
        lat=33.0,
    )


def drafted(at=COUNTY, **more):
    uuid = draft_season_limits(at, name="水库水位", by=BY, now=clock.now(), **more)
    return RuleVersion.objects.get(rule__uuid=uuid)


def rows(version):
    found = Threshold.objects.filter(version=version).order_by("element", "colour")
    return [(r.colour, r.element, r.value, r.season_from, r.season_until) for r in found]


def test_the_limit_counts_in_the_season_and_the_design_level_all_year(pool):
    version = drafted()
    assert version.rule.hazard == Hazard.RESERVOIR
    assert rows(version) == [
        (Colour.BLUE, "Z", 439.0, "06-01", "09-30"),
        (Colour.YELLOW, "Z", 440.5, "06-01", "09-30"),
        (Colour.ORANGE, "Z", 442.0, "", ""),
        (Colour.RED, "Z", 443.5, "", ""),
    ]


def test_a_county_has_a_season_of_its_own(pool):
    for name, value in ((LimitName.FLOOD_SEASON_FROM, 501), (LimitName.FLOOD_SEASON_UNTIL, 1015)):
        RegisterLimit.objects.create(
            name=name, division_id=COUNTY, value=value, source="省", effective_from=LONG_AGO
        )
    RegisterLimit.objects.create(
        name=LimitName.FLOOD_SEASON_FROM,
        division_id=COUNTY,
        value=601,
        source="省",
        effective_from=date(2030, 1, 1),
    )
    assert rows(drafted())[0][3:] == ("05-01", "10-15")


def test_with_the_forecast_it_is_blue_before(pool):
    assert rows(drafted(with_forecast=True))[-1] == (Colour.BLUE, "ZF6", 439.0, "06-01", "09-30")


def test_levels_out_of_order_are_left_out_and_without_any_there_is_no_rule(pool):
    Reservoir.objects.update(design_level_m=439.0)
    with pytest.raises(RuleRefused):
        drafted()
    with pytest.raises(RuleRefused):
        drafted(at=LOWER)
