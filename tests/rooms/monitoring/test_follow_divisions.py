"""Rules, critical rain and soils go with divisions that are redrawn."""

from dataclasses import replace

from anlan.kernel import clock
from anlan.monitoring.actions.follow_divisions import follow_divisions
from anlan.monitoring.actions.keep_critical_rain import keep_critical_rain
from anlan.monitoring.api import judge_exceedances
from anlan.monitoring.models import (
    CriticalRain,
    EvaluationCursor,
    Exceedance,
    Rule,
    SoilModel,
    StationCover,
)
from anlan.registry.data import Hazard
from tests.cast import ALONE, BANK, COUNTY, FORD, LOWER, SLOPE, UPPER
from tests.rooms.monitoring.rules import BY, drafted
from tests.rooms.monitoring.test_keep_critical_rain import HOUR
from tests.weather import receive, report


def follow(*moves: tuple[str, str]) -> int:
    return follow_divisions(moves, by=BY, now=clock.now())


def keep(*rains) -> None:
    keep_critical_rain(rains, by=BY, now=clock.now())


def rains() -> dict[str, tuple[float, float]]:
    rows = CriticalRain.objects.order_by("division_id")
    return {row.division_id: (row.prepare_dry_mm, row.move_wet_mm) for row in rows}


def test_a_rule_goes_to_the_heir_and_keeps_a_name_of_its_own(cast):
    drafted(name="甲", at=LOWER)
    drafted(name="乙", at=LOWER)
    drafted(name="甲", at=UPPER)
    follow((LOWER, UPPER))
    assert sorted(Rule.objects.values_list("division_id", "name")) == [
        (UPPER, "乙"),
        (UPPER, "甲"),
        (UPPER, f"甲（{LOWER}）"),
    ]


def test_a_division_that_only_gave_something_away_keeps_its_rules(cast):
    drafted(name="甲", at=UPPER)
    follow((UPPER, UPPER), (UPPER, LOWER))
    assert Rule.objects.get().division_id == UPPER


def test_every_part_of_a_village_has_its_rain(cast):
    keep(HOUR)
    follow((SLOPE, ALONE), (SLOPE, FORD))
    assert rains() == {ALONE: (14.0, 15.0), FORD: (14.0, 15.0)}


def test_of_two_villages_that_become_one_the_lower_rain_counts(cast):
    judge_exceedances(by=BY, now=clock.now())
    other = replace(HOUR, division_code=BANK, prepare_mm=(13.0, 12.5, 12.0))
    keep(HOUR, replace(other, move_mm=(20.0, 15.0, 14.0)))
    turn = EvaluationCursor.objects.get().limits_turn
    follow((SLOPE, ALONE), (BANK, ALONE))
    row = CriticalRain.objects.get()
    assert (row.prepare_dry_mm, row.prepare_normal_mm, row.prepare_wet_mm) == (13.0, 12.0, 10.0)
    assert (row.move_dry_mm, row.move_normal_mm, row.move_wet_mm) == (18.0, 15.0, 14.0)
    assert EvaluationCursor.objects.get().limits_turn == turn + 2


def test_a_row_that_has_warned_somebody_stays_on_record(cast):
    keep(HOUR)
    receive(report(cast.stations["upper rain"], at=clock.now(), PN05=15.0))
    judge_exceedances(by=BY, now=clock.now())
    assert Exceedance.objects.get().village_id == SLOPE
    follow((SLOPE, ALONE))
    assert set(rains()) == {SLOPE, ALONE}
    assert not StationCover.objects.filter(division=SLOPE, hazard=Hazard.FLASH_FLOOD).exists()


def test_a_countys_soil_goes_with_it(cast):
    SoilModel.objects.create(division_id=COUNTY, kept_share=0.8, days=10, source="x")
    follow((COUNTY, UPPER))  # any code will do
    assert SoilModel.objects.get().division_id == UPPER
