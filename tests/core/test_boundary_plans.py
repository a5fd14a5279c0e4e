"""What a file of boundaries would change, feature by feature, with the reason."""

from dataclasses import replace

import pytest
import shapely

from anlan.registry.boundaries.features import Feature
from anlan.registry.boundaries.planning import Outcome, Present, plan_boundaries
from anlan.registry.boundaries.shapes import area_km2, drawn_shape, kept_form, shape_of, thinned
from tests.boundary_files import square

SLOPE, BANK, FORD = "990701101201", "990701101202", "990701102201"
UPPER = "990701101000"
RING = square(107.03, 33.0)
KNOWN = (
    Present("990701000000", "试县"),
    Present(UPPER, "上河镇", "990701000000"),
    Present("990701102000", "下河镇", "990701000000"),
    Present(SLOPE, "坡下村", UPPER, lon=107.03, lat=33.0),
    Present(BANK, "河边村", UPPER),
    Present(FORD, "河边村", "990701102000"),
)


def feature(number=1, *, ring=RING, holes=(), **properties):
    return Feature(number=number, properties=properties, polygons=[[ring, *holes]])


def planned(*features, divisions=KNOWN, **rest):
    return plan_boundaries(features, divisions=divisions, **rest)


def one(found, **rest):
    (drawn,) = planned(found, **rest)
    return drawn


@pytest.mark.parametrize(
    "properties",
    [
        {"XZQDM": SLOPE},
        {"code": SLOPE, "name": "a wrong name"},
        {"name": "坡下村"},
        {"NAME": " 坡下村民委员会 "},
        {"PAC": "990701", "ZLDWDM": f"{SLOPE}0000000"},
    ],
)
def test_a_feature_finds_its_division_by_code_else_by_name(properties):
    drawn = one(feature(**properties))
    assert (drawn.outcome, drawn.code) == (Outcome.NEW, SLOPE)
    assert drawn.boundary["type"] == "Polygon"


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"code": "990701101999"}, "990701101999"),
        ({"name": "没有村"}, "没有村"),
        ({"name": "河边村"}, "河边村"),
        ({"colour": "red"}, ""),
    ],
)
def test_what_finds_none_or_several_is_listed_with_the_reason(properties, said):
    drawn = one(feature(**properties))
    assert drawn.outcome is Outcome.UNMATCHED
    assert said in drawn.reason


def test_names_that_stand_twice_are_told_apart_by_what_they_lie_in():
    assert one(feature(name="河边村", 乡镇="下河镇")).code == FORD
    found = planned(
        feature(1, PAC="990701101", name="坡下村"),
        feature(2, PAC="990701101", name="河边村", ring=square(107.04, 33.0)),
    )
    assert [drawn.code for drawn in found] == [SLOPE, BANK]


def test_a_division_is_drawn_once():
    first, second = planned(feature(1, code=SLOPE), feature(2, code=SLOPE))
    assert first.outcome is Outcome.UNMATCHED  # the code of both is that of neither
    first, second = planned(feature(1, code=SLOPE), feature(2, name="坡下村"))
    assert (first.code, second.code) == (SLOPE, "")


def test_a_boundary_that_stands_already_is_unchanged():
    boundary = one(feature(code=SLOPE)).boundary
    known = [replace(KNOWN[3], boundary=boundary)]
    assert one(feature(code=SLOPE), divisions=known).outcome is Outcome.UNCHANGED
    moved = feature(code=SLOPE, ring=square(107.031, 33.0))
    assert one(moved, divisions=known).outcome is Outcome.CHANGED


def test_rings_are_closed_turned_and_rounded():
    clockwise = [(x + 1e-9, y) for x, y in reversed(RING)]
    hole = square(107.034, 33.004, size=0.002)
    boundary = one(feature(code=SLOPE, ring=clockwise, holes=[hole]), tolerance_deg=0).boundary
    outer, inner = (shapely.LinearRing(ring) for ring in boundary["coordinates"])
    assert outer.is_ccw
    assert not inner.is_ccw
    assert sorted(set(map(tuple, boundary["coordinates"][0]))) == sorted(
        {(round(x, 6), round(y, 6)) for x, y in RING}
    )


