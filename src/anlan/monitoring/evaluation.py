"""The evaluator's memory: rings over the store, rebuilt from it whenever they are not there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from anlan.monitoring.core.columns import ELEMENT_MASK, Columns, Floats, columns_of, joined, unpack
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.judging import LimitTable
from anlan.monitoring.core.rings import LONGEST, SLOT_S
from anlan.monitoring.core.soil import DAY_SLOTS, Soil, day_slot_of
from anlan.monitoring.core.stepping import Step, counting, steps_of, struck_out
from anlan.monitoring.elements import DAILY_RAIN
from anlan.monitoring.latest import Latest
from anlan.monitoring.limiting import LimitRows, limit_rows, limits_from
from anlan.monitoring.models import EvaluationCursor, LatestReading, ReadingBatch, Station
from anlan.monitoring.store.reading import readings_since
from anlan.monitoring.wetness import soil_of

LIMITS_AGE = timedelta(hours=1)  # a threshold changed behind the actions counts after this
CURSOR = "thresholds"
GAP_AGE = timedelta(minutes=2)  # a number that no batch has taken for so long never will be
RECENT = 200  # batches whose last values a worker that starts anew writes again
MOST_BATCHES = 500  # walked at once; more than this behind, the rings are built anew
REPORTING = timedelta(hours=1)  # a value that stood when the rings begin was measured before that


@dataclass
class Position:
    """How far along the batches: everything up to `batch_id`, and those of `seen` above it."""

    batch_id: int = 0
    seen: set[int] = field(default_factory=set)

    def has(self, pk: int) -> bool:
        """Tell whether a batch was walked over."""
        return pk <= self.batch_id or pk in self.seen

    def moved(self, batches: Sequence[tuple[int, datetime]], *, now: datetime) -> "Position":
        """Return the place after these batches; numbers left out for long enough are given up."""
        seen = self.seen | {pk for pk, _at in batches}
        batch_id = max([self.batch_id, *(pk for pk, at in batches if at < now - GAP_AGE)])
        while batch_id + 1 in seen:
            batch_id += 1
        return Position(batch_id, {pk for pk in seen if pk > batch_id})


class Memory:
    """Rings of every series that a limit needs, in step with the cursor.

    Each worker has its own; the cursor in the database says what was judged, so that a batch is
    judged once whoever comes first, and a worker that starts anew goes on where the last one
    stopped.
    """

    def __init__(self, *, cursor: EvaluationCursor, now: datetime) -> None:
        self.database = database_name()
        self.rows: LimitRows = limit_rows(now=now)
        self.checked_at = now
        self.limits_turn = cursor.limits_turn
        self.stations = Station.objects.count()
        self.position = Position(cursor.batch_id, set(cursor.seen))
        self.doubtful: dict[int, int] = {}
        self._soil: Soil | None = None
        self.fill(now=now)
        self.latest = Latest()
        recent = _recent(self.position)
        self.latest.keep(rows_of(recent), batches=[(pk, at) for pk, at, _content in recent])

    def is_stale(self, cursor: EvaluationCursor) -> bool:
        """Tell whether the database is another one, or the cursor stands before this memory."""
        return self.database != database_name() or cursor.batch_id < self.position.batch_id

    def keep_limits(self, cursor: EvaluationCursor, *, now: datetime) -> None:
        """Read the limits anew when told to or when due; rings are built anew when they changed."""
        is_told = cursor.limits_turn != self.limits_turn or Station.objects.count() != self.stations
        is_another_day = timezone.localdate(now) != timezone.localdate(self.checked_at)
        if not is_told and not is_another_day and now - self.checked_at < LIMITS_AGE:
            return
        rows = limit_rows(now=now)
        self.checked_at, self.limits_turn = now, cursor.limits_turn
        self.stations = Station.objects.count()
        if rows != self.rows:
            self.rows = rows
            self.fill(now=now)

    def keep_day(self, *, now: datetime) -> None:
        """Bring the rain of earlier days up to the present rain day and to the sums that came.

        A day that ended and has no sum yet is summed up from the rings.
        """
        slot = day_slot_of(now)
        if not self.table.needs_soil:
            return
        if slot != self.table.day_slot or self._soil is None:
            self.table.day_slot = slot
            self._soil = soil_of(list(self.table.sum_rows), day_slot=slot)
        self.table.wetness_mm = self._soil.wetness_mm(self._sums_of_days(slot))

    def apply(self, step: Step) -> None:
        """Take in what came for a slot."""
        self.table.put(step)
        for code in step.doubtful.tolist():
            self.doubtful[code] = max(step.slot, self.doubtful.get(code, 0))
        if (step.codes & ELEMENT_MASK == DAILY_RAIN).any():
            self._soil = None

    def fill(self, *, now: datetime) -> None:
        """Build the rings anew from what the store holds, less what is still to be judged."""
        self.table = LimitTable(limits_from(self.rows))
        since = now - timedelta(seconds=LONGEST * SLOT_S) - REPORTING
        elements = self.table.elements
        stored = readings_since(since, elements=elements)
        coming = _rows_of(self._pending())
        for step in steps_of(_without(stored, coming)):
            self.apply(step)
        # A level stands until the next one, however long ago it was measured.
        for step in steps_of(_older_values(elements, before=since)):
            self.table.put(step._replace(amounts=step.amounts * 0))
        self._soil = None
        self.keep_day(now=now)

    def follow(self, cursor: EvaluationCursor, *, now: datetime) -> None:
        """Take in what another worker has judged meanwhile."""
        theirs = Position(cursor.batch_id, set(cursor.seen))
        if theirs == self.position:
            return
        behind = new_batches(self.position, most=MOST_BATCHES + 1)
        judged = [batch for batch in behind if theirs.has(batch[0])]
        self.position = theirs
        if len(behind) > MOST_BATCHES:
            self.fill(now=now)
            return
        self.take_in(all_rows_of(judged), now=now)

    def take_in(self, rows: Columns, *, now: datetime) -> None:
        """Take in rows of judged batches all at once."""
        if len(struck_out(rows)):
            self.fill(now=now)
            return
        for step in steps_of(counting(rows)):
            self.apply(step)

    def _sums_of_days(self, slot: int) -> Floats:
        """Return the rain of the days before a slot that the rings hold whole, the newest first."""
        rows = np.arange(len(self.table.sum_rows))
        whole = np.full(rows.size, DAY_SLOTS)
        return np.array(
            [self.table.sums.sums(rows, slot - ago * DAY_SLOTS, whole) for ago in range(2)]
        )

    def _pending(self) -> list[tuple[int, bytes]]:
        batches = ReadingBatch.objects.filter(pk__gt=self.position.batch_id)
        found = batches.values_list("pk", "content")
        return [(pk, bytes(content)) for pk, content in found if not self.position.has(pk)]


_memory: list[Memory] = []


def memory(cursor: EvaluationCursor, *, now: datetime) -> Memory:
    """Return this process's memory, which stands where the cursor stands or earlier."""
    if _memory and _memory[0].is_stale(cursor):
        forget()
    if not _memory:
        _memory.append(Memory(cursor=cursor, now=now))
    kept = _memory[0]
    kept.keep_limits(cursor, now=now)
    kept.keep_day(now=now)
    return kept


