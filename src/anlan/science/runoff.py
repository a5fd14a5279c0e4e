"""Turn rain into the flow of a catchment."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc

Floats = NDArray[np.float64]

# 1 mm over 1 km2 in 1 h is 1 / 3.6 m3/s.
_MM_KM2_PER_H = 3.6


def nash_unit_hydrograph(n: ArrayLike, *, k_h: ArrayLike, dt_h: float, steps: int) -> Floats:
    """Return the share of a step's net rain that leaves in each step after it, shape (..., steps).

    `n` linear reservoirs in a row, each of storage constant `k_h` in hours; both broadcast to the
    leading shape. The share is the difference of the S-curve P(n, t/k), P being the regularised
    lower incomplete gamma function, so the shares sum to at most 1, and to 1 as steps grow.
    Raises ValueError unless n, k_h, dt_h and steps are positive.
    Source: Nash (1957), IAHS Publ. 45, 114-121, equations 8 and 12.
    """
    reservoirs = np.asarray(n, dtype=np.float64)[..., np.newaxis]
    constant = np.asarray(k_h, dtype=np.float64)[..., np.newaxis]
    if np.any(reservoirs <= 0) or np.any(constant <= 0) or dt_h <= 0 or steps < 1:
        raise ValueError("reservoirs, storage constant, step and steps are positive")
    times = np.arange(steps + 1) * dt_h
    s_curve = gammainc(reservoirs, times / constant)
    return np.asarray(np.diff(s_curve, axis=-1), dtype=np.float64)


def storage_constant_h(
    area_km2: ArrayLike,
    *,
    reference_area_km2: float,
    reference_k_h: float,
    exponent: float = 0.35,
) -> Floats:
    """Return the storage constant in h of catchments (...,) from that of a gauged one.

    k = k_ref (A / A_ref)^exponent. Lag grows with area to the power 0.3 to 0.4 in regional
    studies; the default is a planning value that a local calibration replaces.
    Raises ValueError unless all are positive.
    """
    area = np.asarray(area_km2, dtype=np.float64)
    if np.any(area <= 0) or min(reference_area_km2, reference_k_h, exponent) <= 0:
        raise ValueError("areas, constants and exponent are positive")
    return np.asarray(reference_k_h * (area / reference_area_km2) ** exponent, dtype=np.float64)


def net_rain_mm(
    rain_mm: ArrayLike, *, initial_loss_mm: ArrayLike, coefficient: ArrayLike
) -> Floats:
    """Return the rain that runs off, shape (..., T), in mm a step.

    The first `initial_loss_mm` of a storm wet the ground; of the rest the share `coefficient`
    runs off. Both have the leading shape of the rain or are one number. Raises ValueError for
    negative or missing rain, a negative loss, or a coefficient outside 0 to 1.
    """
    fallen = np.cumsum(_checked_rain(rain_mm), axis=-1)
    loss = np.asarray(initial_loss_mm, dtype=np.float64)[..., np.newaxis]
    share = np.asarray(coefficient, dtype=np.float64)[..., np.newaxis]
    if np.any(loss < 0) or np.any((share < 0) | (share > 1)):
        raise ValueError("a loss is not negative and a coefficient lies in 0 to 1")
    return _steps_of(np.maximum(fallen - loss, 0.0) * share)


def curve_number_net_rain_mm(
    rain_mm: ArrayLike, *, curve_number: ArrayLike, initial_ratio: float = 0.2
) -> Floats:
    """Return the rain that runs off by the curve number method, shape (..., T), in mm a step.

    S = 25400 / CN - 254, Ia = initial_ratio * S, R = (P - Ia)^2 / (P - Ia + S) for P > Ia, with P
    the rain since the start. Raises ValueError for rain as above, or CN outside (0, 100].
    Source: USDA NRCS, National Engineering Handbook part 630, chapter 10.
    """
    number = np.asarray(curve_number, dtype=np.float64)[..., np.newaxis]
    if np.any((number <= 0) | (number > 100)) or initial_ratio < 0:
        raise ValueError("a curve number lies in (0, 100]")
    retention = 25400.0 / number - 254.0
    excess = np.maximum(np.cumsum(_checked_rain(rain_mm), axis=-1) - initial_ratio * retention, 0.0)
    below = excess + retention
    return _steps_of(np.divide(excess**2, below, out=np.zeros_like(below), where=below > 0))


def route_net_rain_m3s(
    net_mm: ArrayLike,
    *,
    area_km2: ArrayLike,
    dt_h: float,
    n: ArrayLike,
    k_h: ArrayLike,
    base_flow_m3s: ArrayLike = 0.0,
) -> Floats:
    """Return the flow in m3/s, shape (..., T), that net rain (..., T) in mm a step makes.

    Area in km2, `n`, `k_h` and base flow have the rain's leading shape or are one number.
    Flow is stamped with the end of its step. Raises ValueError for what is not positive.
    """
    net = np.asarray(net_mm, dtype=np.float64)
    steps, leading = net.shape[-1], net.shape[:-1]
    area = np.asarray(area_km2, dtype=np.float64)
    if np.any(area <= 0):
        raise ValueError("an area is positive")
    shares = nash_unit_hydrograph(n, k_h=k_h, dt_h=dt_h, steps=steps)
    shares = np.broadcast_to(shares, (*leading, steps)).reshape(-1, steps)
    rows = net.reshape(-1, steps)
    depth = np.empty_like(rows)
    for row, (rain, share) in enumerate(zip(rows, shares, strict=True)):
        depth[row] = np.convolve(rain, share)[:steps]
    base = np.asarray(base_flow_m3s, dtype=np.float64)[..., np.newaxis]
    return np.asarray(
        base + depth.reshape(net.shape) * area[..., np.newaxis] / (_MM_KM2_PER_H * dt_h),
        dtype=np.float64,
    )


def catchment_flow_m3s(
    rain_mm: ArrayLike,
    *,
    area_km2: ArrayLike,
    dt_h: float,
    n: ArrayLike,
    k_h: ArrayLike,
    initial_loss_mm: ArrayLike,
    coefficient: ArrayLike,
    base_flow_m3s: ArrayLike = 0.0,
) -> Floats:
    """Return the flow in m3/s, shape (..., T), at the end of every step of rain (..., T) in mm.

    Loss as in `net_rain_mm`, routing as in `route_net_rain_m3s`; errors and sources are theirs.
    """
    net = net_rain_mm(rain_mm, initial_loss_mm=initial_loss_mm, coefficient=coefficient)
    return route_net_rain_m3s(
        net, area_km2=area_km2, dt_h=dt_h, n=n, k_h=k_h, base_flow_m3s=base_flow_m3s
    )


def nash_sutcliffe(observed: ArrayLike, *, simulated: ArrayLike) -> float:
    """Return the efficiency of a simulation: 1 is perfect, 0 no better than the observed mean.

    Both have one shape and one unit; steps missing (NaN) in either are left out. Raises
    ValueError for different shapes or observations that never change.
    Source: Nash and Sutcliffe (1970), J. Hydrol. 10, 282-290.
    """
    seen, made = np.asarray(observed, dtype=np.float64), np.asarray(simulated, dtype=np.float64)
    if seen.shape != made.shape:
        raise ValueError("observed and simulated have one shape")
    both = ~(np.isnan(seen) | np.isnan(made))
    seen, made = seen[both], made[both]
    spread = float(np.sum((seen - seen.mean()) ** 2)) if seen.size else 0.0
    if spread == 0:
        raise ValueError("observations that never change have no efficiency")
    return 1.0 - float(np.sum((seen - made) ** 2)) / spread


def _checked_rain(rain_mm: ArrayLike) -> Floats:
    rain = np.asarray(rain_mm, dtype=np.float64)
    if rain.ndim == 0 or not np.all(rain >= 0):
        raise ValueError("rain has a time axis and is neither negative nor missing")
    return rain


def _steps_of(total: Floats) -> Floats:
    """Return what is added in each step of a running total."""
    return np.asarray(np.diff(total, axis=-1, prepend=0.0), dtype=np.float64)
