"""Spread the rain of a basin over its points as a storm passes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def storm_weights(
    x_km: ArrayLike,
    y_km: ArrayLike,
    t_h: ArrayLike,
    *,
    track: ArrayLike,
    major_km: float,
    minor_km: float,
    azimuth_deg: float,
    orographic: ArrayLike,
    floor: float,
) -> Floats:
    """Return the factor of the basin's mean rain at each time and point, shape (T, N).

    `x_km` (east) and `y_km` (north) have shape (N,), `t_h` shape (T,). `track` has shape (K, 3):
    rows of time in h (rising), x and y in km, joined by straight lines and held at both ends.
    The storm is a Gaussian ellipse with standard deviations `major_km` and `minor_km`, its major
    axis turned `azimuth_deg` clockwise from north; `floor`, above 0 and at most 1, is the share
    that falls everywhere. `orographic`, shape (N,), multiplies the point's rain and is positive.
    Every row has the mean 1, so the mean over the points equals the recorded basin mean.
    Raises ValueError for other shapes and ranges.
    """
    x, y, times = (np.asarray(values, dtype=np.float64) for values in (x_km, y_km, t_h))
    way = np.asarray(track, dtype=np.float64)
    lift = np.asarray(orographic, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape or x.shape != lift.shape or times.ndim != 1:
        raise ValueError("each point has one x, one y and one orographic factor")
    if way.ndim != 2 or way.shape[1] != 3 or np.any(np.diff(way[:, 0]) <= 0):
        raise ValueError("a track has rows of rising time, x and y")
    if min(major_km, minor_km) <= 0 or not 0 < floor <= 1 or not np.all(lift > 0):
        raise ValueError("axes and factors are positive, and the floor is above 0 and at most 1")
    east = x[np.newaxis, :] - np.interp(times, way[:, 0], way[:, 1])[:, np.newaxis]
    north = y[np.newaxis, :] - np.interp(times, way[:, 0], way[:, 2])[:, np.newaxis]
    turn = np.deg2rad(azimuth_deg)
    along = east * np.sin(turn) + north * np.cos(turn)
    across = east * np.cos(turn) - north * np.sin(turn)
    bell = np.exp(-0.5 * ((along / major_km) ** 2 + (across / minor_km) ** 2))
    field = lift * (floor + (1 - floor) * bell)
    return np.asarray(field / field.mean(axis=1, keepdims=True), dtype=np.float64)
