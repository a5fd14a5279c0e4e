"""One element of one station over a span, in as many points as a chart can show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import Max, Sum

from anlan.monitoring.core.columns import EMPTY, Columns, Floats, Ints, joined
from anlan.monitoring.core.downsampling import (
    MOST_POINTS,
    bar_step_s,
    breaks_in,
    extremes_kept,
    line_step_s,
    summed,
)
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import DOUBTFUL_FROM, EXCLUDED_FROM
from anlan.monitoring.models import EvaluationCursor, Overruling, ReadingBatch
from anlan.monitoring.store.archive import archived
from anlan.monitoring.store.buckets import (
    MOST_MARKED,
    extremes_between,
    marked_between,
    rows_between,
    sums_between,
)

SUMMED: Final[Mapping[int, int]] = {
    0x21: 60,
    0x22: 300,
    0x23: 600,
    0x24: 1_800,
    0x1A: 3_600,
    0x1F: 86_400,
}
"""Elements that are amounts, by number, and the time in s in which each amount fell."""

AS_THEY_ARE: Final = timedelta(days=31)
"""Up to this span every reading of a line is looked at; beyond it the database thins out."""


@dataclass(frozen=True)
class Series:
    """What a chart draws of one element: N points in order, at most MOST_POINTS.

    Of an amount `micros` is where a bar of `step_s` begins (µs since 1970 UTC) and `values` its
    sum; of anything else the instant measured, and `step_s` is the run whose lowest and highest
    value are shown, 0 where every value is. After the places in `breaks` nothing was heard.
    `marked` are readings that are doubtful or excluded; the excluded ones stand in no point.
    """

    element: int
    step_s: int
    micros: Ints
    values: Floats
    breaks: Ints
    marked: Columns

    @property
    def is_summed(self) -> bool:
        """Tell whether the points are amounts."""
        return self.element in SUMMED


def version_of(station_id: int) -> str:
    """Return a text that changes with anything that a chart of a station shows.

    It holds the last durable batch, how often the rules have walked, and the last overruling.
    """
    batch = ReadingBatch.objects.aggregate(last=Max("pk"))["last"]
    turn = EvaluationCursor.objects.aggregate(turns=Sum("turn"))["turns"]
    overruled = Overruling.objects.filter(station=station_id).aggregate(last=Max("pk"))["last"]
    return f"{batch or 0}-{turn or 0}-{overruled or 0}"


def series(
    station_id: int, element: int, *, start: datetime, end: datetime, silent_s: int
) -> Series:
    """Return an element of a station that the caller may see, after `start` and up to `end`.

    A line is broken where it has no value for longer than `silent_s`.
    """
    if element in SUMMED:
        return _bars(station_id, element, start=start, end=end)
    return _line(station_id, element, start=start, end=end, silent_s=silent_s)


def sums_of(
    station_id: int, element: int, *, start: datetime, end: datetime, step_s: int
) -> tuple[Ints, Floats]:
    """Return where buckets of an amount begin (µs) and their sums, older months included."""
    begins, sums = sums_between(station_id, element, start=start, end=end, step_s=step_s)
    old = _counting(_archived(station_id, element, start=start, end=end))
    if not len(old):
        return begins, sums
    old_begins, old_sums = summed(old.micros, old.values, step_s=step_s)
    found, place = np.unique(np.concatenate([old_begins, begins]), return_inverse=True)
    weights = np.concatenate([old_sums, sums])
    return found.astype(np.int64), np.bincount(place.ravel(), weights=weights).astype(np.float64)


def extremes_of(
    station_id: int, element: int, *, start: datetime, end: datetime, step_s: int
) -> tuple[Ints, Floats]:
    """Return instants (µs) and values of the lows and highs of each run, older months included."""
    micros, values = extremes_between(station_id, element, start=start, end=end, step_s=step_s)
    old = _counting(_archived(station_id, element, start=start, end=end))
    if not len(old):
        return micros, values
    kept = extremes_kept(old.values, most=MOST_POINTS)
    return _ordered(
        np.concatenate([old.micros[kept], micros]), np.concatenate([old.values[kept], values])
    )


def _bars(station_id: int, element: int, *, start: datetime, end: datetime) -> Series:
    step_s = bar_step_s((end - start).total_seconds(), own_s=SUMMED[element])
    begins, sums = sums_of(station_id, element, start=start, end=end, step_s=step_s)
    marked = marked_between(station_id, element, start=start, end=end)
    return Series(element, step_s, begins, sums, _none(), marked)


def _line(
    station_id: int, element: int, *, start: datetime, end: datetime, silent_s: int
) -> Series:
    step_s = 0
    if end - start <= AS_THEY_ARE:
        old = _archived(station_id, element, start=start, end=end)
        rows = joined((old, rows_between(station_id, element, start=start, end=end)))
        marked = rows.at(np.flatnonzero(rows.quality >= DOUBTFUL_FROM)[:MOST_MARKED])
        rows = _counting(rows)
        micros, values = _ordered(rows.micros, rows.values)
    else:
        step_s = line_step_s((end - start).total_seconds())
        micros, values = extremes_of(station_id, element, start=start, end=end, step_s=step_s)
        marked = marked_between(station_id, element, start=start, end=end)
    kept = extremes_kept(values, most=MOST_POINTS)
    breaks = breaks_in(micros, longest_s=silent_s + 2 * step_s)
    # A silence lies between two values that both may have been thinned out.
    breaks = np.unique(np.searchsorted(kept, breaks, side="right") - 1) if breaks.size else breaks
    return Series(element, step_s, micros[kept], values[kept], breaks, marked)


def _archived(station_id: int, element: int, *, start: datetime, end: datetime) -> Columns:
    """Return what of a series lies in months that have left the table."""
    found = archived(station_id, element, start=start, end=end)
    return found.at(found.micros > micros_of(start)) if len(found) else EMPTY


def _counting(rows: Columns) -> Columns:
    return rows.at(rows.quality < EXCLUDED_FROM)


def _ordered(micros: Ints, values: Floats) -> tuple[Ints, Floats]:
    order = np.argsort(micros, kind="stable")
    return micros[order], values[order]


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)