def forget() -> None:
    """Drop the memory; the next evaluation rebuilds it from the store."""
    _memory.clear()


def database_name() -> str:
    """Return which database this is."""
    return str(connection.settings_dict["NAME"])


def cursor_row(*, now: datetime) -> EvaluationCursor:
    """Return the cursor of the rules, made at the first use."""
    row, _is_new = EvaluationCursor.objects.get_or_create(name=CURSOR, defaults={"moved_at": now})
    return row


def new_batches(position: Position, *, most: int) -> list[tuple[int, datetime, bytes]]:
    """Return the batches after a position, the earliest first: number, instant, content."""
    rows = (
        ReadingBatch.objects.filter(pk__gt=position.batch_id)
        .exclude(pk__in=position.seen)
        .order_by("pk")
        .values_list("pk", "received_at", "content")[:most]
    )
    return [(pk, at, bytes(content)) for pk, at, content in rows]


def _recent(position: Position) -> list[tuple[int, datetime, bytes]]:
    """Return the last batches that were judged: a worker may have ended before it said so."""
    rows = ReadingBatch.objects.filter(pk__lte=position.batch_id).order_by("-pk")
    found = rows.values_list("pk", "received_at", "content")[:RECENT]
    return [(pk, at, bytes(content)) for pk, at, content in found]


def rows_of(batches: list[tuple[int, datetime, bytes]]) -> Columns:
    """Return the counting readings of batches."""
    return counting(all_rows_of(batches))


def all_rows_of(batches: list[tuple[int, datetime, bytes]]) -> Columns:
    """Return the readings of batches with those that count nowhere."""
    return joined(unpack(content) for _pk, _at, content in batches)


def _rows_of(batches: list[tuple[int, bytes]]) -> Columns:
    return joined(unpack(bytes(content)) for _pk, content in batches)


def _without(stored: Columns, coming: Columns) -> Columns:
    """Return stored rows less those of batches that are still to be judged."""
    if not len(coming) or not len(stored):
        return stored
    waiting = set(zip(coming.codes.tolist(), coming.micros.tolist(), strict=True))
    keep = np.fromiter(
        (
            each not in waiting
            for each in zip(stored.codes.tolist(), stored.micros.tolist(), strict=True)
        ),
        dtype=bool,
        count=len(stored),
    )
    return stored.at(keep)


def _older_values(elements: set[int], *, before: datetime) -> Columns:
    """Return the last values that are older than the rings."""
    from_latest = LatestReading.objects.filter(element__in=elements, observed_at__lte=before)
    rows = [
        (station, element, micros_of(at), value)
        for station, element, at, value in from_latest.values_list(
            "station_id", "element", "observed_at", "value"
        )
    ]
    return columns_of(rows)
