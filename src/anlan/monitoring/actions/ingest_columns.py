from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._intake import memory_for, remember
from anlan.monitoring.core.columns import Columns, joined
from anlan.monitoring.core.intake import judge
from anlan.monitoring.core.retention import oldest_kept
from anlan.monitoring.data import DOUBTFUL_FROM, EXCLUDED_FROM, Ingest, Verdict
from anlan.monitoring.store.aside import set_aside
from anlan.monitoring.store.batches import append_batch
from anlan.monitoring.store.partitions import bounds_of
from anlan.monitoring.store.writing import store_fresh, store_late, told_apart
from anlan.monitoring.tasks.judging import follow_batches


def ingest_columns(rows: Columns, *, frames: int = 0, by: Actor, now: datetime) -> Ingest:
    """Take in readings of registered stations and return what they came to.

    When this returns and its transaction is committed, every stored reading is durable, and so is
    the batch along which the rules walk; only then may a gateway confirm.
    """
    del by  # telemetry is kept under its station; who read a staff gauge is in the journal
    if not len(rows):
        return Ingest(frames=frames, stored=0, repeated=0, refused=0, faults=0)
    if not connection.in_atomic_block:
        try:
            return _take_in(rows, frames=frames, now=now, is_sure=True)
        except IntegrityError:
            # Another process brought some of them: now each is looked at.
            pass
    return _take_in(rows, frames=frames, now=now, is_sure=False)


@transaction.atomic
def _take_in(rows: Columns, *, frames: int, now: datetime, is_sure: bool) -> Ingest:
    judged = judge(rows, memory=memory_for(rows), now=now, oldest=_oldest(now))
    fresh, met = store_fresh(judged.fresh, is_sure=is_sure)
    late, there = store_late(judged.late)
    stored = joined((fresh, late))
    repeated, differing = told_apart(joined((met, there)))
    aside = [*judged.aside, (differing, Verdict.REPEATED)]
    set_aside(aside, now=now)
    if len(stored):
        append_batch(stored, frames=frames, now=now)
        remember(stored)
        follow_batches()
    return Ingest(
        frames=frames,
        stored=len(stored),
        repeated=judged.repeated + repeated,
        refused=_count(aside),
        faults=0,
        late=len(late),
        doubtful=int(((stored.quality >= DOUBTFUL_FROM) & (stored.quality < EXCLUDED_FROM)).sum()),
        excluded=int((stored.quality >= EXCLUDED_FROM).sum()),
    )


def _oldest(now: datetime) -> datetime:
    """Return the first instant of the oldest month that is still in the table."""
    return bounds_of(oldest_kept(now, months=settings.ANLAN_KEEP_MONTHS))[0]


def _count(aside: Sequence[tuple[Columns, Verdict]]) -> int:
    return sum(len(rows) for rows, _verdict in aside)
