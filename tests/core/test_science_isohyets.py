"""Isohyets: areas lie within each other and in the boundary, and hold what has that much rain."""

import itertools
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science.isohyets import RainField, contour_rings, isohyets

SOUTH_WEST, NORTH_EAST = (107.0, 33.0), (107.3, 33.3)
LEVELS = [5.0, 10.0, 20.0, 40.0, 80.0]
BOUNDARY: dict[str, Any] = {
    "type": "MultiPolygon",
    "coordinates": [
        [
            [[107.0, 33.0], [107.5, 33.0], [107.5, 33.4], [107.0, 33.4], [107.0, 33.0]],
            [[107.2, 33.1], [107.3, 33.1], [107.3, 33.2], [107.2, 33.2], [107.2, 33.1]],
        ],
        [[[107.6, 33.0], [107.8, 33.0], [107.7, 33.3], [107.6, 33.0]]],
    ],
}
REGION = shapely.MultiPolygon([(part[0], part[1:]) for part in BOUNDARY["coordinates"]])
GAUGES = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        arrays(float, (count, 2), elements=st.floats(0, 1, width=16)),
        arrays(float, count, elements=st.floats(0, 120, width=16)),
    )
)


def area_of(isohyet) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in isohyet.areas])


def line_of(isohyet) -> shapely.MultiLineString:
    return shapely.MultiLineString(isohyet.lines)


@settings(max_examples=40, deadline=None)
@given(GAUGES)
def test_what_is_drawn_lies_in_the_boundary_and_within_the_level_below(drawn):
    share, rain = drawn
    places = np.array([106.9, 32.9]) + share * np.array([1.0, 0.6])
    made = isohyets(places, rain_mm=rain, levels_mm=LEVELS, boundary=BOUNDARY, cells=20)
    grown = REGION.buffer(1e-4)
    assert [isohyet.level_mm for isohyet in made] == LEVELS
    for isohyet in made:
        assert area_of(isohyet).buffer(0).difference(grown).is_empty
        assert line_of(isohyet).difference(grown).is_empty
        assert isohyet.level_mm <= rain.max() or not isohyet.areas
    for lower, higher in itertools.pairwise(made):
        assert area_of(higher).area <= area_of(lower).area + 1e-6


def test_a_point_is_in_an_area_where_it_has_that_much_rain():
    chance = np.random.default_rng(4)
    places = np.array([107.0, 33.0]) + chance.uniform(0, 0.5, (30, 2))
    rain = chance.gamma(1.0, 25.0, 30)
    field = RainField(places, rain_mm=rain)
    hull = shapely.convex_hull(shapely.multipoints(places))
    points = np.array([107.0, 33.0]) + chance.uniform(0, 0.5, (2000, 2))
    points = points[shapely.contains_xy(hull, *points.T)]
    at = field.at(points)
    for isohyet in isohyets(places, rain_mm=rain, levels_mm=LEVELS, cells=120):
        inside = shapely.contains_xy(area_of(isohyet).buffer(0), *points.T)
        clear = np.abs(at - isohyet.level_mm) > 1.5
        assert np.array_equal(inside[clear], at[clear] >= isohyet.level_mm)


def test_a_silent_gauge_is_left_out():
    chance = np.random.default_rng(6)
    places, rain = chance.uniform(SOUTH_WEST, NORTH_EAST, (20, 2)), chance.uniform(0, 60, 20)
    rain[[3, 11]] = np.nan
    there = ~np.isnan(rain)
    with_gaps = isohyets(places, rain_mm=rain, levels_mm=LEVELS)
    assert with_gaps == isohyets(places[there], rain_mm=rain[there], levels_mm=LEVELS)


def test_two_gauges_at_one_place_share_their_mean():
    places = [[107.0, 33.0], [107.2, 33.0], [107.1, 33.2], [107.1, 33.2]]
    field = RainField(places, rain_mm=[10.0, 20.0, 30.0, 50.0])
    assert field.at(places) == pytest.approx([10.0, 20.0, 40.0, 40.0])


def test_rain_is_never_negative_nor_more_than_at_any_gauge():
    chance = np.random.default_rng(7)
    places, rain = chance.uniform(SOUTH_WEST, NORTH_EAST, (15, 2)), chance.uniform(0, 60, 15)
    rain[:5] = 0.0
    far = chance.uniform([106.0, 32.0], [108.0, 34.0], (500, 2))
    made = RainField(places, rain_mm=rain).at(far)
    assert np.all((made >= 0) & (made <= rain.max()))


def test_few_gauges():
    one = isohyets([[107.1, 33.1]], rain_mm=[30.0], levels_mm=[20.0, 40.0], boundary=BOUNDARY)
    assert one[0].lines == []
    assert area_of(one[0]).area == pytest.approx(REGION.area, rel=1e-3)
    assert one[1] == (40.0, [], [])
    # In one line, and without a boundary: there is no area to draw in.
    row = [[107.0, 33.0], [107.1, 33.0], [107.2, 33.0]]
    assert isohyets(row, rain_mm=[1, 9, 1], levels_mm=[5.0]) == [(5.0, [], [])]
    across = isohyets(row, rain_mm=[0, 20, 40], levels_mm=[30.0], boundary=BOUNDARY)
    assert line_of(across[0]).distance(shapely.Point(107.15, 33.0)) < 0.001
    assert isohyets(row, rain_mm=[0, 0, 0], levels_mm=[0.1], boundary=BOUNDARY)[0].areas == []


@settings(max_examples=60, deadline=None)
@given(arrays(float, (6, 7), elements=st.sampled_from([0.0, 1.0, 2.0, 5.0, 9.0])))
def test_rings_close_and_part_high_from_low(grid):
    edged = np.pad(grid, 1)
    rings = contour_rings(edged, level=2.0)
    for ring in rings:
        assert np.array_equal(ring[0], ring[-1])
        assert shapely.Polygon(ring).is_valid
    row, column = np.indices(edged.shape)
    turns = sum(
        np.where(
            shapely.contains_xy(shapely.Polygon(ring), column.ravel(), row.ravel()),
            1 if shapely.LinearRing(ring).is_ccw else -1,
            0,
        )
        for ring in rings
    )
    assert np.array_equal(np.broadcast_to(turns, edged.size).ravel() == 1, (edged >= 2.0).ravel())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gauges": [107.0, 33.0]}, "longitude"),
        ({"rain_mm": [1.0, 2.0]}, "one amount"),
        ({"rain_mm": [1.0, 2.0, -1.0]}, "negative"),
        ({"rain_mm": [np.nan, np.nan, np.nan]}, "known"),
        ({"levels_mm": []}, "levels"),
        ({"levels_mm": [10.0, 5.0]}, "levels"),
        ({"levels_mm": [0.0]}, "levels"),
        ({"cells": 1}, "grid"),
    ],
)
def test_impossible_values_are_refused(change, words):
    call: dict[str, Any] = {
        "gauges": [[107, 33], [108, 33], [107, 34]],
        "rain_mm": [1, 2, 3],
        "levels_mm": [2.0],
    }
    call |= change
    with pytest.raises(ValueError, match=words):
        isohyets(call.pop("gauges"), **call)
    with pytest.raises(ValueError, match="edge"):
        contour_rings(np.ones((3, 3)), level=1.0)
