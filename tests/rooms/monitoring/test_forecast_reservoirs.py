"""The level of a reservoir in the hours to come, from its last levels."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.monitoring.actions.forecast_reservoirs import forecast_reservoirs
from anlan.monitoring.api import judge_exceedances
from anlan.monitoring.data import Measure, StationKind
from anlan.monitoring.elements import FORECAST_LEVEL
from anlan.monitoring.models import Exceedance, Reading, Station, StationCover
from anlan.registry.data import Colour, Hazard, PlaceKind
from anlan.registry.models import Reservoir
from tests.cast import SLOPE, place
from tests.rooms.monitoring.rules import BY, HOUR, drafted, put_live, text
from tests.weather import idle, receive, report

FIVE = timedelta(minutes=5)


@pytest.fixture
def pool(cast):
    """A prism of half a square kilometre whose spillway, 20 m wide, begins at 440 m."""
    key = place(cast, "reservoir", kind=PlaceKind.RESERVOIR, at=SLOPE)
    Reservoir.objects.create(
        place_id=key,
        capacity_m3=10_000_000,
        catchment_km2=12.0,
        flood_limit_level_m=439.0,
        design_level_m=443.0,
        check_level_m=444.0,
        dam_top_m=446.0,
        spillway_crest_m=440.0,
        spillway_width_m=20.0,
        storage_curve=[[430.0, 0], [446.0, 8_000_000]],
    )
    station = Station.objects.create(
        address="0990701020",
        division_id=SLOPE,
        place_id=key,
        kind=StationKind.RESERVOIR,
        name="水库",
        lon=107.0,
        lat=33.0,
    )
    StationCover.objects.create(station=station, division_id=SLOPE, hazard=Hazard.RESERVOIR)
    return station


def stands(station, *levels, element="Z"):
    for level in levels:
        idle(FIVE)
        receive(report(station, at=clock.now(), **{element: level}))
        judge_exceedances(by=BY, now=clock.now())


def forecast():
    done = forecast_reservoirs(by=BY, now=clock.now())
    rows = Reading.objects.filter(element=FORECAST_LEVEL).order_by("observed_at")
    return done, [(row.observed_at, row.value) for row in rows]


def rising(first, *, per_hour, count):
    return [round(first + per_hour * step / 12, 3) for step in range(count)]


@pytest.mark.parametrize("element", ["Z", "ZU"])
def test_a_pool_that_rises_goes_on_rising(pool, element):
    stands(pool, *rising(436.0, per_hour=0.3, count=25), element=element)
    done, ((at, level),) = forecast()
    assert (done, at) == (1, clock.now())
    # Six more hours of 0.3 m from 436.6 m, all below the spillway.
    assert level == pytest.approx(438.4, abs=0.05)


def test_over_the_spillway_it_rises_less(pool):
    stands(pool, *rising(440.0, per_hour=0.3, count=25))
    _done, ((_at, level),) = forecast()
    assert 440.6 < level < 440.6 + 6 * 0.3


def test_a_pool_that_falls_is_highest_now(pool):
    stands(pool, *rising(438.0, per_hour=-0.2, count=13))
    _done, ((_at, level),) = forecast()
    assert level == pytest.approx(437.8, abs=0.01)


def test_a_quarter_of_an_hour_apart_and_only_when_there_is_a_new_level(pool):
    stands(pool, 438.1)
    assert forecast()[0] == 1
    stands(pool, 438.1)
    assert forecast()[0] == 0
    stands(pool, 438.1, 438.1)
    assert forecast()[0] == 1
    idle(timedelta(hours=3))
    assert forecast()[0] == 0


def test_well_under_its_limit_it_is_forecast_once_an_hour(pool):
    stands(pool, 433.0)
    assert forecast()[0] == 1
    stands(pool, *[433.0] * 11)
    assert forecast()[0] == 0
    stands(pool, 433.0)
    assert forecast()[0] == 1


def test_without_figures_there_is_no_forecast(pool):
    Reservoir.objects.update(storage_curve=[])
    stands(pool, 436.0)
    assert forecast() == (0, [])


def test_a_curve_that_does_not_rise_stops_only_its_own(pool):
    Reservoir.objects.update(storage_curve=[[430.0, 5], [420.0, 9]])
    stands(pool, 436.0)
    assert forecast() == (0, [])


def test_a_rule_on_the_forecast_warns_before_the_limit_is_passed(pool):
    limit = HOUR.__class__(
        Colour.ORANGE,
        Measure.LAST,
        "ZF6",
        439.0,
        station_id=pool.pk,
        season_from="06-01",
        season_until="09-30",
    )
    put_live(drafted(text(limit), name="汛限水位预报", hazard=Hazard.RESERVOIR))
    stands(pool, *rising(437.0, per_hour=0.5, count=13))
    forecast()
    judge_exceedances(by=BY, now=clock.now())
    row = Exceedance.objects.get(hazard=Hazard.RESERVOIR)
    assert (row.colour, row.threshold.element) == (Colour.ORANGE, "ZF6")
    assert row.value > 439.0 > 437.5
