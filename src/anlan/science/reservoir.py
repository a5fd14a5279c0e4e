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


class PoolForecast(NamedTuple):
    """What a pool will do, at each time in s after the last level known, shape (T,).

    From `leaves_table_s` on, where there is such a time, the pool stands higher than its table
    tells: `level_m` is then a lower bound, "at least", and `is_at_least` says so. The inflow is
    what was counted on, in m3/s.
    """

    time_s: Floats
    level_m: Floats
    inflow_m3s: Floats
    is_at_least: NDArray[np.bool_]
    leaves_table_s: float | None


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
    return _first_reached(
        dt_s * np.arange(levels.size, dtype=np.float64), levels, threshold=threshold_m
    )


def time_to_level_s(forecast: PoolForecast, *, level_m: float) -> float | None:
    """Return when, in s after the last level known, a pool first reaches a level.

    Between two times the level moves on a straight line; None where the forecast never gets there.
    A level above the table counts as reached when the pool leaves the table: nobody can say that
    it takes longer.
    """
    leaves_s = forecast.leaves_table_s
    if leaves_s is None:
        return _first_reached(forecast.time_s, forecast.level_m, threshold=level_m)
    known = ~forecast.is_at_least
    times = np.append(forecast.time_s[known], leaves_s)
    levels = np.append(forecast.level_m[known], forecast.level_m[-1])
    return _first_reached(times, levels, threshold=min(level_m, float(levels[-1])))


def inflow_from_levels_m3s(
    level_m: ArrayLike,
    *,
    levels_m: ArrayLike,
    storage_m3: ArrayLike,
    outflow_m3s: ArrayLike,
    dt_s: float,
) -> Floats:
    """Return the mean inflow between each two levels of a series (T,), shape (T - 1,), in m3/s.

    I = (S2 - S1) / dt + (Q1 + Q2) / 2: the routing the other way round. A centimetre more or less
    in a reading is much water, so single values scatter, and may be negative; NaN beside a level
    that is missing. Levels outside the table count as its ends. Raises ValueError as the routing.
    """
    levels, storage, outflow = _checked_table(levels_m, storage_m3, outflow_m3s)
    series = np.asarray(level_m, dtype=np.float64)
    if series.ndim != 1 or dt_s <= 0:
        raise ValueError("levels have one axis, and the step is positive")
    stored, leaving = np.interp(series, levels, storage), np.interp(series, levels, outflow)
    return np.asarray(np.diff(stored) / dt_s + (leaving[1:] + leaving[:-1]) / 2, dtype=np.float64)


def forecast_pool(
    level_m: ArrayLike,
    *,
    levels_m: ArrayLike,
    storage_m3: ArrayLike,
    outflow_m3s: ArrayLike,
    dt_s: float,
    hours: float = 6.0,
    recent_h: float = 1.0,
    rain_inflow_m3s: ArrayLike | None = None,
) -> PoolForecast:
    """Return the levels of the hours to come, from the recent levels of a pool.

    `level_m` has shape (K,), dt_s seconds apart, the newest last, NaN where missing; time counts
    from the newest that is not. The inflow is taken to go on as it was over the last `recent_h`
    hours (the straight line through the storage, plus the outflow, never negative);
    `rain_inflow_m3s`, what forecast rain will add, of shape (T,) at 0, dt, ... up to `hours`, comes
    on top. From one level alone the pool is taken to stand still but for the rain.

    A pool above its table gets no exact answer but a safe one: at least the top of the table, or
    the present level where that is higher, from then on to the end. Below its table it is taken
    to stand at the lowest level. Raises ValueError for a table of another form, no level at all,
    or rain of another shape, negative or missing.
    """
    table = _checked_table(levels_m, storage_m3, outflow_m3s)
    known = _until_last_known(level_m)
    if dt_s <= 0 or hours <= 0 or recent_h <= 0:
        raise ValueError("step, hours and recent hours are positive")
    count = int(np.ceil(hours * 3600 / dt_s - 1e-9)) + 1
    inflow = np.full(count, _recent_inflow(known, table=table, dt_s=dt_s, recent_h=recent_h))
    if rain_inflow_m3s is not None:
        added = np.asarray(rain_inflow_m3s, dtype=np.float64)
        if added.shape != inflow.shape or not np.all(added >= 0):
            raise ValueError(f"inflow from rain has {count} values, none negative or missing")
        inflow += added
    return _forecast(float(known[-1]), inflow=inflow, table=table, dt_s=dt_s)


def _forecast(
    start_m: float, *, inflow: Floats, table: tuple[Floats, Floats, Floats], dt_s: float
) -> PoolForecast:
    """Return the levels of a routing that stops where the pool passes the top of its table."""
    levels, storage, outflow = table
    indication = 2 * storage / dt_s + outflow
    level = np.full(inflow.size, max(start_m, float(levels[-1])))
    leaves_s = 0.0 if start_m > levels[-1] else None
    found = float(np.interp(start_m, levels, indication))
    for step in range(inflow.size if leaves_s is None else 0):
        level[step] = np.interp(found, indication, levels)
        leaving = float(np.interp(found, indication, outflow))
        due = float(inflow[step : step + 2].sum()) + found - 2 * leaving
        if step + 1 < inflow.size and due > indication[-1]:
            leaves_s = dt_s * (step + (float(indication[-1]) - found) / (due - found))
            break
        found = max(due, float(indication[0]))
    time = dt_s * np.arange(inflow.size, dtype=np.float64)
    is_at_least = np.zeros(time.size, dtype=np.bool_) if leaves_s is None else time >= leaves_s
    return PoolForecast(time, level, inflow, is_at_least, leaves_s)


def _recent_inflow(
    level_m: Floats, *, table: tuple[Floats, Floats, Floats], dt_s: float, recent_h: float
) -> float:
    """Return the inflow over the last hours in m3/s: the trend of the storage plus the outflow.

    Two levels at least make a trend, however far the one before the last lies back.
    """
    levels, storage, outflow = table
    there = np.flatnonzero(~np.isnan(level_m))
    is_recent = there >= level_m.size - 1 - recent_h * 3600 / dt_s
    there = there[min(int(np.argmax(is_recent)), max(there.size - 2, 0)) :]
    stored = np.interp(level_m[there], levels, storage)
    leaving = float(np.interp(level_m[there], levels, outflow).mean())
    if there.size < 2:
        return leaving
    time = (there - there.mean()) * dt_s
    return max(float(time @ stored / (time @ time)) + leaving, 0.0)


def _until_last_known(level_m: ArrayLike) -> Floats:
    """Return a series of levels up to the newest that is there."""
    series = np.asarray(level_m, dtype=np.float64)
    if series.ndim != 1 or np.any(np.isinf(series)) or np.all(np.isnan(series)):
        raise ValueError("levels have one axis, are finite, and one at least is known")
    return series[: np.flatnonzero(~np.isnan(series))[-1] + 1]


def _first_reached(time_s: Floats, level_m: Floats, *, threshold: float) -> float | None:
    """Return when a curve of straight lines first reaches a threshold, None where it never does."""
    above = np.flatnonzero(level_m >= threshold)
    if not above.size:
        return None
    step = int(above[0])
    if step == 0:
        return float(time_s[0])
    before, after = float(level_m[step - 1]), float(level_m[step])
    passed = float(time_s[step] - time_s[step - 1]) * (threshold - before) / (after - before)
    return float(time_s[step - 1]) + passed


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
