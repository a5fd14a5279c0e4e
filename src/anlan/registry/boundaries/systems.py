"""Coordinate systems: from what a file says to degrees of longitude and latitude.

CGCS2000 and WGS 84 agree within centimetres, so both count as the map's own. Beijing 54 and Xian 80
do not: their shift differs from county to county and is not public.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer, network
from pyproj.exceptions import CRSError, ProjError

from anlan.registry.boundaries.features import Feature, Point, Polygons, UnusableBoundaries

# PROJ would fetch shift grids from its own server.
network.set_network_enabled(active=False)  # type: ignore[attr-defined] # re-exported as such

Transform = Callable[[NDArray[np.float64]], NDArray[np.float64]]
MAX_TEXT = 10_000
OLD_ELLIPSOIDS = ("krass", "iag 1975", "iag_1975", "xian_1980", "xian 1980")
OLD_DATUMS = ("beijing", "xian", "pulkovo 1942 / china")
OUR_OWN = {"china 2000": "EPSG:4490", "china_2000": "EPSG:4490", "d_china_2000": "EPSG:4490"}


def in_degrees(features: Sequence[Feature], *, stated: str) -> list[Feature]:
    """Return the features in degrees of longitude and latitude.

    `stated` is the text of a .prj or the name of a system; empty means that the file names none.
    Raises UnusableBoundaries for a system that cannot be used, and for coordinates that lie
    outside degrees when none is stated.
    """
    transform = _transform(stated)
    if transform is not None:
        features = [_moved(feature, transform=transform) for feature in features]
    if not any(_is_on_earth(feature.polygons) for feature in features if feature.polygons):
        if stated:
            raise UnusableBoundaries(
                _("The coordinates do not fit the coordinate system that the file names.")
            )
        raise UnusableBoundaries(
            _(
                "The coordinates are no degrees and the file names no coordinate system: add the "
                ".prj, or export the file in CGCS2000 degrees."
            )
        )
    return [_checked(feature) for feature in features]


def _transform(stated: str) -> Transform | None:
    """Return how points get to degrees; None when they are degrees already."""
    if not stated or stated == "OGC:CRS84":
        return None
    system = _system(stated)
    _check_datum(system)
    if system.is_geographic and _is_in_degrees(system) and _target(system) is not None:
        return None
    try:
        moving = Transformer.from_crs(
            system, _target(system) or "EPSG:4326", always_xy=True, allow_ballpark=False
        )
    except ProjError as error:
        raise _unknown() from error

    def transform(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = moving.transform(points[:, 0], points[:, 1])
        return np.column_stack([lon, lat])

    return transform


def _system(stated: str) -> CRS:
    # An EXTENSION may name files of this machine; no survey office writes one.
    if len(stated) > MAX_TEXT or "EXTENSION" in stated.upper():
        raise _unknown()
    try:
        system = CRS.from_user_input(stated) if _is_a_name(stated) else CRS.from_wkt(stated)
    except CRSError as error:
        raise _unknown() from error
    if system.geodetic_crs is None or not (system.is_geographic or system.is_projected):
        raise _unknown()
    return system


def _is_a_name(stated: str) -> bool:
    authority, _colon, code = stated.partition(":")
    return authority == "EPSG" and code.isascii() and code.isdigit()


def _check_datum(system: CRS) -> None:
    ellipsoid = system.ellipsoid.name.lower() if system.ellipsoid else ""
    datum = _datum(system)
    if datum.startswith(("d_beijing", "d_xian")) or any(old in datum for old in OLD_DATUMS):
        raise _old(system.name)
    if any(old in ellipsoid for old in OLD_ELLIPSOIDS) and _target(system) is None:
        raise _old(system.name)


def _datum(system: CRS) -> str:
    geodetic = system.geodetic_crs
    return geodetic.datum.name.lower() if geodetic and geodetic.datum else ""


def _target(system: CRS) -> str | None:
    """Return the system of degrees to go to without any shift; None for a foreign datum."""
    datum = _datum(system)
    if datum.startswith("world geodetic system 1984") or datum in ("wgs 84", "wgs_1984"):
        return "EPSG:4326"
    return OUR_OWN.get(datum)


def _is_in_degrees(system: CRS) -> bool:
    return all(axis.unit_name.lower() in ("degree", "degrees") for axis in system.axis_info[:2])


def _unknown() -> UnusableBoundaries:
    return UnusableBoundaries(
        _("The coordinate system of the file is not known: export the file in CGCS2000.")
    )


def _old(name: str) -> UnusableBoundaries:
    return UnusableBoundaries(
        _(
            "The file is in %(system)s. Its shift to CGCS2000 is the survey office's own: ask it "
            "for the boundaries in CGCS2000."
        )
        % {"system": name}
    )


def _moved(feature: Feature, *, transform: Transform) -> Feature:
    return _with(
        feature, [[_ring(ring, transform=transform) for ring in part] for part in feature.polygons]
    )


def _ring(ring: Sequence[Point], *, transform: Transform) -> list[Point]:
    return [(float(x), float(y)) for x, y in transform(np.asarray(ring, dtype=np.float64))]


def _with(feature: Feature, polygons: Polygons, *, fault: str = "") -> Feature:
    return Feature(
        number=feature.number,
        properties=feature.properties,
        polygons=polygons,
        fault=feature.fault or fault,
    )


def _checked(feature: Feature) -> Feature:
    if not feature.polygons or _is_on_earth(feature.polygons):
        return feature
    return _with(feature, (), fault=_("Its coordinates are no degrees of longitude and latitude."))


def _is_on_earth(polygons: Polygons) -> bool:
    return all(
        math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90
        for part in polygons
        for ring in part
        for x, y in ring
    )
