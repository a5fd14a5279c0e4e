from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._exceedances import Book
from anlan.monitoring.core.columns import Columns
from anlan.monitoring.core.judging import slot_of
from anlan.monitoring.core.stepping import steps_of
from anlan.monitoring.evaluation import (
    MOST_BATCHES,
    Memory,
    Position,
    cursor_row,
    forget,
    memory,
    new_batches,
    rows_of,
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
    _catch_up(kept, cursor)
    batches = new_batches(kept.position, most=MOST_BATCHES)
    came = [(pk, at) for pk, at, _content in batches]
    rows = rows_of(batches)
    if not _claim(cursor, kept.position, came, now=now):
        return 0
    book = Book(by=by, now=now)
    _walk(kept, rows, book=book, now=now)
    kept.latest.keep(rows, batches=came)
    if book.raised:
        thresholds_crossed.send(sender=None, exceedance_ids=book.raised)
    if book.ended:
        thresholds_cleared.send(sender=None, exceedance_ids=book.ended)
    return len(book.raised)


def _catch_up(kept: Memory, cursor: EvaluationCursor) -> None:
    """Take in what another worker has judged meanwhile."""
    theirs = Position(cursor.batch_id, set(cursor.seen))
    if theirs == kept.position:
        return
    judged = [x for x in new_batches(kept.position, most=MOST_BATCHES) if theirs.has(x[0])]
    for step in steps_of(rows_of(judged)):
        kept.apply(step)
    kept.position = theirs


def _claim(
    cursor: EvaluationCursor,
    position: Position,
    came: Sequence[tuple[int, datetime]],
    *,
    now: datetime,
) -> bool:
    """Move the cursor over these batches; False when somebody else has moved it meanwhile."""
    position.move(list(came), now=now)
    return bool(
        EvaluationCursor.objects.filter(name=cursor.name, turn=cursor.turn).update(
            turn=cursor.turn + 1,
            batch_id=position.batch_id,
            seen=sorted(position.seen),
            moved_at=now,
        )
    )


def _walk(kept: Memory, rows: Columns, *, book: Book, now: datetime) -> None:
    """Go through the slots in order: look back at what each touched, then at the present."""
    present, earliest = slot_of(now), slot_of(now - EARLIEST)
    for step in steps_of(rows):
        kept.apply(step)
        if earliest < step.slot < present:
            found = kept.table.look(
                step.slot, standing=book.standing, held=book.held, touched=step.codes
            )
            book.enter(found, is_past=True, waits=kept.table.waits, doubtful=kept.doubtful)
    found = kept.table.look(present, standing=book.standing, held=book.held)
    book.enter(found, is_past=False, waits=kept.table.waits, doubtful=kept.doubtful)
    book.keep_held()