def test_a_hair_that_crosses_itself_is_mended_and_a_bow_tie_refused():
    spike = [*RING[:2], (107.0400001, 33.0000001), *RING[1:]]
    assert one(feature(code=SLOPE, ring=spike)).outcome is Outcome.NEW
    bow = [RING[0], RING[2], RING[1], RING[3], RING[0]]
    drawn = one(feature(code=SLOPE, ring=bow))
    assert drawn.outcome is Outcome.BAD
    assert drawn.reason


@pytest.mark.parametrize("ring", [square(109.0, 33.0), square(33.0, 10.0)])
def test_what_lies_far_from_its_county_is_listed(ring):
    drawn = one(feature(code=BANK, ring=ring))
    assert drawn.outcome is Outcome.BAD
    assert "33." in drawn.reason or "10." in drawn.reason


def test_without_any_known_place_the_file_itself_says_where_the_county_is():
    nowhere = [replace(each, lon=None, lat=None) for each in KNOWN]
    good = feature(1, code=SLOPE)
    other = feature(2, code=BANK, ring=square(107.05, 33.0))
    far = feature(3, code=FORD, ring=square(127.05, 33.0))
    found = planned(good, other, far, divisions=nowhere)
    assert [drawn.outcome for drawn in found] == [Outcome.NEW, Outcome.NEW, Outcome.BAD]


def test_a_fault_of_the_file_is_passed_on():
    drawn = one(Feature(1, {"code": SLOPE}, fault="no polygon"))
    assert (drawn.outcome, drawn.reason) == (Outcome.BAD, "no polygon")


def test_neighbours_still_share_their_edge_when_thinned_out():
    waves = [(107.05 + (n % 2) * 0.000003, 33.0 + n * 0.001) for n in range(11)]
    west = [(107.0, 33.0), *waves, (107.0, 33.01), (107.0, 33.0)]
    east = [(107.1, 33.0), (107.1, 33.01), *reversed(waves), (107.1, 33.0)]
    found = planned(feature(1, code=SLOPE, ring=west), feature(2, code=BANK, ring=east))
    one_side, other_side = (drawn_shape(drawn.boundary) for drawn in found)
    assert len(one_side.exterior.coords) < len(west)
    assert one_side.intersection(other_side).area == 0
    whole = one_side.union(other_side)
    assert whole.area == pytest.approx(0.001, rel=1e-3)
    assert not whole.interiors


def test_no_tolerance_changes_nothing():
    shape = shape_of([[RING]])
    assert thinned([shape], tolerance_deg=0) == [shape]
    assert thinned([]) == []


def test_an_area_that_differs_from_the_records_is_noticed():
    drawn_km2 = area_km2(shape_of([[RING]]))
    # A hundredth of a degree at 33° north: 0.93 km by 1.11 km.
    assert drawn_km2 == pytest.approx(1.0365, rel=1e-3)
    for recorded, noticed in ((0.0, False), (drawn_km2 * 1.04, False), (drawn_km2 * 1.06, True)):
        known = [replace(KNOWN[3], area_km2=recorded)]
        assert bool(one(feature(code=SLOPE), divisions=known).notice) == noticed


@pytest.mark.parametrize(
    "boundary",
    [
        None,
        [],
        RING,
        [RING],
        kept_form(shape_of([[RING]])),
        kept_form(shape_of([[RING], [square(108, 33)]])),
    ],
)
def test_every_kept_form_of_a_boundary_is_understood(boundary):
    shape = drawn_shape(boundary)
    assert (shape is None) == (not boundary)
    assert shape is None or shape.is_valid
