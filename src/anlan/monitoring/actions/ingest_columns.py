from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._intake import memory_for, remember
from anlan.monitoring.core.columns import Columns, joined
from anlan.monitoring.core.intake import judge
from anlan.monitoring.data import DOUBTFUL_FROM, EXCLUDED_FROM, Ingest, Verdict
from anlan.monitoring.models import ReadingBatch
from anlan.monitoring.store.aside import set_aside
from anlan.monitoring.store.writing import store_fresh, store_late, told_apart
from anlan.monitoring.tasks import evaluate_thresholds


@transaction.atomic
def ingest_columns(rows: Columns, *, frames: int = 0, by: Actor, now: datetime) -> Ingest:
    """Take in readings of registered stations and return what they came to.

    When this returns and its transaction is committed, every stored reading is durable and its
    evaluation is in the queue; only then may a gateway confirm.
    """
    del by  # telemetry is kept under its station; who read a staff gauge is in the journal
    if not len(rows):
        return Ingest(frames=frames, stored=0, repeated=0, refused=0, faults=0)
    judged = judge(rows, memory=memory_for(rows), now=now)
    fresh, met = store_fresh(judged.fresh)
    late, there = store_late(judged.late)
    stored = joined((fresh, late))
    repeated, differing = told_apart(joined((met, there)))
    aside = [*judged.aside, (differing, Verdict.REPEATED)]
    set_aside(aside, now=now)
    ReadingBatch.objects.create(
        received_at=now, frames=frames, stored=len(stored), content=stored.pack()
    )
    if len(stored):
        remember(stored)
        evaluate_thresholds.enqueue()
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


def _count(aside: Sequence[tuple[Columns, Verdict]]) -> int:
    return sum(len(rows) for rows, _verdict in aside)
