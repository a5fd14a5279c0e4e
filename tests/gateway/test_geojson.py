"""Warnings as GeoJSON: longitude first, rings closed and against the clock, any text kept."""

import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.gateways.cap.geojson import Feature, feature_collection, outer_ring

SQUARE = [[107.0, 33.0], [107.5, 33.0], [107.5, 33.5], [107.0, 33.5], [107.0, 33.0]]


def written(*features: Feature) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(feature_collection(features))
    return found


def test_a_warning_is_a_feature():
    (found,) = written(Feature("1", (SQUARE,), {"headline": "暴雨 <b>"}))["features"]
    assert found == {
        "type": "Feature",
        "id": "1",
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        "properties": {"headline": "暴雨 <b>"},
    }


def test_several_rings_are_several_polygons():
    (found,) = written(Feature("1", (SQUARE, SQUARE[::-1]), {}))["features"]
    assert found["geometry"] == {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}


@pytest.mark.parametrize("rings", [(), ([],), ([[1.0, 2.0]] * 4,), ([[1, 1], [2, 2], [3, 3]],)])
def test_what_encloses_nothing_has_no_geometry(rings):
    (found,) = written(Feature("1", rings, {}))["features"]
    assert found["geometry"] is None


def test_an_empty_collection_is_one():
    assert written() == {"type": "FeatureCollection", "features": []}


def test_an_open_ring_is_closed_and_heights_go():
    assert outer_ring([[0, 0, 5.0], [1, 0], [1, 1]]) == [[0, 0], [1, 0], [1, 1], [0, 0]]


@given(
    st.floats(-179, 179),
    st.floats(-89, 89),
    st.floats(1e-3, 0.5),
    st.booleans(),
    st.integers(0, 3),
)
def test_every_ring_turns_left(lon, lat, size, is_turned, first):
    corners = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size]]
    corners = corners[first:] + corners[:first]
    ring = outer_ring(corners[::-1] if is_turned else corners)
    assert ring[0] == ring[-1]
    assert shapely.is_ccw(shapely.LinearRing(ring))
    assert shapely.from_geojson(
        json.dumps(written(Feature("1", (ring,), {}))["features"][0]["geometry"])
    ).is_valid


@given(st.text(), st.text())
def test_no_text_at_all_can_break_it(name, text):
    (found,) = written(Feature("1", (), {name: text}))["features"]
    assert list(found["properties"]) == [name.encode("utf-8", "replace").decode()]
    assert list(found["properties"].values()) == [text.encode("utf-8", "replace").decode()]


def test_no_number_is_no_place():
    with pytest.raises(ValueError, match="JSON compliant"):
        written(Feature("1", ([[float("nan"), 0], [1, 0], [1, 1]],), {}))
