"""A division split: who and what goes where, by name, by place, by what it belongs to."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.split_division import split_division
from anlan.registry.api import code_on, division_history, divisions_at, successors_of
from anlan.registry.data import DutyKind, RedrawingRefused
from anlan.registry.models import (
    Authority,
    Division,
    DivisionChange,
    Duty,
    Household,
    Organization,
    Person,
    Place,
    Post,
)
from anlan.registry.redrawing import Part
from tests.boundary_files import square
from tests.cast import BANK, EMPTY, FORD, LOWER, SLOPE, UPPER

BY = the_program("test")
TODAY = date(2024, 7, 15)
EAST, WEST = "990701101204", "990701101205"


def uuid_of(row):
    return str(row.uuid)


def people(cast, *names):
    rows = Person.objects.filter(pk__in=[cast.people[name] for name in names])
    return frozenset(uuid_of(row) for row in rows)


def split(code, *parts, heir, **rest):
    paper: dict[str, Any] = {
        "on": TODAY,
        "basis": "试政函〔2024〕8号",
        "by": BY,
        "now": clock.now(),
    }
    return split_division(code, parts=parts, heir=heir, **paper, **rest)


def polygon(lon, lat, size=0.01):
    return {"type": "Polygon", "coordinates": [[list(p) for p in square(lon, lat, size=size)]]}


def test_rows_go_where_they_are_named_and_the_rest_to_the_heir(cast):
    zhao = Household.objects.get(pk=cast.households["zhao"])
    slope = Place.objects.get(pk=cast.places["slope"])
    members = people(cast, "slope deputy") | {uuid_of(zhao), uuid_of(slope)}
    found = split(SLOPE, Part(EAST, "坡东村", members=members), Part(WEST, "坡西村"), heir=WEST)
    assert Household.objects.get(pk=zhao.pk).division_id == EAST
    assert set(Household.objects.filter(division=WEST).values_list("head_name", flat=True)) == {
        "qian",
        "sun",
        "li",
    }
    duties = Duty.objects.filter(division=EAST).values_list("person__name", "kind")
    assert set(duties) == {
        ("slope deputy", DutyKind.VILLAGE_LEADER),
        ("slope monitor", DutyKind.POINT_MONITOR),
        ("second monitor", DutyKind.POINT_MONITOR),
        ("slope carer", DutyKind.HOUSEHOLD_CARER),
    }
    assert Person.objects.get(name="slope leader").division_id == WEST
    assert not Duty.objects.filter(division=SLOPE).exists()
    assert Division.objects.get(pk=SLOPE).ended_on == TODAY
    assert found.moves == ((SLOPE, WEST), (SLOPE, EAST))
    assert any(WEST in sentence for sentence in found.decisions)
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.division_code) == ("division.split", WEST)


def test_one_part_may_keep_the_code(cast):
    before = Person.objects.filter(division=SLOPE).count()
    split(
        SLOPE,
        Part(SLOPE, "坡下村"),
        Part(EAST, "坡东村", members=people(cast, "slope informant")),
        heir=SLOPE,
    )
    slope = Division.objects.get(pk=SLOPE)
    assert (slope.ended_on, slope.name) == (None, "坡下村")
    assert Person.objects.filter(division=SLOPE).count() == before - 1
    assert successors_of(SLOPE) == [SLOPE, EAST]
    assert code_on(EAST, TODAY - timedelta(days=1)) == [SLOPE]
    assert code_on(SLOPE, TODAY) == [SLOPE]
    assert {change.to_code for change in division_history(SLOPE)} == {SLOPE, EAST}


def test_boundaries_deal_out_what_has_a_position(cast):
    Household.objects.filter(head_name="qian").update(lon=107.035, lat=33.005)
    Place.objects.filter(name="school").update(lon=107.045, lat=33.005)
    sun = Household.objects.get(head_name="sun")
    Household.objects.filter(pk=sun.pk).update(lon=107.045, lat=33.005)
    split(
        SLOPE,
        Part(EAST, "坡东村", boundary=polygon(107.04, 33.0)),
        Part(WEST, "坡西村", boundary=polygon(107.03, 33.0), members=frozenset({uuid_of(sun)})),
        heir=EAST,
    )
    where = dict(Household.objects.values_list("head_name", "division_id"))
    assert (where["qian"], where["sun"]) == (WEST, WEST)
    assert Place.objects.get(name="school").division_id == EAST
    east = Division.objects.get(pk=EAST)
    assert 107.04 < east.lon < 107.05
    points = [(107.045, 33.005), (107.035, 33.005), (1.0, 1.0)]
    assert divisions_at(points, among=[EAST, WEST]) == [EAST, WEST, None]


def test_posts_and_people_go_with_their_organ(cast):
    organ = Organization.objects.create(
        uuid=uuid.uuid4(), division_id=SLOPE, name="坡东村民小组", kind="committee"
    )
    post = Post.objects.create(
        uuid=uuid.uuid4(), division_id=SLOPE, organization=organ, title="组长"
    )
    Person.objects.filter(name="slope carer").update(organization=organ)
    split(
        SLOPE,
        Part(SLOPE, "坡下村"),
        Part(EAST, "坡东村", members=frozenset({uuid_of(organ)})),
        heir=SLOPE,
    )
    assert Post.objects.get(pk=post.pk).division_id == EAST
    assert Person.objects.get(name="slope carer").division_id == EAST
    # The duty over a household stays with the household.
    assert set(Duty.objects.filter(division=EAST).values_list("kind", flat=True)) == set()


def test_the_figures_of_the_parts_add_up_to_the_whole(cast):
    figures = {"population": 30, "households": 9, "plain_km2": 0}
    split(SLOPE, Part(SLOPE, "坡下村"), Part(EAST, "坡东村", figures=figures), heir=SLOPE)
    rows = Division.objects.filter(pk__in=[SLOPE, EAST])
    assert sum(row.population for row in rows) == 100
    assert Division.objects.get(pk=EAST).households == 9
    with pytest.raises(RedrawingRefused):
        split(
            SLOPE,
            Part(SLOPE, "坡下村"),
            Part(WEST, "坡西村", figures={"population": 71}),
            heir=SLOPE,
        )


def test_whoever_answers_for_nobody_yet_is_named(cast):
    found = split(SLOPE, Part(SLOPE, "坡下村"), Part(EAST, "坡东村"), heir=SLOPE)
    (sentence,) = found.decisions
    assert "坡东村" in sentence


def test_accounts_of_the_whole_hold_the_heir_alone(cast, django_user_model):
    account = django_user_model.objects.create(username="cadre")
    Authority.objects.create(
        account=account, role="village_cadre", division_id=SLOPE, valid_from=clock.now()
    )
    split(SLOPE, Part(EAST, "坡东村"), Part(WEST, "坡西村"), heir=WEST)
    assert Authority.objects.get().division_id == WEST


def test_a_town_is_split_with_its_villages(cast):
    town = "990701103000"
    found = split(
        LOWER, Part(LOWER, "下河镇"), Part(town, "新河镇", members=frozenset({FORD})), heir=LOWER
    )
    moved = "990701103201"
    assert (FORD, moved) in found.moves
    assert Division.objects.get(pk=moved).parent_id == town
    assert Household.objects.get(head_name="wu").division_id == moved
    assert Division.objects.get(pk=EMPTY).parent_id == LOWER
    assert Person.objects.get(name="lower leader").division_id == LOWER


def test_a_town_that_ends_gives_the_rest_of_its_villages_to_the_heir(cast):
    north, south = "990701103000", "990701104000"
    split(LOWER, Part(north, "北镇", members=frozenset({FORD})), Part(south, "南镇"), heir=south)
    alive = Division.objects.filter(ended_on__isnull=True, kind="village")
    assert {"990701103201", "990701104202"} <= set(alive.values_list("code", flat=True))
    assert not Division.objects.filter(parent=LOWER, ended_on__isnull=True).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        [Part(EAST, "坡东村")],
        [Part(EAST, "坡东村"), Part(WEST, "坡东村")],
        [Part(EAST, "坡东村"), Part(WEST, "河边村")],
        [Part(EAST, "坡东村"), Part(BANK, "坡西村")],
        [Part(EAST, "坡东村"), Part("990701102204", "坡西村", members=frozenset({"x"}))],
        [Part(EAST, "坡东村"), Part(WEST, "坡西村", members=frozenset({str(uuid.uuid4())}))],
        [Part(EAST, "坡东村"), Part(UPPER, "坡西村")],
    ],
)
def test_a_wrong_split_is_refused_and_writes_nothing(cast, wrong):
    with pytest.raises(RedrawingRefused):
        split(SLOPE, *wrong, heir=EAST)
    assert not DivisionChange.objects.exists()
    assert Division.objects.get(pk=SLOPE).ended_on is None


def test_a_dry_run_writes_nothing_and_says_the_same(cast):
    parts = (
        Part(EAST, "坡东村", members=people(cast, "slope deputy")),
        Part(WEST, "坡西村"),
    )
    tried = split(SLOPE, *parts, heir=WEST, is_dry_run=True)
    assert not DivisionChange.objects.exists()
    assert not JournalEntry.objects.exists()
    assert split(SLOPE, *parts, heir=WEST) == tried


def test_another_town_is_out_of_sight(cast):
    with scope.limited_to([LOWER]), pytest.raises(UnknownDivision):
        split(SLOPE, Part(EAST, "坡东村"), Part(WEST, "坡西村"), heir=WEST)
