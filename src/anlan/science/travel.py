"""Estimate how fast people walk and how long a way takes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# The slow end of the ranges 1.0-1.2 and 0.5-0.8 m/s: a plan must not be late.
FIT_M_S = 1.0
ELDERLY_M_S = 0.5

DARK_OR_RAIN_FACTOR = 0.7
STEEP_FACTOR = 0.6
STEEP_SLOPE = 0.2


def walking_speed_m_s(
    level_speed_m_s: ArrayLike = FIT_M_S,
    *,
    slope: ArrayLike = 0.0,
    is_dark_or_raining: ArrayLike = False,
) -> Floats:
    """Return the planning speed on foot in m/s; all arguments broadcast.

    `level_speed_m_s` is that by day on level ground, `slope` the rise or fall as a share of the
    way (0.25 is 25 %). Night or rain slows to 0.7, a slope of 20 % or more to 0.6 and a smaller
    one in proportion. The figures are planning values, to be set by local drills. Raises
    ValueError for a speed that is not positive.
    """
    speed = np.asarray(level_speed_m_s, dtype=np.float64)
    if not np.all(speed > 0):
        raise ValueError("a speed is positive")
    steepness = np.abs(np.asarray(slope, dtype=np.float64))
    by_slope = np.interp(steepness, [0.0, STEEP_SLOPE], [1.0, STEEP_FACTOR])
    by_sight = np.where(np.asarray(is_dark_or_raining), DARK_OR_RAIN_FACTOR, 1.0)
    return np.asarray(speed * by_slope * by_sight, dtype=np.float64)


def travel_minutes(distance_m: ArrayLike, *, speed_m_s: ArrayLike) -> Floats:
    """Return the minutes that a distance in m takes at a speed in m/s; both broadcast.

    Raises ValueError for a negative distance or a speed that is not positive.
    """
    distance = np.asarray(distance_m, dtype=np.float64)
    speed = np.asarray(speed_m_s, dtype=np.float64)
    if np.any(distance < 0) or not np.all(speed > 0):
        raise ValueError("a distance is not negative and a speed is positive")
    return np.asarray(distance / speed / 60.0, dtype=np.float64)
