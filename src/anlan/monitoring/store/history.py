"""What many stations measured over a long time, in bulk: from the table and from the archive."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, Final

import numpy as np
from django.db import connection

from anlan.monitoring.core.columns import EMPTY, Columns, joined
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.retention import month_of
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.models import ArchivedMonth
from anlan.monitoring.store.archive import folder, parquet
from anlan.monitoring.store.reading import marks

_CHUNK: Final = 50_000
_RECORD: Final = np.dtype([("second", ">i8"), ("value", ">f8")])
# The server packs each series into one value: a row a reading costs ten times as much to fetch.
_PACKED: Final = """
SELECT station_id, element,
    string_agg(int8send(extract(epoch FROM observed_at)::bigint) || float8send(value), ''::bytea)
FROM monitoring_reading WHERE {wanted} GROUP BY station_id, element
"""
_PLAIN: Final = """
SELECT station_id, element, CAST(strftime('%%s', observed_at) AS INTEGER), value
FROM monitoring_reading WHERE {wanted}
"""


def history(
    stations: Collection[int],
    elements: Collection[int],
    *,
    start: datetime,
    end: datetime,
    without_zeros: bool = False,
) -> Columns:
    """Return the counting readings of these stations from `start` up to, not with, `end`.

    In no order and to the second; `without_zeros` leaves out values of 0, which add to no sum.
    """
    if not stations or not elements or start >= end:
        return EMPTY
    zeros = " AND value <> 0" if without_zeros else ""
    wanted = (
        f"station_id IN ({marks(stations)}) AND element IN ({marks(elements)})"
        f" AND observed_at >= %s AND observed_at < %s AND quality < %s{zeros}"
    )
    adapt = connection.ops.adapt_datetimefield_value
    values = [*stations, *elements, adapt(start), adapt(end), EXCLUDED_FROM]
    rows = _packed if connection.vendor == "postgresql" else _plain
    in_archive = _archived(stations, elements, start=start, end=end)
    return joined([*in_archive, *rows(wanted, values)])


def _archived(
    stations: Collection[int], elements: Collection[int], *, start: datetime, end: datetime
) -> Iterator[Columns]:
    """Yield what the files of months that left the table hold of it, file by file."""
    months = ArchivedMonth.objects.filter(
        dropped_at__isnull=False, month__gte=month_of(start), month__lte=month_of(end)
    )
    for name in months.order_by("month").values_list("file_name", flat=True):
        rows: Columns = parquet().read_many(
            folder() / name,
            stations=stations,
            elements=elements,
            start_us=micros_of(start),
            end_us=micros_of(end),
        )
        yield rows.at(rows.quality < EXCLUDED_FROM)


def _packed(wanted: str, values: list[Any]) -> Iterator[Columns]:
    with connection.cursor() as cursor:
        cursor.execute(_PACKED.format(wanted=wanted), values)
        for station, element, packed in cursor:
            found = np.frombuffer(packed, dtype=_RECORD)
            yield _columns(
                np.full(found.size, station),
                np.full(found.size, element),
                found["second"].astype(np.int64),
                found["value"].astype(np.float64),
            )


def _plain(wanted: str, values: list[Any]) -> Iterator[Columns]:
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN.format(wanted=wanted), values)
        while rows := cursor.fetchmany(_CHUNK):
            flat = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=4 * len(rows))
            station, element, second, value = flat.reshape(-1, 4).T
            yield _columns(station, element, second.astype(np.int64), value)


def _columns(station: Any, element: Any, second: Any, value: Any) -> Columns:
    return Columns(
        np.asarray(station, dtype=np.int64),
        np.asarray(element, dtype=np.int64),
        second * 1_000_000,
        np.ascontiguousarray(value),
        np.zeros(value.size, dtype=np.int64),
    )
