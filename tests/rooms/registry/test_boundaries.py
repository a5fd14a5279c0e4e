"""Boundaries on their way from a file to the register."""

import json

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.set_boundaries import set_boundaries
from anlan.registry.boundaries.features import UnusableBoundaries
from anlan.registry.boundaries.planning import Outcome
from anlan.registry.boundaries.shapes import UnusableShape
from anlan.registry.data import RedrawingRefused
from anlan.registry.models import Division
from anlan.registry.queries.boundaries import planned_boundaries
from tests.boundary_files import collection, square, zipped_shapefile
from tests.cast import BANK, COUNTY, LOWER, SLOPE, UPPER

BY = the_program("test")
ROWS = [
    ({"code": SLOPE, "name": "坡下村"}, square(107.03, 33.0)),
    ({"code": BANK, "name": "河边村"}, square(107.04, 33.0)),
]


def polygon(ring):
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def plan(content=None, name="村界.geojson", **rest):
    return planned_boundaries(content or collection(ROWS), file_name=name, **rest)


def put(found):
    drawn = {each.code: each.boundary for each in found if each.boundary}
    return set_boundaries(drawn, source="村界.geojson", by=BY, now=clock.now())


def test_a_plan_writes_nothing(cast):
    assert [each.outcome for each in plan()] == [Outcome.NEW, Outcome.NEW]
    assert not Division.objects.filter(boundary__isnull=False).exists()
    assert not JournalEntry.objects.exists()


def test_boundaries_are_set_once_and_journalled_by_county(cast):
    Division.objects.filter(pk=BANK).update(lon=None, lat=None)
    assert put(plan()) == {SLOPE: Outcome.NEW, BANK: Outcome.NEW}
    slope, bank = Division.objects.get(pk=SLOPE), Division.objects.get(pk=BANK)
    assert slope.boundary["type"] == "Polygon"
    assert (slope.version, slope.lon) == (2, 107.03)
    assert 107.04 < bank.lon < 107.05
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.division_code) == ("division.boundaries_set", COUNTY)
    assert json.loads(entry.detail)["new"] == [SLOPE, BANK]

    assert [each.outcome for each in plan()] == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert set(put(plan()).values()) == {Outcome.UNCHANGED}
    assert JournalEntry.objects.count() == 1
    assert Division.objects.get(pk=SLOPE).version == 2


def test_a_shapefile_in_zones_gives_the_same_boundaries(cast):
    put(plan())
    before = dict(Division.objects.values_list("code", "boundary"))
    put(plan(zipped_shapefile(ROWS, epsg=4524, encoding="gb18030"), "村界.zip"))
    assert dict(Division.objects.values_list("code", "boundary")) == before


def test_an_ended_division_is_not_drawn(cast):
    Division.objects.filter(pk=SLOPE).update(ended_on="2024-01-01")
    first, second = plan()
    assert (first.outcome, second.outcome) == (Outcome.UNMATCHED, Outcome.NEW)
    with pytest.raises(RedrawingRefused):
        set_boundaries({SLOPE: polygon(ROWS[0][1])}, source="x", by=BY, now=clock.now())


def test_another_town_is_out_of_sight(cast):
    found = plan()
    with scope.limited_to([LOWER]):
        assert {each.outcome for each in plan()} == {Outcome.UNMATCHED}
        with pytest.raises(UnknownDivision):
            put(found)
    assert not Division.objects.filter(boundary__isnull=False).exists()


def test_all_or_none_are_written(cast):
    good, bad = polygon(ROWS[0][1]), {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2]]]}
    with pytest.raises(UnusableShape):
        set_boundaries({SLOPE: good, BANK: bad}, source="x", by=BY, now=clock.now())
    assert not Division.objects.filter(boundary__isnull=False).exists()


def test_a_town_that_stands_at_another_size_is_noticed(cast):
    Division.objects.filter(pk=UPPER).update(plain_km2=3, hill_km2=2)
    (found,) = plan(collection([({"code": UPPER}, square(107.0, 33.0))]))
    assert "5.00" in found.notice


@pytest.mark.parametrize("tolerance", [-0.1, 0.02, float("nan")])
def test_a_tolerance_out_of_bounds_is_refused(cast, tolerance):
    with pytest.raises(UnusableBoundaries):
        plan(tolerance_deg=tolerance)


def test_a_file_asks_little_however_long_it_is(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        plan()
