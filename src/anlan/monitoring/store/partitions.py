"""The months of the table of readings on PostgreSQL, each a partition."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import partial

from django.db import connection, transaction

from anlan.monitoring.core.columns import Ints

_DAY_US = 86_400_000_000
_known: set[tuple[str, str]] = set()


def ready_for(micros: Ints) -> None:
    """See that the months of these instants can be written."""
    if not micros.size:
        return
    first, last = int(micros.min()), int(micros.max())
    make_months(_months(_month_of(first), _month_of(last)))


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
    return (
        datetime(month.year, month.month, 1, tzinfo=UTC),
        datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC),
    )


def _month_of(micros: int) -> date:
    day = date.fromordinal(date(1970, 1, 1).toordinal() + micros // _DAY_US)
    return day.replace(day=1)


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        month = found[-1]
        found.append(date(month.year + month.month // 12, month.month % 12 + 1, 1))
    return found
