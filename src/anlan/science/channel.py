"""Relate stage and discharge in a trapezoidal channel."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_HALVINGS = 60


def discharge_m3s(
    stage_m: ArrayLike,
    *,
    bottom_width_m: ArrayLike,
    side_slope: ArrayLike,
    bed_slope: ArrayLike,
    roughness: ArrayLike,
) -> Floats:
    """Return the uniform flow in m3/s at a stage over the bed in m; all arguments broadcast.

    Q = A R^(2/3) S^(1/2) / n, with A = (b + z h) h and P = b + 2 h (1 + z^2)^(1/2). `side_slope`
    z is metres across for one metre up; `roughness` is Manning's n in s/m^(1/3). A stage below
    the bed carries nothing. Raises ValueError for a width, slope or roughness not positive, or a
    negative side slope. Source: Chow (1959), Open-Channel Hydraulics, equation 5-6.
    """
    width, side, slope, rough = _checked(bottom_width_m, side_slope, bed_slope, roughness)
    stage = np.maximum(np.asarray(stage_m, dtype=np.float64), 0.0)
    area = (width + side * stage) * stage
    perimeter = width + 2 * stage * np.sqrt(1 + side**2)
    flow = area * (area / perimeter) ** (2 / 3) * np.sqrt(slope) / rough
    return np.asarray(flow, dtype=np.float64)


def stage_m(
    discharge: ArrayLike,
    *,
    bottom_width_m: ArrayLike,
    side_slope: ArrayLike,
    bed_slope: ArrayLike,
    roughness: ArrayLike,
) -> Floats:
    """Return the stage over the bed in m at which a uniform flow in m3/s passes.

    The inverse of `discharge_m3s`, by halving an interval until it is narrower than a double can
    tell; all arguments broadcast. Raises ValueError as there, and for a negative or missing flow.
    """
    wanted = np.asarray(discharge, dtype=np.float64)
    if not np.all((wanted >= 0) & np.isfinite(wanted)):
        raise ValueError("a discharge is not negative")
    width, side, slope, rough = _checked(bottom_width_m, side_slope, bed_slope, roughness)

    def flow(stage: Floats) -> Floats:
        return discharge_m3s(
            stage, bottom_width_m=width, side_slope=side, bed_slope=slope, roughness=rough
        )

    shape = np.broadcast_shapes(wanted.shape, width.shape, side.shape, slope.shape, rough.shape)
    low, high = np.zeros(shape), np.ones(shape)
    while np.any(short := flow(high) < wanted):
        high = np.where(short, 2 * high, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = flow(middle) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(wanted == 0, 0.0, high)


def _checked(*numbers: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """Return width, side slope, bed slope and roughness as arrays of numbers in range."""
    width, side, slope, rough = (np.asarray(number, dtype=np.float64) for number in numbers)
    if not all(np.all(number > 0) for number in (width, slope, rough)) or not np.all(side >= 0):
        raise ValueError("width, bed slope and roughness are positive, the side slope not negative")
    return width, side, slope, rough
