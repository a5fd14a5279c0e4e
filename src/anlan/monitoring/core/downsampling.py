"""Fewer points for a chart, of which none that an eye would miss is left out."""

from typing import Final

import numpy as np

from anlan.monitoring.core.columns import Floats, Ints

MOST_POINTS: Final = 1_200
SECOND_US: Final = 1_000_000
HOUR_S: Final = 3_600
DAY_S: Final = 86_400
BAR_STEPS_S: Final = (300, HOUR_S, DAY_S)
"""Bars hold five minutes, an hour, or a day of rain from eight to eight in Beijing."""
LINE_STEPS_S: Final = (600, 1_800, HOUR_S, 3 * HOUR_S, 6 * HOUR_S, 12 * HOUR_S, DAY_S)
TABLE_STEPS_S: Final = (300, 900, *LINE_STEPS_S[1:], 7 * DAY_S, 30 * DAY_S)
MOST_BREAKS: Final = 200


def extremes_kept(values: Floats, *, most: int) -> Ints:
    """Return the places of at most `most` of N values, rising: ends, and lows and highs between.

    The row of values is cut into runs of equal length; the lowest and the highest value of every
    run stay where they are, so that no peak vanishes however wide the view. With as many places
    as values, or more, all stay. Raises ValueError for fewer than 4.
    """
    if most < 4:
        raise ValueError("a chart needs four points or more")
    count = values.size
    if count <= most:
        return np.arange(count, dtype=np.int64)
    runs = (most - 2) // 2
    edges = np.linspace(1, count - 1, runs + 1).astype(np.int64)
    width = int(np.diff(edges).max())
    places = np.minimum(edges[:-1, np.newaxis] + np.arange(width), edges[1:, np.newaxis] - 1)
    inside = values[places]
    row = np.arange(runs)
    lows = places[row, inside.argmin(axis=1)]
    highs = places[row, inside.argmax(axis=1)]
    return np.unique(np.concatenate([[0], lows, highs, [count - 1]])).astype(np.int64)


def breaks_in(micros: Ints, *, longest_s: int) -> Ints:
    """Return after which places of N rising instants (µs) a line is broken: the longest silences.

    A gap of more than `longest_s` is one; of very many the longest count.
    """
    gaps = np.diff(micros)
    found = np.flatnonzero(gaps > longest_s * SECOND_US)
    if found.size > MOST_BREAKS:
        found = np.sort(found[np.argsort(gaps[found])[-MOST_BREAKS:]])
    return found.astype(np.int64)


def bar_step_s(span_s: float, *, own_s: int = BAR_STEPS_S[0]) -> int:
    """Return how much of a span one bar holds, in s: no less than one reading (`own_s`) does."""
    return _step(span_s, steps=BAR_STEPS_S, least_s=own_s, most=MOST_POINTS)


def line_step_s(span_s: float) -> int:
    """Return the run, in s, of whose values a line shows the lowest and the highest."""
    return _step(span_s, steps=LINE_STEPS_S, least_s=LINE_STEPS_S[0], most=MOST_POINTS // 2 - 1)


def table_step_s(span_s: float, *, most: int) -> int:
    """Return how much of a span a row of a table tells, in s, so that there are at most `most`."""
    return _step(span_s, steps=TABLE_STEPS_S, least_s=TABLE_STEPS_S[0], most=most)


def summed(micros: Ints, values: Floats, *, step_s: int) -> tuple[Ints, Floats]:
    """Return where the buckets with any of N amounts begin (µs), and their sums, in order.

    An amount stands at the end of the time in which it fell: one at nine fell before nine.
    """
    if not micros.size:
        return micros, values
    starts = (micros - 1) // (step_s * SECOND_US) * (step_s * SECOND_US)
    begins, place = np.unique(starts, return_inverse=True)
    sums = np.bincount(place.ravel(), weights=values).astype(np.float64)
    return begins.astype(np.int64), sums


def _step(span_s: float, *, steps: tuple[int, ...], least_s: int, most: int) -> int:
    """Return the smallest step with room for a span; whole days beyond the largest."""
    for step in steps:
        if step >= least_s and span_s / step <= most:
            return step
    return max(-(-int(span_s / most + 1) // DAY_S) * DAY_S, least_s)
