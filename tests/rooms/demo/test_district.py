"""The BB district in the database: every figure of the essay, counted by query."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
import typer
from django.db import transaction
from django.db.models import Count
from pytest_django.plugin import DjangoDbBlocker
from typer.testing import CliRunner

from anlan.assessment.api import essay_figures
from anlan.cli.figures import figures
from anlan.demo.build import build_district
from anlan.kernel import scope
from anlan.plans.models import LevelTrigger, TaskTemplate
from anlan.registry.api import answerable_people, carers_of, households_at_risk
from anlan.registry.data import DutyKind, Hazard
from anlan.registry.models import Division, Duty
from anlan.warning.models import AnswerLimit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 2, 13, tzinfo=UTC)

# The essay's own numbers, in its units and in plain ones.
ESSAY: Mapping[str, Mapping[str, float]] = {
    "S1": {
        "towns": 20,
        "subdistricts": 2,
        "villages_and_communities": 313,
        "villages": 286,
        "communities": 27,
        "population": 576_000,
        "population_wan": 57.6,
        "area_km2": 2818,
        "plain_km2": 335,
        "hill_km2": 637,
        "mountain_km2": 1846,
    },
    "S2": {
        "items": 157_000,
        "items_wan": 15.7,
        "value_yuan": 6_402_900,
        "value_wan_yuan": 640.29,
        "county_stores": 2,
        "county_items": 28_000,
        "county_value_wan_yuan": 424.58,
        "town_stores": 22,
        "town_items": 40_000,
        "town_value_wan_yuan": 86.73,
        "village_stores": 313,
        "village_items": 89_000,
        "village_value_wan_yuan": 128.98,
    },
    "S3": {"geohazard_points": 103},
    "S4": {"rivers_over_100_km2": 7},
    "S5": {"reservoirs": 59, "reservoirs_over_1_million_m3": 11},
    "S6": {
        "forest_land_ha": 214_300,
        "forest_land_wan_ha": 21.43,
        "stocked_ha": 186_300,
        "stocked_wan_ha": 18.63,
        "growing_stock_m3": 19_308_000,
        "growing_stock_wan_m3": 1930.8,
        "cover_percent": 68.63,
    },
    "S7": {
        "ranger_stations": 24,
        "state_stations": 3,
        "collective_stations": 21,
        "towns_with_rangers": 21,
    },
    "S8": {
        "teams": 25,
        "professional_teams": 1,
        "professional_members": 25,
        "volunteer_teams": 24,
        "volunteer_members": 1000,
    },
    "S9": {"fire_stores": 28, "county_fire_stores": 4, "town_and_forest_unit_fire_stores": 24},
    "S10": {"macro_stations": 6},
}


@pytest.fixture(scope="module", autouse=True)
def district(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Build the district once for this file; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        with scope.everywhere("tests"):
            build_district(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_sight(everywhere: scope.Scope) -> None:
    """See the whole district."""


@pytest.mark.parametrize("row", list(ESSAY))
def test_the_figures_are_the_essays(row: str) -> None:
    found = essay_figures()[row]
    assert {name: found[name] for name in ESSAY[row]} == ESSAY[row]


def test_two_hundred_staff_and_six_hundred_rangers() -> None:
    found = essay_figures()["S7"]
    assert 200 <= found["station_staff"] <= 215
    assert 600 <= found["rangers"] <= 640


def test_the_command_prints_the_same_figures() -> None:
    app = typer.Typer()
    app.command()(figures)
    printed = CliRunner().invoke(app, ["--json"])
    assert json.loads(printed.stdout) == essay_figures()
    assert "640.29" in CliRunner().invoke(app, []).stdout


def test_the_figures_follow_the_rows() -> None:
    village = Division.objects.filter(kind="village").order_by("code").first()
    assert village is not None
    with transaction.atomic():
        Division.objects.filter(pk=village.pk).update(population=0)
        assert essay_figures()["S1"]["population"] == 576_000 - village.population
        transaction.set_rollback(True)


def test_every_village_has_who_answers_in_every_hazard() -> None:
    villages = list(
        Division.objects.filter(kind__in=("village", "community")).values_list("code", flat=True)
    )
    for hazard in Hazard:
        people = answerable_people(villages, hazard=hazard, at=NOW)
        assert {person.division_code for person in people} == set(villages)
        assert all(person.ladder for person in people)


def test_every_household_at_risk_has_one_carer() -> None:
    codes = list(Division.objects.values_list("code", flat=True))
    at_risk = [
        *households_at_risk(codes, hazard=Hazard.GEOHAZARD),
        *households_at_risk(codes, hazard=Hazard.FLASH_FLOOD),
    ]
    assert 1_300 < len(at_risk) < 1_600
    carers = carers_of((household.id for household in at_risk), at=NOW)
    assert [len(carers[household.id]) for household in at_risk] == [1] * len(at_risk)
    assert 4_500 < sum(household.people for household in at_risk) < 5_500


def test_the_plan_opens_tasks_at_four_levels_that_somebody_can_do() -> None:
    levels = dict(TaskTemplate.objects.values_list("level").annotate(Count("pk")))
    assert set(levels) == {1, 2, 3, 4}
    assert sum(levels.values()) >= 16
    assert set(LevelTrigger.objects.values_list("level", flat=True)) == {1, 2, 3, 4}
    at_level = {
        "county": ("county",),
        "town": ("town", "subdistrict"),
        "village": ("village", "community"),
    }
    for duty, spread in set(TaskTemplate.objects.values_list("duty", "spread")):
        divisions = Division.objects.filter(kind__in=at_level[spread]).count()
        held = Duty.objects.filter(kind=duty, division__kind__in=at_level[spread])
        missing = divisions - held.values("division_id").distinct().count()
        assert missing == (2 if duty == DutyKind.TOWN_OFFICER else 0), (duty, spread)


def test_answers_are_due_sooner_the_worse_the_colour() -> None:
    assert list(AnswerLimit.objects.order_by("colour").values_list("minutes", flat=True)) == [
        60,
        30,
        15,
        10,
    ]
