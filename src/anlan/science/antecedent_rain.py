"""Weigh the rain of the days before: for landslides, and for flash floods as the soil wets.

Time is the last axis, as in rain.py. Every result carries what the next day needs, so that a day
can be added to yesterday's numbers and gives just what the whole series would.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class EffectiveRain(NamedTuple):
    """Effective antecedent rain in mm, whether its window was whole, and the days to carry on.

    The first two have shape (..., T); `recent_mm` has shape (..., n), the newest day last, NaN
    where a day was missing or lies before the first.
    """

    effective_mm: Floats
    is_complete: NDArray[np.bool_]
    recent_mm: Floats


class RainEvents(NamedTuple):
    """Rain and hours of the event going on at the end of each hour, both 0 in none.

    `total_mm` and `duration_h` have shape (..., T), `dry_h` the hours since the last wet one. The
    last hour of each is what the next hour needs.
    """

    total_mm: Floats
    duration_h: Floats
    dry_h: Floats


@dataclass(frozen=True, slots=True)
class IntensityDuration:
    """A curve I = a D^-b of the mean intensity in mm/h that sets slides off, over D in h."""

    a: float
    b: float
    shortest_h: float
    longest_h: float
    source: str


# World-wide curves, to begin with: a place needs a calibration of its own, and a page that shows
# a level of them says so.
CAINE_1980 = IntensityDuration(
    14.82, 0.39, 0.167, 500.0, "Caine (1980), Geografiska Annaler A 62, 23-27: shallow slides"
)
GUZZETTI_2008 = IntensityDuration(
    2.20, 0.44, 0.1, 1000.0, "Guzzetti et al. (2008), Landslides 5, 3-17: lowest world-wide"
)

DRY_GAP_H = 6.0
WET_HOUR_MM = 0.5


def effective_rain(
    daily_mm: ArrayLike, *, k: float = 0.84, days: int = 15, before: ArrayLike | None = None
) -> EffectiveRain:
    """Return Pe = P0 + k P1 + ... + k^n Pn at the end of every day, n being `days`.

    `daily_mm` has shape (..., T), `before` the shape (..., n) of `recent_mm` of an earlier
    result. A day that is missing (NaN) or not known counts as 0: the sum is then a lower bound
    and incomplete. k of 0.8 to 0.84 and 7 to 15 days are usual. Raises ValueError for k outside
    0 to 1, no days, negative rain or another shape.
    Source: Crozier and Eyles (1980), with k by the day.
    """
    if not 0 < k < 1 or days < 1:
        raise ValueError("k lies between 0 and 1, and the window has a day or more")
    rain = _checked_rain(daily_mm)
    start = np.full((*rain.shape[:-1], days), np.nan) if before is None else _checked_rain(before)
    if start.shape != (*rain.shape[:-1], days):
        raise ValueError("what was before holds one value a day of the window")
    known = np.concatenate([start, rain], axis=-1)
    filled, is_there = np.nan_to_num(known), ~np.isnan(known)
    steps = rain.shape[-1]
    effective = np.zeros_like(rain)
    complete = np.ones(rain.shape, dtype=np.bool_)
    for ago in range(days + 1):
        window = slice(days - ago, days - ago + steps)
        effective += k**ago * filled[..., window]
        complete &= is_there[..., window]
    return EffectiveRain(effective, complete, known[..., known.shape[-1] - days :])


def antecedent_index_mm(
    daily_mm: ArrayLike, *, k: float, capacity_mm: ArrayLike, start_mm: ArrayLike
) -> Floats:
    """Return the antecedent precipitation index at the start of each day and after the last.

    Pa(t+1) = k (Pa(t) + P(t)), at most the capacity WM of the soil. `daily_mm` has shape
    (..., T), the result (..., T + 1): its first value is `start_mm` and its last is the start of
    the day to come. `capacity_mm` and `start_mm` have shape (...) or are one number. A missing day
    (NaN) neither dries nor wets, so that a silent gauge does not make the soil look dry. Raises
    ValueError for k outside 0 to 1, or rain, capacity or start negative or missing.
    Source: Kohler and Linsley (1951), with the cap of the Xin'anjiang model.
    """
    rain = _checked_rain(daily_mm)
    capacity = np.broadcast_to(np.asarray(capacity_mm, dtype=np.float64), rain.shape[:-1])
    index = np.empty((*rain.shape[:-1], rain.shape[-1] + 1))
    index[..., 0] = start_mm
    if not 0 < k < 1 or not np.all(capacity > 0) or not np.all(index[..., 0] >= 0):
        raise ValueError("k lies between 0 and 1, the capacity is positive, the start not negative")
    index[..., 0] = np.minimum(index[..., 0], capacity)
    for day in range(rain.shape[-1]):
        wetted = np.minimum(k * (index[..., day] + rain[..., day]), capacity)
        index[..., day + 1] = np.where(np.isnan(wetted), index[..., day], wetted)
    return index


def critical_rain_mm(
    antecedent_mm: ArrayLike, *, soil_mm: ArrayLike, critical_mm: ArrayLike
) -> Floats:
    """Return the critical rain of a village for the soil as it is now, in mm.

    `critical_mm` has shape (..., 3): the critical rain on dry, normal and wet soil, never rising.
    `soil_mm`, of that shape or (3,), is the antecedent rain for which each is meant, rising.
    Between them it lies on straight lines, outside it stays as at the end, so wetter soil never
    raises it. `antecedent_mm` broadcasts with the leading shape; where it is missing (NaN), the
    soil counts as wet. Raises ValueError for values in another order.
    """
    soil = np.asarray(soil_mm, dtype=np.float64)
    critical = np.asarray(critical_mm, dtype=np.float64)
    if soil.shape[-1:] != (3,) or critical.shape[-1:] != (3,):
        raise ValueError("dry, normal and wet soil have one value each")
    if not np.all(np.diff(soil) > 0) or not np.all(soil >= 0):
        raise ValueError("antecedent rain rises from dry to wet soil and is not negative")
    if not np.all(np.diff(critical) <= 0) or not np.all(critical > 0):
        raise ValueError("critical rain is positive and never rises from dry to wet soil")
    wetness = np.asarray(antecedent_mm, dtype=np.float64)
    wetness = np.where(np.isnan(wetness), np.inf, wetness)
    share = np.clip((wetness[..., np.newaxis] - soil[..., :-1]) / np.diff(soil), 0.0, 1.0)
    fallen = share * np.diff(critical)
    return np.asarray(critical[..., 0] + fallen[..., 0] + fallen[..., 1], dtype=np.float64)


def rain_events(hourly_mm: ArrayLike, *, before: RainEvents | None = None) -> RainEvents:
    """Return how much has fallen for how long in the rain event of each hour.

    `hourly_mm` has shape (..., T). An event begins with the first hour of 0.5 mm or more after 6
    hours or more without such an hour, and goes on until there have been 6 of them; lesser rain
    within it counts. A missing hour (NaN) counts as dry: what fell is then a lower bound. `before`
    is an earlier result; its last hour is gone on from. Raises ValueError for negative rain.
    """
    rain = np.nan_to_num(_checked_rain(hourly_mm))
    shape = rain.shape[:-1]
    events = RainEvents(*(np.empty_like(rain) for _ in range(3)))
    if before is None:
        total, duration, dry = np.zeros(shape), np.zeros(shape), np.full(shape, DRY_GAP_H)
    else:
        total, duration, dry = (np.asarray(each)[..., -1] for each in before)
    for hour in range(rain.shape[-1]):
        now = rain[..., hour]
        dry = np.where(now >= WET_HOUR_MM, 0.0, dry + 1.0)
        goes_on = dry < DRY_GAP_H
        total = np.where(goes_on, total + now, 0.0)
        duration = np.where(goes_on, duration + 1.0, 0.0)
        events.total_mm[..., hour] = total
        events.duration_h[..., hour] = duration
        events.dry_h[..., hour] = dry
    return events


def critical_intensity_mm_h(duration_h: ArrayLike, *, curve: IntensityDuration) -> Floats:
    """Return the mean intensity over a duration that sets slides off, in mm/h.

    I = a D^-b; NaN for a duration for which the curve was not made.
    """
    duration = np.asarray(duration_h, dtype=np.float64)
    is_known = (duration >= curve.shortest_h) & (duration <= curve.longest_h)
    return np.where(is_known, curve.a * np.where(is_known, duration, 1.0) ** -curve.b, np.nan)


def slide_level(
    events: RainEvents,
    *,
    curve: IntensityDuration,
    factors: Sequence[float] = (1.0, 1.5, 2.0, 3.0),
) -> Integers:
    """Return how many of the curve's multiples the event reaches, 0 to 4, of the events' shape.

    The mean intensity total / D reaches a multiple f where it is f a D^-b or more. `factors` rise;
    the defaults are examples, for want of a local calibration. An event shorter or longer than
    the curve was made for has level 0. Raises ValueError for factors that do not rise.
    """
    if not factors or min(factors) <= 0 or np.any(np.diff(factors) <= 0):
        raise ValueError("factors are positive and rise from level to level")
    critical = critical_intensity_mm_h(events.duration_h, curve=curve)
    has_curve = ~np.isnan(critical)
    intensity = events.total_mm / np.where(has_curve, events.duration_h, 1.0)
    reached = intensity / np.where(has_curve, critical, np.inf)
    return np.digitize(reached, factors).astype(np.int64)


def _checked_rain(values: ArrayLike) -> Floats:
    """Return rain with a time axis; raise ValueError where it is negative or infinite."""
    rain = np.asarray(values, dtype=np.float64)
    if rain.ndim == 0:
        raise ValueError("rain needs a time axis")
    if np.any(rain < 0) or np.any(np.isinf(rain)):
        raise ValueError("rain is neither negative nor infinite")
    return rain
