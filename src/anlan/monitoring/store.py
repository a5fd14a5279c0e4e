"""Readings in bulk: the one place that writes and fetches them with SQL of its own.

The object mapper writes some 25,000 rows a second here, prepared statements several times that;
a storm over a county needs the difference.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from anlan.monitoring.core.quality import Last, Sample

_INSERT = """
INSERT INTO monitoring_reading (station_id, element, observed_at, value, batch_id)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_LATEST = """
INSERT INTO monitoring_latestreading (station_id, element, observed_at, value)
VALUES (%s, %s, %s, %s)
ON CONFLICT (station_id, element)
DO UPDATE SET observed_at = excluded.observed_at, value = excluded.value
WHERE monitoring_latestreading.observed_at < excluded.observed_at
"""


def insert_readings(samples: Sequence[Sample], *, batch_id: int) -> None:
    """Store counted samples; one that is there already stays as it is."""
    if not samples:
        return
    stamp = _stamps(sample.observed_at for sample in samples)
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT,
            [(s.station_id, s.element, stamp[s.observed_at], s.value, batch_id) for s in samples],
        )


def update_latest(latest: Mapping[tuple[int, str], Last]) -> None:
    """Store the last value of each station's element, unless a later one is there."""
    if not latest:
        return
    stamp = _stamps(last.observed_at for last in latest.values())
    with connection.cursor() as cursor:
        cursor.executemany(
            _LATEST,
            [
                (station_id, element, stamp[last.observed_at], last.value)
                for (station_id, element), last in sorted(latest.items())
            ],
        )


def _stamps(moments: Iterable[datetime]) -> dict[datetime, Any]:
    """Return each moment as this database stores it."""
    adapt = connection.ops.adapt_datetimefield_value
    return {moment: adapt(moment) for moment in set(moments)}


def station_ids(addresses: Collection[str]) -> dict[str, int]:
    """Return the primary keys of the registered stations among these addresses."""
    if not addresses:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT address, id FROM monitoring_station WHERE address IN ({_marks(addresses)})",
            list(addresses),
        )
        return dict(cursor.fetchall())


def latest_values(
    stations: Collection[int], *, elements: Collection[str]
) -> dict[tuple[int, str], Last]:
    """Return the last counted value of these elements at these stations."""
    if not stations:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT station_id, element, observed_at, value FROM monitoring_latestreading"
            f" WHERE station_id IN ({_marks(stations)}) AND element IN ({_marks(elements)})",
            [*stations, *elements],
        )
        rows = cursor.fetchall()
    return {(station, element): Last(_moment(at), value) for station, element, at, value in rows}


def values_of_batches(
    batches: Collection[int], *, elements: Collection[str]
) -> list[tuple[int, str, datetime, float]]:
    """Return station, element, instant and value of the readings that came in these batches."""
    if not batches:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT station_id, element, observed_at, value FROM monitoring_reading"
            f" WHERE batch_id IN ({_marks(batches)}) AND element IN ({_marks(elements)})",
            [*batches, *elements],
        )
        rows = cursor.fetchall()
    return [(station, element, _moment(at), value) for station, element, at, value in rows]


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _moment(stored: datetime) -> datetime:
    """Return an instant as read with plain SQL: SQLite keeps it in UTC and forgets to say so."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)
