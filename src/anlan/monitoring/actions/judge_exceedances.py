from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._exceedances import Book
from anlan.monitoring.core.columns import Columns
from anlan.monitoring.core.judging import moment_of, slot_of
from anlan.monitoring.core.stepping import counting, steps_of, struck_out
from anlan.monitoring.evaluation import (
    MOST_BATCHES,
    Memory,
    Position,
    all_rows_of,
    cursor_row,
    forget,
    memory,
    new_batches,
)
from anlan.monitoring.facts import thresholds_cleared, thresholds_crossed
from anlan.monitoring.models import EvaluationCursor

EARLIEST = timedelta(hours=72)


def judge_exceedances(*, by: Actor, now: datetime) -> int:
    """Judge what came since the last time, and the present moment; return how many crossings.

    Walks along the batches slot by slot, so that a crossing of an hour ago is found also by a
    worker that starts only now. The cursor moves with what was found: a batch is judged once.
    Announces the crossings and the clearings together, so that what comes of them is one warning
    a town and not one a gauge.
    """
    try:
        return _judge(by=by, now=now)
    except Exception:
        # The rings may hold what the database rolled back.
        forget()
        raise


@transaction.atomic
def _judge(*, by: Actor, now: datetime) -> int:
    cursor = cursor_row(now=now)
    kept = memory(cursor, now=now)
    kept.follow(cursor, now=now)
    batches = new_batches(kept.position, most=MOST_BATCHES)
    came = [(pk, at) for pk, at, _content in batches]
    rows = all_rows_of(batches)
    after = kept.position.moved(came, now=now)
    if not _claim(cursor, after, now=now):
        return 0
    kept.position = after
    book = Book(waits=kept.table.waits, doubtful=kept.doubtful, by=by, now=now)
    if len(struck_out(rows)):
        kept.fill(now=now)
    rows = counting(rows)
    _walk(kept, rows, book=book, now=now)
    kept.latest.keep(rows, batches=came)
    if book.raised:
        thresholds_crossed.send(sender=None, exceedance_ids=book.raised)
    if book.ended:
        thresholds_cleared.send(sender=None, exceedance_ids=book.ended)
    return len(book.raised)


def _claim(cursor: EvaluationCursor, position: Position, *, now: datetime) -> bool:
    """Move the cursor to a position; False when somebody else has moved it meanwhile."""
    return bool(
        EvaluationCursor.objects.filter(name=cursor.name, turn=cursor.turn).update(
            turn=cursor.turn + 1,
            batch_id=position.batch_id,
            seen=sorted(position.seen),
            moved_at=now,
        )
    )


def _walk(kept: Memory, rows: Columns, *, book: Book, now: datetime) -> None:
    """Go through the slots in order and look at each, then at the present.

    A value that came late changes the sums of the slots after its own as well: every slot from the
    first of them on is looked at again, at the limits of the series that came.
    """
    present, earliest = slot_of(now), slot_of(now - EARLIEST)
    steps = {step.slot: step for step in steps_of(rows)}
    first = min((slot for slot in steps if slot > earliest), default=present)
    touched = kept.table.touched(np.unique(rows.codes)) if first < present else None
    for slot in sorted({*steps, *range(first, present)}):
        if slot in steps:
            kept.apply(steps[slot])
        if touched is not None and first <= slot < present:
            stood = book.stood_at(moment_of(slot))
            book.enter_past(kept.table.look_back(slot, at=touched, standing=stood))
    kept.keep_day(now=now)
    book.enter(kept.table.look(present, standing=book.standing))
