"""Areas that somebody drew on the map: which villages they touch, which households lie in them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

Ring = Sequence[Sequence[float]]
"""Corners as [longitude, latitude] in degrees."""

MOST_RINGS: Final = 20
MOST_CORNERS: Final = 500
# China with its waters, roughly: whatever lies beyond was typed or swapped by mistake.
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0


@dataclass(frozen=True)
class Land:
    """A village on the map: its centre, and its outline as the register keeps it."""

    code: str
    lon: float
    lat: float
    outline: Any


class UnusableArea(ValueError):
    """A drawn area of which no polygon can be made; `reason` is a code of why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def rings_of(text: str) -> list[list[list[float]]]:
    """Return the rings that a page sent as JSON, each closed; raise UnusableArea."""
    if not text.strip():
        return []
    try:
        drawn = json.loads(text)
    except ValueError as error:
        raise UnusableArea("unreadable") from error
    if not isinstance(drawn, list) or len(drawn) > MOST_RINGS:
        raise UnusableArea("too_many")
    return [_ring(each) for each in drawn if each]


def touched_villages(rings: Iterable[Ring], *, lands: Sequence[Land]) -> set[str]:
    """Return the villages whose outline a drawn area meets, or whose centre lies in it."""
    drawn = _whole(rings)
    if drawn.is_empty or not lands:
        return set()
    shapely.prepare(drawn)
    grounds = np.asarray([_ground(land) for land in lands], dtype=object)
    hit = shapely.intersects(drawn, grounds)
    return {land.code for land, is_hit in zip(lands, hit, strict=True) if is_hit}


def inside(rings: Iterable[Ring], *, points: Sequence[tuple[float, float]]) -> list[bool]:
    """Tell of each point, longitude and latitude, whether it lies in a drawn area."""
    drawn = _whole(rings)
    if drawn.is_empty or not points:
        return [False] * len(points)
    xy = np.asarray(points, dtype=float)
    return [bool(each) for each in shapely.intersects_xy(drawn, xy[:, 0], xy[:, 1])]


def _ring(corners: Any) -> list[list[float]]:
    if not isinstance(corners, list) or len(corners) > MOST_CORNERS:
        raise UnusableArea("too_many")
    ring = []
    for corner in corners:
        if not isinstance(corner, list) or len(corner) != 2:
            raise UnusableArea("unreadable")
        if not all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in corner):
            raise UnusableArea("unreadable")
        lon, lat = (round(float(x), 6) for x in corner)
        if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
            raise UnusableArea("elsewhere")
        ring.append([lon, lat])
    if ring and ring[0] != ring[-1]:
        ring.append(ring[0])
    if len(ring) < 4 or shapely.convex_hull(shapely.Polygon(ring)).area <= 0:
        raise UnusableArea("no_area")
    return ring


def _whole(rings: Iterable[Ring]) -> Any:
    """Return all that was drawn as one shape; a ring that crosses itself counts with its hull."""
    shapes = [shapely.Polygon(ring) for ring in rings]
    return shapely.union_all([s if s.is_valid else shapely.convex_hull(s) for s in shapes])


def _ground(land: Land) -> Any:
    kept = land.outline
    if not kept:
        return shapely.Point(land.lon, land.lat)
    if isinstance(kept, Mapping):
        return shapely.make_valid(shapely.from_geojson(json.dumps(kept)))
    rings = [kept] if isinstance(kept[0][0], (int, float)) else kept
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
