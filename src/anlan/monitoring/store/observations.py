"""Readings of many series in a span of time, in order, a page at a time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from anlan.monitoring.core.intake import moment_of
from anlan.monitoring.store.reading import marks, stored_us

# The series of the stations first, then each one's span by the key: no other index is needed.
_FOUND = """
SELECT r.station_id, r.element, r.observed_at, r.value, r.quality
FROM monitoring_latestreading l
JOIN monitoring_reading r ON r.station_id = l.station_id AND r.element = l.element
WHERE l.station_id {stations} AND r.observed_at >= %s AND r.observed_at <= %s
"""
_PAGE = "{found} ORDER BY r.observed_at {order}, r.station_id, r.element LIMIT %s OFFSET %s"
_COUNT = "SELECT count(*) FROM ({found} LIMIT %s) AS t"

Spot = tuple[int, int, datetime, float, int]


def page_of_readings(
    stations: Collection[int],
    *,
    since: datetime,
    until: datetime,
    is_descending: bool,
    limit: int,
    offset: int,
) -> list[Spot]:
    """Return station, element, instant, value and quality of a page of readings, by instant."""
    if not stations:
        return []
    sql, values = _found(stations, since=since, until=until)
    order = "DESC" if is_descending else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(found=sql, order=order), [*values, limit, offset])
        return [
            (station, element, moment_of(stored_us(at)), value, quality)
            for station, element, at, value, quality in cursor.fetchall()
        ]


def count_readings(
    stations: Collection[int], *, since: datetime, until: datetime, most: int
) -> int:
    """Return how many readings there are; counting stops at `most`."""
    if not stations:
        return 0
    sql, values = _found(stations, since=since, until=until)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(found=sql), [*values, most])
        return int(cursor.fetchone()[0])


def _found(stations: Collection[int], *, since: datetime, until: datetime) -> tuple[str, list[Any]]:
    adapt = connection.ops.adapt_datetimefield_value
    span = [adapt(since), adapt(until)]
    if connection.vendor == "postgresql":
        return _FOUND.format(stations="= ANY(%s)"), [list(stations), *span]
    return _FOUND.format(stations=f"IN ({marks(stations)})"), [*stations, *span]
