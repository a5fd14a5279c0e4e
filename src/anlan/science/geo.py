"""Measure on the earth: distances, nearest points, a local plane, points in polygons.

Points are (longitude, latitude) in degrees in the last axis of an array.
"""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Mean radius of the earth (IUGG 1980), km.
EARTH_RADIUS_KM = 6371.0088


def haversine_km(origin: ArrayLike, *, target: ArrayLike) -> Floats:
    """Return great-circle distances in km; `origin` (..., 2) and `target` (..., 2) broadcast.

    Raises ValueError for a last axis other than longitude and latitude.
    Source: Sinnott (1984), Sky and Telescope 68, 159, on a sphere of the mean radius.
    """
    start, stop = np.deg2rad(_points(origin)), np.deg2rad(_points(target))
    half_lon = np.sin((stop[..., 0] - start[..., 0]) / 2) ** 2
    half_lat = np.sin((stop[..., 1] - start[..., 1]) / 2) ** 2
    chord = half_lat + np.cos(start[..., 1]) * np.cos(stop[..., 1]) * half_lon
    angle = 2 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return np.asarray(EARTH_RADIUS_KM * angle, dtype=np.float64)


def nearest(
    origin: ArrayLike, *, candidates: ArrayLike, count: int = 1
) -> tuple[NDArray[np.intp], Floats]:
    """Return the indexes of the nearest candidates (N, 2) and their distances in km.

    `origin` has shape (..., 2); both results have shape (..., m), nearest first, equal distances
    in the order given, m the smaller of `count` and N. Raises ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError("count is at least 1")
    distances = haversine_km(
        _points(origin)[..., np.newaxis, :], target=_points(candidates).reshape(-1, 2)
    )
    order = np.argsort(distances, axis=-1, kind="stable")[..., :count]
    return order, np.take_along_axis(distances, order, axis=-1)


def to_local_km(points: ArrayLike, *, origin: ArrayLike) -> Floats:
    """Return east and north in km from the origin (2,) for points (..., 2).

    The plane touches the sphere at the origin: x = R cos(lat0) dlon, y = R dlat. Within 100 km
    at 33 N the distance is off by less than 1 %. `to_lonlat` is its exact inverse.
    """
    lon, lat = np.moveaxis(_points(points), -1, 0)
    lon0, lat0 = _points(origin)
    scale = EARTH_RADIUS_KM * np.cos(np.deg2rad(lat0))
    east, north = np.deg2rad(lon - lon0) * scale, np.deg2rad(lat - lat0) * EARTH_RADIUS_KM
    return np.stack([east, north], axis=-1)


def to_lonlat(local_km: ArrayLike, *, origin: ArrayLike) -> Floats:
    """Return longitude and latitude for east and north (..., 2) in km from the origin (2,)."""
    east, north = np.moveaxis(_points(local_km), -1, 0)
    lon0, lat0 = _points(origin)
    scale = EARTH_RADIUS_KM * np.cos(np.deg2rad(lat0))
    lon, lat = lon0 + np.rad2deg(east / scale), lat0 + np.rad2deg(north / EARTH_RADIUS_KM)
    return np.stack([lon, lat], axis=-1)


def point_in_polygon(points: ArrayLike, *, ring: ArrayLike) -> NDArray[np.bool_]:
    """Return whether points (..., 2) lie in the polygon of a ring (M, 2), its border included.

    The ring need not be closed. Raises ValueError for fewer than three corners.
    """
    corners = _points(ring)
    if corners.ndim != 2 or len(corners) < 3:
        raise ValueError("a ring has three corners or more")
    places = _points(points)
    polygon = shapely.Polygon(corners)
    shapely.prepare(polygon)
    return np.asarray(
        shapely.intersects_xy(polygon, places[..., 0], places[..., 1]), dtype=np.bool_
    )


def _points(values: ArrayLike) -> Floats:
    points = np.asarray(values, dtype=np.float64)
    if points.ndim == 0 or points.shape[-1] != 2:
        raise ValueError("a point has two numbers")
    return points
