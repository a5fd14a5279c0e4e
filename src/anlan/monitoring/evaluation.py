"""The evaluator's memory: windows over the store, rebuilt from it whenever they are not there."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from anlan.monitoring import store
from anlan.monitoring.core.exceedances import Limit, LimitTable, limits_of
from anlan.monitoring.core.windows import LEVEL, RAIN, Windows
from anlan.monitoring.models import (
    LatestReading,
    Reading,
    ReadingBatch,
    Station,
    StationCover,
    Threshold,
)

LimitRows = tuple[tuple[Any, ...], tuple[Any, ...]]
LIMITS_AGE = timedelta(minutes=30)  # a changed threshold counts after this at the latest
_COLUMNS = ("station_id", "element", "observed_at", "value")
LOOK_BACK = 200  # batches that may still have been committing when a later one was read


class Memory:
    """Windows of every station, kept in step with the stored batches.

    Each process has its own; it walks along the batches and applies those it has not yet seen, so
    that it does not matter which worker evaluated the last one.
    """

    def __init__(self, *, now: datetime) -> None:
        self.database = _database_name()
        stations = list(Station.objects.order_by("pk").values_list("pk", flat=True))
        self.windows = Windows(stations)
        self.windows.move_to(now)
        self._seen = set(
            ReadingBatch.objects.order_by("-pk").values_list("pk", flat=True)[:LOOK_BACK]
        )
        day = Reading.objects.filter(observed_at__gt=now - timedelta(hours=24), element=RAIN)
        self.windows.apply(day.values_list(*_COLUMNS).iterator(5_000))
        # A level stands until the next one, however long ago it was measured.
        self.windows.apply(LatestReading.objects.filter(element=LEVEL).values_list(*_COLUMNS))
        self._table: LimitTable | None = None
        self._table_at = now
        self._rows: LimitRows = ((), ())

    def catch_up(self, *, now: datetime) -> None:
        """Apply every stored batch that this process has not yet applied."""
        self.windows.move_to(now)
        floor = min(self._seen, default=0)
        fresh = [
            pk
            for pk in ReadingBatch.objects.filter(pk__gte=floor).values_list("pk", flat=True)
            if pk not in self._seen
        ]
        self.windows.apply(store.values_of_batches(fresh, elements=(RAIN, LEVEL)))
        self._seen.update(fresh)
        if len(self._seen) > 2 * LOOK_BACK:
            self._seen = set(sorted(self._seen)[-LOOK_BACK:])

    def table(self, *, now: datetime) -> LimitTable:
        """Return the limits in force; a changed row counts within half an hour."""
        if self._table is None or now - self._table_at >= LIMITS_AGE:
            rows = _limit_rows(now=now)
            if self._table is None or rows != self._rows:
                self._table = LimitTable(_limits(rows), windows=self.windows)
            self._rows, self._table_at = rows, now
        return self._table

    def is_stale(self) -> bool:
        """Tell whether the database is another one, or stations were added since."""
        return (
            self.database != _database_name()
            or Station.objects.count() != len(self.windows.index)
            or (ReadingBatch.objects.aggregate(last=Max("pk"))["last"] or 0)
            < max(self._seen, default=0)
        )


_memory: list[Memory] = []


def memory(*, now: datetime) -> Memory:
    """Return this process's memory, in step with the store."""
    if _memory and _memory[0].is_stale():
        forget()
    if not _memory:
        _memory.append(Memory(now=now))
    _memory[0].catch_up(now=now)
    return _memory[0]


def forget() -> None:
    """Drop the memory; the next evaluation rebuilds it from the store."""
    _memory.clear()


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])


def _limit_rows(*, now: datetime) -> LimitRows:
    """Return the thresholds in force, and which stations speak for which hazard, as plain rows.

    Of the rows for one limit the newest that has come into effect counts.
    """
    rows = Threshold.objects.filter(effective_from__lte=timezone.localtime(now).date())
    newest = {
        row[1:6]: row
        for row in rows.order_by("effective_from", "pk").values_list(
            "pk", "station_id", "hazard", "element", "window_h", "colour", "value"
        )
    }
    thresholds = sorted(newest.values())
    cover = StationCover.objects.order_by("hazard", "station_id").values_list(
        "hazard", "station_id"
    )
    return tuple(thresholds), tuple(cover.distinct())


def _limits(rows: LimitRows) -> list[Limit]:
    own: list[Limit] = []
    defaults: list[Limit] = []
    for pk, station, hazard, element, window_h, colour, value in rows[0]:
        limit = Limit(pk, station or 0, hazard, element, window_h, colour, value)
        (own if station else defaults).append(limit)
    covered: dict[str, list[int]] = defaultdict(list)
    for hazard, station in rows[1]:
        covered[hazard].append(station)
    return limits_of(own, defaults=defaults, covered=covered)
