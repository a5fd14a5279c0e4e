"""Route a flood down a river reach by the Muskingum method."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def muskingum_coefficients(k_h: float, *, x: float, dt_h: float) -> tuple[float, float, float]:
    """Return C0, C1, C2, whose sum is 1 and none of which is negative.

    `k_h` is the travel time of the reach in h, `x` (0 to 0.5) the weight of the inflow. Raises
    ValueError unless 2 K X <= dt <= 2 K (1 - X), outside which flows turn negative.
    Source: Chow, Maidment and Mays (1988), Applied Hydrology, equations 8.4.8 to 8.4.10.
    """
    if k_h <= 0 or not 0 <= x <= 0.5:
        raise ValueError("K is positive and X lies in 0 to 0.5")
    if not 2 * k_h * x <= dt_h <= 2 * k_h * (1 - x):
        raise ValueError("the step must lie between 2 K X and 2 K (1 - X)")
    divisor = 2 * k_h * (1 - x) + dt_h
    return (
        (dt_h - 2 * k_h * x) / divisor,
        (dt_h + 2 * k_h * x) / divisor,
        (2 * k_h * (1 - x) - dt_h) / divisor,
    )


def route_muskingum(
    inflow: ArrayLike,
    *,
    k_h: float,
    x: float,
    dt_h: float,
    start_outflow: ArrayLike | None = None,
) -> Floats:
    """Return the outflow of a reach, shape (..., T), for an inflow (..., T) in the same unit.

    Q2 = C0 I2 + C1 I1 + C2 Q1. `start_outflow` (...) is the first outflow; the first inflow, that
    is a steady state, unless given. Errors are those of `muskingum_coefficients`.
    Source: Chow, Maidment and Mays (1988), Applied Hydrology, equation 8.4.7.
    """
    c0, c1, c2 = muskingum_coefficients(k_h, x=x, dt_h=dt_h)
    entering = np.asarray(inflow, dtype=np.float64)
    leaving = np.empty_like(entering)
    leaving[..., 0] = entering[..., 0] if start_outflow is None else start_outflow
    gained = c0 * entering[..., 1:] + c1 * entering[..., :-1]
    for step in range(1, entering.shape[-1]):
        leaving[..., step] = gained[..., step - 1] + c2 * leaving[..., step - 1]
    return leaving
