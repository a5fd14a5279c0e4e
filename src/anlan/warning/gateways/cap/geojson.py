"""Write warnings as GeoJSON (RFC 7946): longitude first, outer rings against the clock."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

GEOJSON_TYPE: Final = "application/geo+json"
_FEWEST_CORNERS: Final = 4
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Feature:
    """A warning on the map: what it is known by, its rings of [lon, lat], and what it says.

    Without rings nobody knows its outline: it is in the collection, and has no geometry.
    """

    id: str
    rings: tuple[Ring, ...]
    properties: Mapping[str, Any]


def feature_collection(features: Iterable[Feature]) -> bytes:
    """Return features as a collection in UTF-8; raise ValueError for a number that is none."""
    document = {"type": "FeatureCollection", "features": [_feature(each) for each in features]}
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def _feature(feature: Feature) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": _geometry(feature.rings),
        "properties": dict(feature.properties),
    }


def _geometry(rings: Iterable[Ring]) -> dict[str, Any] | None:
    polygons = [[outer] for outer in map(outer_ring, rings) if outer]
    if not polygons:
        return None
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def outer_ring(ring: Ring) -> list[list[float]]:
    """Return a ring closed and against the clock; nothing of one that encloses nothing."""
    points = [[float(lon), float(lat)] for lon, lat, *_height in ring]
    if points and points[0] != points[-1]:
        points.append(points[0])
    area = _double_area(points)
    if len(points) < _FEWEST_CORNERS or area == 0:
        return []
    return points if area > 0 else points[::-1]


def _double_area(points: Sequence[Sequence[float]]) -> float:
    """Return twice the area within a closed ring, negative with the clock."""
    if not points:
        return 0.0
    # Measured from a corner: far from the origin the products would drown the area.
    east, north = points[0]
    return sum(
        (x - east) * (v - north) - (u - east) * (y - north) for (x, y), (u, v) in pairwise(points)
    )
