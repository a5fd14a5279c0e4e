"""Readings written in bulk."""

from typing import Any

import numpy as np
from django.db import IntegrityError, connection, transaction

from anlan.monitoring.core.columns import EMPTY, Columns, Floats, Ints
from anlan.monitoring.core.intake import moment_of
from anlan.monitoring.store import partitions

_POSTGRES_EPOCH_US = 946_684_800_000_000  # 2000-01-01, from which the binary form counts
_COPY = "COPY monitoring_reading (station_id, element, observed_at, value, quality) FROM STDIN"
_INSERT = """
INSERT INTO monitoring_reading (station_id, element, observed_at, value, quality)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_EXISTING = """
SELECT k.place, r.value
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[])
    WITH ORDINALITY AS k (station_id, element, observed_at, place)
JOIN monitoring_reading r USING (station_id, element, observed_at)
"""
_EXISTING_ONE = """
SELECT value FROM monitoring_reading
WHERE station_id = %s AND element = %s AND observed_at = %s
"""
_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("n1", ">i4"),
        ("station", ">i8"),
        ("n2", ">i4"),
        ("element", ">i2"),
        ("n3", ">i4"),
        ("moment", ">i8"),
        ("n4", ">i4"),
        ("value", ">f8"),
        ("n5", ">i4"),
        ("quality", ">i2"),
    ]
)
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TAIL = b"\xff\xff"


def store_fresh(rows: Columns, *, is_sure: bool) -> tuple[Columns, Columns]:
    """Store rows of which none is thought to be there; return what was stored, and what was there.

    Should one be there after all, another process having brought it, each is looked at; with
    `is_sure` IntegrityError is raised instead, and the caller's transaction is lost.
    """
    if not len(rows):
        return EMPTY, EMPTY
    partitions.ready_for(rows.micros)
    if is_sure:
        _write(rows)
        return rows, EMPTY
    try:
        with transaction.atomic():
            _write(rows)
    except IntegrityError:
        return store_late(rows)
    return rows, EMPTY


def store_late(rows: Columns) -> tuple[Columns, Columns]:
    """Store those of the rows that are not there; return them, and the others."""
    if not len(rows):
        return EMPTY, EMPTY
    partitions.ready_for(rows.micros)
    there = existing(rows)
    is_there = ~np.isnan(there)
    absent = rows.at(~is_there)
    if len(absent):
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, _tuples(absent))
    return absent, rows.at(is_there)


def existing(rows: Columns) -> Floats:
    """Return the value that is stored for each row's station, element and instant, or NaN."""
    found = np.full(len(rows), np.nan)
    stamp = stamps(rows.micros)
    stations, elements = rows.stations.tolist(), rows.elements.tolist()
    moments = [stamp[each] for each in rows.micros.tolist()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_EXISTING, [stations, elements, moments])
            for place, value in cursor.fetchall():
                found[place - 1] = value
            return found
        for place, key in enumerate(zip(stations, elements, moments, strict=True)):
            cursor.execute(_EXISTING_ONE, key)
            row = cursor.fetchone()
            if row is not None:
                found[place] = row[0]
    return found


def told_apart(rows: Columns) -> tuple[int, Columns]:
    """Return how many of these rows are stored as they are, and those stored with another value."""
    if not len(rows):
        return 0, EMPTY
    differs = existing(rows) != rows.values
    return int((~differs).sum()), rows.at(differs)


def _write(rows: Columns) -> None:
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f"{_COPY} (FORMAT binary)") as copy,
        ):
            copy.write(_binary(rows))
        return
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT.replace(" ON CONFLICT DO NOTHING", ""), _tuples(rows))


def _binary(rows: Columns) -> bytes:
    """Return rows as PostgreSQL's binary copy has them."""
    table = np.empty(len(rows), dtype=_COPY_ROW)
    table["fields"] = 5
    table["n1"] = table["n3"] = table["n4"] = 8
    table["n2"] = table["n5"] = 2
    table["station"], table["element"] = rows.stations, rows.elements
    table["moment"] = rows.micros - _POSTGRES_EPOCH_US
    table["value"], table["quality"] = rows.values, rows.quality
    return _COPY_HEAD + table.tobytes() + _COPY_TAIL


def _tuples(rows: Columns) -> list[tuple[int, int, Any, float, int]]:
    stamp = stamps(rows.micros)
    return [
        (station, element, stamp[micros], value, quality)
        for station, element, micros, value, quality in zip(
            rows.stations.tolist(),
            rows.elements.tolist(),
            rows.micros.tolist(),
            rows.values.tolist(),
            rows.quality.tolist(),
            strict=True,
        )
    ]


def stamps(micros: Ints) -> dict[int, Any]:
    """Return each instant as this database stores it."""
    adapt = connection.ops.adapt_datetimefield_value
    return {each: adapt(moment_of(each)) for each in set(micros.tolist())}
