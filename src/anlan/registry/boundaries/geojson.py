"""Features out of GeoJSON (RFC 7946), with the older `crs` member where a file has one."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from anlan.registry.boundaries.features import Feature, Polygons, UnusableBoundaries

MAX_FEATURES = 50_000
_SYSTEM = re.compile(r"^(?:urn:(?:ogc|x-ogc):def:crs:)?(EPSG|OGC):[\d.]*:?(\d{4,6}|CRS84)$", re.I)


def read_geojson(content: bytes) -> tuple[list[Feature], str]:
    """Return the features and the name of the coordinate system, empty when none is named.

    Raises UnusableBoundaries for anything that is no GeoJSON with at least one feature.
    """
    document = _document(content)
    rows = _rows(document)
    if not rows:
        raise UnusableBoundaries(_("The file holds no feature."))
    if len(rows) > MAX_FEATURES:
        raise UnusableBoundaries(
            _("The file holds more than %(most)d features: send one county at a time.")
            % {"most": MAX_FEATURES}
        )
    return [_feature(row, number=n) for n, row in enumerate(rows, start=1)], _system(document)


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        found = _in_gb18030(content)
    except (ValueError, RecursionError) as error:
        raise _no_geojson() from error
    if not isinstance(found, dict):
        raise _no_geojson()
    return found


def _in_gb18030(content: bytes) -> Any:
    try:
        return json.loads(content.decode("gb18030"))
    except (ValueError, RecursionError) as error:
        raise _no_geojson() from error


def _no_geojson() -> UnusableBoundaries:
    return UnusableBoundaries(
        _("The file is no GeoJSON: export the boundaries as GeoJSON or as a zipped Shapefile.")
    )


def _rows(document: Mapping[str, Any]) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection":
        rows = document.get("features")
        if not isinstance(rows, list):
            raise _no_geojson()
        return rows
    if kind == "Feature":
        return [document]
    if kind in ("Polygon", "MultiPolygon", "GeometryCollection"):
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise _no_geojson()


def _system(document: Mapping[str, Any]) -> str:
    """Return `EPSG:4490` for the file's `crs` member; raise for one that cannot be read."""
    stated = document.get("crs")
    if stated is None:
        return ""
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    found = _SYSTEM.match(name) if isinstance(name, str) else None
    if found is None:
        raise UnusableBoundaries(
            _(
                "The coordinate system in the member “crs” is not known: export the file in "
                "CGCS2000."
            )
        )
    authority, code = found.group(1).upper(), found.group(2).upper()
    return "OGC:CRS84" if code == "CRS84" else f"{authority}:{code}"


def _feature(row: Any, *, number: int) -> Feature:
    properties = row.get("properties") if isinstance(row, dict) else None
    beside = properties if isinstance(properties, dict) else {}
    try:
        polygons = polygons_of(row.get("geometry") if isinstance(row, dict) else None)
    except (ValueError, TypeError, KeyError, RecursionError):
        fault = _("It is no polygon, or its coordinates cannot be read.")
        return Feature(number=number, properties=beside, fault=fault)
    return Feature(number=number, properties=beside, polygons=polygons)


def polygons_of(geometry: Any) -> Polygons:
    """Return the polygons of a GeoJSON geometry; raise ValueError or TypeError for another."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [p for part in geometry["geometries"] for p in polygons_of(part)]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{kind} is no polygon")
    parts = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
    found = [[_ring(ring) for ring in part] for part in parts]
    if not found or not all(found):
        raise ValueError("a polygon without a ring")
    return found


def _ring(points: Any) -> list[tuple[float, float]]:
    ring = [(float(point[0]), float(point[1])) for point in points]
    if len(set(ring)) < 3 or not all(math.isfinite(v) for point in ring for v in point):
        raise ValueError("a ring needs three corners")
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]
