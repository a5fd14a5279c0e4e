"""Readings of one series for a chart: as they are, summed up, or their extremes alone."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

import numpy as np
from django.db import connection

from anlan.monitoring.core.columns import Columns, Floats, Ints
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import DOUBTFUL_FROM, EXCLUDED_FROM
from anlan.monitoring.store.reading import marks, stored_us

SECOND_US: Final = 1_000_000
MOST_ROWS: Final = 60_000
MOST_MARKED: Final = 300
STATIONS_AT_ONCE: Final = 10_000  # a statement holds so many values everywhere

_WITHIN = "station_id = %s AND element = %s AND observed_at > %s AND observed_at <= %s"
_ROWS = f"""
SELECT observed_at, value, quality FROM monitoring_reading
WHERE {_WITHIN} ORDER BY observed_at LIMIT %s
"""
_MARKED = f"""
SELECT observed_at, value, quality FROM monitoring_reading
WHERE {_WITHIN} AND quality >= %s ORDER BY observed_at LIMIT %s
"""
# An amount stands at the end of the time in which it fell: the bucket is that of just before.
_SUMS_POSTGRES = f"""
SELECT floor(extract(epoch FROM observed_at - interval '1 microsecond') / %s)::bigint * %s,
    sum(value)
FROM monitoring_reading WHERE {_WITHIN} AND quality < %s GROUP BY 1 ORDER BY 1
"""
_SUMS_SQLITE = f"""
SELECT (CAST(strftime('%%s', observed_at) AS INTEGER) - 1) / %s * %s, sum(value)
FROM monitoring_reading WHERE {_WITHIN} AND quality < %s GROUP BY 1 ORDER BY 1
"""
# The earliest of equal values is the one that is told.
_EXTREMES_POSTGRES = f"""
SELECT min(ARRAY[value, extract(epoch FROM observed_at)::float8]),
    max(ARRAY[value, -extract(epoch FROM observed_at)::float8])
FROM monitoring_reading WHERE {_WITHIN} AND quality < %s
GROUP BY date_bin(%s * interval '1 second', observed_at, '1970-01-01 00:00+00')
"""
# SQLite has no grouping in the order of the index; a look at each bucket is four times as fast.
_ONE_EXTREME = """
(SELECT {which}(value) || '|' || observed_at FROM monitoring_reading
 WHERE station_id = %s AND element = %s
 AND observed_at > json_extract(b.value, '$[0]')
 AND observed_at <= json_extract(b.value, '$[1]') AND quality < %s)
"""
_EXTREMES_SQLITE = (
    f"SELECT {_ONE_EXTREME.format(which='min')}, {_ONE_EXTREME.format(which='max')}"
    " FROM json_each(%s) AS b"
)


def rows_between(station: int, element: int, *, start: datetime, end: datetime) -> Columns:
    """Return the readings of a series after `start` and up to `end`, in order, of any quality."""
    return _columns(station, element, _asked(_ROWS, station, element, start, end, MOST_ROWS))


def marked_between(station: int, element: int, *, start: datetime, end: datetime) -> Columns:
    """Return the first readings of a series in a span that are doubtful or excluded, in order."""
    tail = (DOUBTFUL_FROM, MOST_MARKED)
    return _columns(station, element, _asked(_MARKED, station, element, start, end, *tail))


def sums_between(
    station: int, element: int, *, start: datetime, end: datetime, step_s: int
) -> tuple[Ints, Floats]:
    """Return where the buckets of `step_s` begin (µs) that hold counting readings, and their sums.

    Buckets begin at whole multiples of the step since 1970 UTC: days at eight in Beijing.
    """
    sql = _SUMS_POSTGRES if connection.vendor == "postgresql" else _SUMS_SQLITE
    values = [step_s, step_s, station, element, *_stored(start, end), EXCLUDED_FROM]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    begins = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    return begins * SECOND_US, np.array([row[1] for row in rows], dtype=np.float64)


def extremes_between(
    station: int, element: int, *, start: datetime, end: datetime, step_s: int
) -> tuple[Ints, Floats]:
    """Return instants (µs) and values of the lowest and highest counting reading of each bucket."""
    found: dict[int, float] = {}
    if connection.vendor == "postgresql":
        tail = (EXCLUDED_FROM, step_s)
        for low, high in _asked(_EXTREMES_POSTGRES, station, element, start, end, *tail):
            found[round(low[1] * SECOND_US)] = low[0]
            found[round(-high[1] * SECOND_US)] = high[0]
    else:
        each = [station, element, EXCLUDED_FROM]
        with connection.cursor() as cursor:
            cursor.execute(_EXTREMES_SQLITE, [*each, *each, json.dumps(_edges(start, end, step_s))])
            texts = [text for row in cursor.fetchall() for text in row if text]
        for text in texts:
            value, _bar, moment = text.partition("|")
            found[micros_of(datetime.fromisoformat(moment).replace(tzinfo=UTC))] = float(value)
    micros = np.array(sorted(found), dtype=np.int64)
    return micros, np.array([found[each] for each in micros.tolist()], dtype=np.float64)


def totals(
    stations: Collection[int], element: int, *, starts: Sequence[datetime], end: datetime
) -> dict[int, tuple[float | None, ...]]:
    """Return the counting amounts of each station after each of `starts` and up to `end`.

    A station without a reading since the earliest start is left out; None where only a later
    start has none.
    """
    keys = sorted(stations)
    found: dict[int, tuple[float | None, ...]] = {}
    for start in range(0, len(keys), STATIONS_AT_ONCE):
        some = keys[start : start + STATIONS_AT_ONCE]
        found |= _totals(some, element, starts=starts, end=end)
    return found


def _totals(
    stations: Sequence[int], element: int, *, starts: Sequence[datetime], end: datetime
) -> dict[int, tuple[float | None, ...]]:
    sums = ", ".join(["sum(CASE WHEN observed_at > %s THEN value END)"] * len(starts))
    sql = (
        f"SELECT station_id, {sums} FROM monitoring_reading WHERE station_id IN ({marks(stations)})"
        " AND element = %s AND observed_at > %s AND observed_at <= %s AND quality < %s"
        " GROUP BY station_id"
    )
    tail = [element, *_stored(min(starts), end), EXCLUDED_FROM]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_stored(*starts), *stations, *tail])
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _asked(sql: str, station: int, element: int, start: datetime, end: datetime, *tail: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, [station, element, *_stored(start, end), *tail])
        return cursor.fetchall()


def _stored(*moments: datetime) -> list[Any]:
    return [connection.ops.adapt_datetimefield_value(each) for each in moments]


def _edges(start: datetime, end: datetime, step_s: int) -> list[list[str]]:
    """Return each bucket of a span as the two texts between which SQLite keeps its instants."""
    first, last = int(start.timestamp()), int(end.timestamp())
    inner = range((first // step_s + 1) * step_s, last, step_s)
    marks = [datetime.fromtimestamp(each, tz=UTC) for each in (first, *inner, last)]
    texts = [str(each) for each in _stored(*marks)]
    return [[low, high] for low, high in pairwise(texts)]


def _columns(station: int, element: int, rows: list[tuple[Any, float, int]]) -> Columns:
    count = len(rows)
    return Columns(
        np.full(count, station, dtype=np.int64),
        np.full(count, element, dtype=np.int64),
        np.fromiter((stored_us(row[0]) for row in rows), dtype=np.int64, count=count),
        np.array([row[1] for row in rows], dtype=np.float64),
        np.array([row[2] for row in rows], dtype=np.int64),
    )
