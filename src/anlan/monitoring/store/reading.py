"""Readings fetched in bulk."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection

from anlan.monitoring.core.columns import EMPTY, NO_MOMENT, Columns, code_of, joined, parts_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import EXCLUDED_FROM

_LAST = """
SELECT observed_at, value FROM monitoring_reading
WHERE station_id = %s AND element = %s ORDER BY observed_at DESC LIMIT 1
"""
_LAST_OF_MANY = """
SELECT k.station_id, k.element, r.observed_at, r.value
FROM unnest(%s::bigint[], %s::smallint[]) AS k (station_id, element)
CROSS JOIN LATERAL (
    SELECT observed_at, value FROM monitoring_reading
    WHERE station_id = k.station_id AND element = k.element
    ORDER BY observed_at DESC LIMIT 1
) r
"""
_CHUNK = 20_000


def last_values(codes: Collection[int]) -> dict[int, tuple[int, float]]:
    """Return instant (µs) and value of the last reading of each series, of no instant if none."""
    found = dict.fromkeys(codes, (NO_MOMENT, float("nan")))
    parts = [parts_of(code) for code in found]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_LAST_OF_MANY, [[x[0] for x in parts], [x[1] for x in parts]])
            for station, element, at, value in cursor.fetchall():
                found[code_of(station, element)] = (stored_us(at), value)
            return found
        for station, element in parts:
            cursor.execute(_LAST, [station, element])
            if row := cursor.fetchone():
                found[code_of(station, element)] = (stored_us(row[0]), row[1])
    return found


def readings_since(
    moment: datetime, *, elements: Collection[int], stations: Collection[int] = ()
) -> Columns:
    """Return the counting readings of these elements observed after a moment, in no order."""
    if not elements:
        return EMPTY
    sql = (
        "SELECT station_id, element, observed_at, value, quality FROM monitoring_reading"
        f" WHERE observed_at > %s AND quality < %s AND element IN ({marks(elements)})"
    )
    values: list[Any] = [
        connection.ops.adapt_datetimefield_value(moment),
        EXCLUDED_FROM,
        *elements,
    ]
    if stations:
        sql += f" AND station_id IN ({marks(stations)})"
        values += stations
    parts = []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(_CHUNK):
            parts.append(columns_from(rows))
    return joined(parts)


def columns_from(rows: Iterable[tuple[Any, ...]]) -> Columns:
    """Return rows of station, element, instant, value and quality as columns."""
    stations, elements, moments, values, quality = zip(*rows, strict=True)
    count = len(stations)
    return Columns(
        np.array(stations, dtype=np.int64),
        np.array(elements, dtype=np.int64),
        np.fromiter((stored_us(each) for each in moments), dtype=np.int64, count=count),
        np.array(values, dtype=np.float64),
        np.array(quality, dtype=np.int64),
    )


def station_ids(addresses: Collection[str]) -> dict[str, int]:
    """Return the primary keys of the registered stations among these addresses."""
    if not addresses:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT address, id FROM monitoring_station WHERE address IN ({marks(addresses)})",
            list(addresses),
        )
        return dict(cursor.fetchall())


def stored_us(stored: datetime) -> int:
    """Return an instant as read with plain SQL; SQLite keeps it in UTC and forgets to say so."""
    return micros_of(stored if stored.tzinfo else stored.replace(tzinfo=UTC))


def marks(values: Collection[object]) -> str:
    """Return a placeholder for each value."""
    return ", ".join(["%s"] * len(values))
