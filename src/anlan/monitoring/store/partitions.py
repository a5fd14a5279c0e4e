"""The months of the table of readings on PostgreSQL, each a partition."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from django.db import connection, transaction

from anlan.monitoring.core.columns import Ints
from anlan.monitoring.core.intake import moment_of
from anlan.monitoring.core.retention import following, month_of

_known: set[tuple[str, str]] = set()


def ready_for(micros: Ints) -> None:
    """See that the months of these instants can be written."""
    if not micros.size:
        return
    make_months(_months_of(micros))


def make_months(months: Iterable[date]) -> None:
    """Make the partitions of these months where they are not there yet.

    A table is made beside and attached, which lets others read and write meanwhile. SQLite needs
    none.
    """
    if connection.vendor != "postgresql":
        return
    name = str(connection.settings_dict["NAME"])
    for month in months:
        table = table_of(month)
        if (name, table) in _known and connection.in_atomic_block:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [table])
            row = cursor.fetchone()
            if row is None or row[0] is None:
                _make(cursor, month, table)
        # A month made in a transaction that fails is not there.
        transaction.on_commit(partial(_known.add, (name, table)))


def _make(cursor: object, month: date, table: str) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]  # a cursor of whichever driver
    execute("SELECT pg_advisory_xact_lock(651, 2014)")
    execute("SELECT to_regclass(%s)", [table])
    if cursor.fetchone()[0] is not None:  # type: ignore[attr-defined]  # the same
        return
    low, high = bounds_of(month)
    execute(f"CREATE TABLE {table} (LIKE monitoring_reading INCLUDING ALL)")
    execute(
        f"ALTER TABLE {table} ADD CHECK"
        f" (observed_at >= '{low.isoformat()}' AND observed_at < '{high.isoformat()}')"
    )
    execute(
        f"ALTER TABLE monitoring_reading ATTACH PARTITION {table}"
        f" FOR VALUES FROM ('{low.isoformat()}') TO ('{high.isoformat()}')"
    )


def forget() -> None:
    """Forget which months are known to be there."""
    _known.clear()


def table_of(month: date) -> str:
    """Return the name of a month's partition."""
    return f"monitoring_reading_{month:%Y_%m}"


def bounds_of(month: date) -> tuple[datetime, datetime]:
    """Return the first instant of a month in UTC, and that of the next."""
    low, high = (datetime(x.year, x.month, 1, tzinfo=UTC) for x in (month, following(month)))
    return low, high


def _months_of(micros: Ints) -> Iterator[date]:
    month, last = (month_of(moment_of(int(x))) for x in (micros.min(), micros.max()))
    while month <= last:
        yield month
        month = following(month)
