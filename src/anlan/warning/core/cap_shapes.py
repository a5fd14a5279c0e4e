"""The outline of villages as a message for others draws it: few corners, and no neighbour."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import shapely

# In degrees, some 5 to 100 m. Outlines are drawn in by twice as much as they are smoothed, so that
# a reader who asks what a message touches does not find the villages next door.
TOLERANCES: Final = (0.00005, 0.0002, 0.0005, 0.001)
MOST_CORNERS: Final = 2_000
_DECIMALS: Final = 5
Ring = tuple[tuple[float, float], ...]


def joint_rings(outlines: Iterable[Mapping[str, Any]]) -> tuple[Ring, ...]:
    """Return the outer rings, in [lon, lat], of GeoJSON geometries together.

    The finest that have at most 2,000 corners. CAP knows no holes: what they enclose counts.
    """
    shapes = [shapely.make_valid(shapely.from_geojson(json.dumps(each))) for each in outlines]
    whole = shapely.union_all(shapes)
    found: tuple[Ring, ...] = ()
    for tolerance in TOLERANCES:
        found = _rings(_drawn_in(whole, tolerance=tolerance))
        if sum(map(len, found)) <= MOST_CORNERS:
            break
    return found


def _drawn_in(whole: Any, *, tolerance: float) -> Any:
    """Return a shape smoothed and drawn in, or as it is where nothing would remain of a part."""
    parts = []
    for part in shapely.get_parts(whole):
        smaller = part.buffer(-2 * tolerance).simplify(tolerance)
        parts.append(part if smaller.is_empty else smaller)
    return shapely.union_all(parts)


def _rings(shape: Any) -> tuple[Ring, ...]:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = (shapely.get_coordinates(part.exterior).round(_DECIMALS) for part in polygons)
    return tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for ring in rings)
