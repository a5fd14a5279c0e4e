"""Route a flood through a reservoir with a level pool."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class LevelOutOfTable(ValueError):
    """The pool leaves the range of levels whose storage and outflow are known."""

    def __init__(self, step: int, *, bound_m: float) -> None:
        super().__init__(f"at step {step} the level passes {bound_m} m, where the table ends")
        self.step = step
        self.bound_m = bound_m


class PoolRouting(NamedTuple):
    """Level in m, storage in m3 and outflow in m3/s at each time of the inflow, shape (T,)."""

    level_m: Floats
    storage_m3: Floats
    outflow_m3s: Floats


def route_level_pool(
    inflow_m3s: ArrayLike,
    *,
    levels_m: ArrayLike,
    storage_m3: ArrayLike,
    outflow_m3s: ArrayLike,
    dt_s: float,
    start_level_m: float,
) -> PoolRouting:
    """Return how level, storage and outflow follow an inflow of shape (T,), dt_s seconds apart.

    The table has R rows: `levels_m` and `storage_m3` rising, `outflow_m3s` never falling; values
    between rows lie on straight lines. (2 S2/dt + Q2) = (I1 + I2) + (2 S1/dt - Q1) is solved by
    looking up its left side, which grows with the level. Choose dt at most 1/5 of the rise time.
    Raises ValueError for a table of another form and LevelOutOfTable where the pool leaves it.
    Source: Chow, Maidment and Mays (1988), Applied Hydrology, section 8.2.
    """
    inflow = np.asarray(inflow_m3s, dtype=np.float64)
    levels, storage, outflow = _checked_table(levels_m, storage_m3, outflow_m3s)
    if inflow.ndim != 1 or not inflow.size or np.any(~(inflow >= 0)) or dt_s <= 0:
        raise ValueError("inflow has one axis and is not negative, and the step is positive")
    if not levels[0] <= start_level_m <= levels[-1]:
        raise LevelOutOfTable(0, bound_m=float(levels[0 if start_level_m < levels[0] else -1]))
    indication = 2 * storage / dt_s + outflow
    found = np.empty(inflow.size)
    found[0] = np.interp(start_level_m, levels, indication)
    leaving = float(np.interp(start_level_m, levels, outflow))
    for step in range(1, inflow.size):
        known = inflow[step - 1] + inflow[step] + found[step - 1] - 2 * leaving
        if known > indication[-1]:
            raise LevelOutOfTable(step, bound_m=float(levels[-1]))
        if known < indication[0]:
            raise LevelOutOfTable(step, bound_m=float(levels[0]))
        found[step] = known
        leaving = float(np.interp(known, indication, outflow))
    return PoolRouting(
        np.interp(found, indication, levels),
        np.interp(found, indication, storage),
        np.interp(found, indication, outflow),
    )


def weir_outflow_m3s(
    level_m: ArrayLike, *, crest_m: float, width_m: float, coefficient: float = 1.7
) -> Floats:
    """Return the flow Q = m B H^1.5 over a free weir in m3/s, of the level's shape.

    H is the level over the crest in m, 0 below it; `coefficient` m (sqrt(2g) inside) is 1.4 to
    1.8 in m^0.5/s. Raises ValueError for a width or coefficient that is not positive.
    """
    if width_m <= 0 or coefficient <= 0:
        raise ValueError("width and coefficient are positive")
    head = np.maximum(np.asarray(level_m, dtype=np.float64) - crest_m, 0.0)
    return np.asarray(coefficient * width_m * head**1.5, dtype=np.float64)


def passing_time_s(level_m: ArrayLike, *, threshold_m: float, dt_s: float) -> float | None:
    """Return when, in s after the first value, a level curve (T,) first reaches a threshold.

    Between two values the level moves on a straight line. None where it never does.
    """
    levels = np.asarray(level_m, dtype=np.float64)
    above = np.flatnonzero(levels >= threshold_m)
    if not above.size:
        return None
    step = int(above[0])
    if step == 0:
        return 0.0
    before, after = float(levels[step - 1]), float(levels[step])
    return (step - 1 + (threshold_m - before) / (after - before)) * dt_s


def _checked_table(
    levels_m: ArrayLike, storage_m3: ArrayLike, outflow_m3s: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return the columns of the table; raise ValueError unless one level has one storage."""
    levels, storage, outflow = (
        np.asarray(column, dtype=np.float64) for column in (levels_m, storage_m3, outflow_m3s)
    )
    if levels.ndim != 1 or levels.size < 2 or not levels.shape == storage.shape == outflow.shape:
        raise ValueError("the table has three columns of one length, two rows or more")
    if not (np.all(np.diff(levels) > 0) and np.all(np.diff(storage) > 0)):
        raise ValueError("levels and storage rise from row to row")
    if not np.all(np.diff(outflow) >= 0) or outflow[0] < 0:
        raise ValueError("outflow is not negative and never falls as the level rises")
    return levels, storage, outflow
