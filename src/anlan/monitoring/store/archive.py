"""Months of readings that left the table for Parquet files, and can still be read."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection

from anlan.monitoring.core.columns import Columns, joined
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.retention import month_of
from anlan.monitoring.models import ArchivedMonth
from anlan.monitoring.store import partitions
from anlan.monitoring.store.reading import columns_from

_MONTH = """
SELECT station_id, element, observed_at, value, quality FROM monitoring_reading
WHERE observed_at >= %s AND observed_at < %s ORDER BY station_id, element, observed_at
"""
_CHUNK = 50_000


def archived(station_id: int, element: int, *, start: datetime, end: datetime) -> Columns:
    """Return the readings of a station's element in a span that are in the archive, by time."""
    months = ArchivedMonth.objects.filter(
        dropped_at__isnull=False, month__gte=month_of(start), month__lte=month_of(end)
    )
    return joined(
        parquet().read(
            folder() / name,
            station=station_id,
            element=element,
            start_us=micros_of(start),
            end_us=micros_of(end),
        )
        for name in months.order_by("month").values_list("file_name", flat=True)
    )


def write_month(month: date) -> tuple[str, int, str]:
    """Write a month of the table into its file; return its name, its rows and its digest."""
    folder().mkdir(parents=True, exist_ok=True)
    name = f"readings-{month:%Y-%m}.parquet"
    path = folder() / name
    rows = parquet().write(_rows_of(month), to=path)
    return name, rows, parquet().digest(path)


def is_whole(row: ArchivedMonth) -> bool:
    """Tell whether the file of a month is there as it was written."""
    path = folder() / row.file_name
    return (
        path.exists() and parquet().count(path) == row.rows and parquet().digest(path) == row.digest
    )


def drop_month(month: date) -> None:
    """Take a month out of the table, in the transaction of the caller."""
    low, high = partitions.bounds_of(month)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TABLE IF EXISTS {partitions.table_of(month)}")
        else:
            cursor.execute(
                "DELETE FROM monitoring_reading WHERE observed_at >= %s AND observed_at < %s",
                [adapt(low), adapt(high)],
            )
    partitions.forget()


def oldest_month() -> date | None:
    """Return the month of the oldest reading in the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT min(c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                " WHERE i.inhparent = 'monitoring_reading'::regclass"
            )
            (name,) = cursor.fetchone()
            return None if name is None else _month_of_table(name)
        cursor.execute("SELECT min(observed_at) FROM monitoring_reading")
        (oldest,) = cursor.fetchone()
        return None if oldest is None else date.fromisoformat(str(oldest)[:10]).replace(day=1)


def folder() -> Path:
    """Return the folder of the archive."""
    return Path(settings.ANLAN_ARCHIVE)


@cache
def parquet() -> ModuleType:
    """Return the module that reads and writes the files, loaded on first use."""
    return import_module("anlan.monitoring.store._parquet")


def _month_of_table(name: str) -> date:
    year, month = name.removeprefix("monitoring_reading_").split("_")
    return date(int(year), int(month), 1)


def _rows_of(month: date) -> Iterator[Columns]:
    low, high = partitions.bounds_of(month)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.chunked_cursor() as cursor:
        cursor.execute(_MONTH, [adapt(low), adapt(high)])
        while rows := cursor.fetchmany(_CHUNK):
            yield columns_from(rows)
