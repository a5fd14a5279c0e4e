"""Shapes made fit to keep: closed, turned, mended, thinned out, rounded, measured."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import Geod
from shapely.geometry import mapping
from shapely.geometry.polygon import orient

from anlan.registry.boundaries.features import Polygons

DECIMALS = 6
TOLERANCE_DEG = 0.0001
MAX_TOLERANCE_DEG = 0.01
MENDED_AT_MOST = 0.001
_GEOD = Geod(ellps="GRS80")


class UnusableShape(ValueError):
    """A shape that no boundary can be made of; its text says why."""


def shape_of(polygons: Polygons) -> Any:
    """Return a valid shapely polygon or multipolygon of these rings.

    A self-intersection is mended where that changes the area by less than 0.1 %; else
    UnusableShape is raised, as for a shape without area.
    """
    found = shapely.union_all([_mended(part) for part in polygons])
    kept = _areas_only(found)
    if kept.is_empty or kept.area <= 0:
        raise UnusableShape(_("It encloses no area."))
    return kept


def _mended(rings: Sequence[Sequence[tuple[float, float]]]) -> Any:
    drawn = shapely.Polygon(rings[0], rings[1:])
    if drawn.is_valid:
        return drawn
    mended = _areas_only(shapely.make_valid(drawn))
    if drawn.area <= 0 or abs(mended.area - drawn.area) > MENDED_AT_MOST * drawn.area:
        raise UnusableShape(
            _("Its border crosses itself near %(place)s. Mend it in the program it was drawn with.")
            % {"place": shapely.is_valid_reason(drawn).partition("[")[2].rstrip("]") or "?"}
        )
    return mended


def _areas_only(shape: Any) -> Any:
    """Return the polygons of a shape without the points and lines that mending may leave."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def thinned(shapes: Sequence[Any], *, tolerance_deg: float = TOLERANCE_DEG) -> list[Any]:
    """Return the shapes with fewer corners; neighbours keep the edge they share.

    `tolerance_deg` is about how far an edge may move, 0 for not at all. A shape that would
    vanish stays as it is.
    """
    if not shapes or tolerance_deg <= 0:
        return list(shapes)
    found = shapely.coverage_simplify(np.asarray(shapes, dtype=object), tolerance_deg)
    return [
        after if not after.is_empty and after.is_valid else before
        for before, after in zip(shapes, found, strict=True)
    ]


def kept_form(shape: Any) -> dict[str, Any]:
    """Return a shape as GeoJSON: six decimals, outer rings counter-clockwise (RFC 7946)."""
    rounded = _areas_only(shapely.set_precision(shape, 10**-DECIMALS))
    if rounded.is_empty:
        raise UnusableShape(_("It encloses no area."))
    # Normal form: the same shape gives the same text, wherever its ring begins in a file.
    turned = [orient(p, sign=1.0) for p in shapely.get_parts(shapely.normalize(rounded))]
    whole = turned[0] if len(turned) == 1 else shapely.MultiPolygon(turned)
    form = json.loads(json.dumps(mapping(whole)))
    return {"type": form["type"], "coordinates": _rounded(form["coordinates"])}


def _rounded(values: Any) -> Any:
    if isinstance(values, list):
        return [_rounded(value) for value in values]
    return round(values, DECIMALS)


def drawn_shape(boundary: Any) -> Any:
    """Return the shapely shape of a stored boundary: GeoJSON, or a plain ring; None without one."""
    if not boundary:
        return None
    if isinstance(boundary, Mapping):
        return shapely.from_geojson(json.dumps(boundary))
    rings = [boundary] if isinstance(boundary[0][0], (int, float)) else boundary
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))


def area_km2(shape: Any) -> float:
    """Return the area in km² on the ellipsoid of CGCS2000."""
    turned = (orient(part, sign=1.0) for part in shapely.get_parts(shape))
    return sum(float(_GEOD.geometry_area_perimeter(part)[0]) for part in turned) / 1e6


def inner_point(shape: Any) -> tuple[float, float]:
    """Return longitude and latitude of a point that lies inside."""
    point = shape.representative_point()
    return round(point.x, DECIMALS), round(point.y, DECIMALS)
