"""The process that walks the rules along the batches as they come."""

import logging
import signal
from datetime import datetime
from threading import Event

from django.db import DatabaseError, connections

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.scope import everywhere
from anlan.monitoring.actions.judge_exceedances import judge_exceedances
from anlan.monitoring.core.judging import slot_of
from anlan.monitoring.evaluation import CURSOR
from anlan.monitoring.models import EvaluationCursor, ReadingBatch

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.1
WAIT_AFTER_FAULT_S = (0.5, 1, 2, 5, 10, 30)


def walk(stop: Event) -> None:
    """Judge every batch within a moment of its coming, until told to stop.

    A fault of the database, or of anything else, is logged and tried again after a growing pause:
    the batches wait, and none is passed over.
    """
    faults, slot = 0, 0
    with everywhere("rules"):
        while not stop.is_set():
            try:
                slot = _step(slot)
                faults, pause = 0, LOOK_EVERY_S
            except Exception as error:
                log.exception("the rules could not be judged")
                pause = WAIT_AFTER_FAULT_S[min(faults, len(WAIT_AFTER_FAULT_S) - 1)]
                faults += 1
                if isinstance(error, DatabaseError):
                    connections.close_all()
            stop.wait(pause)


def walk_along() -> None:
    """Judge every batch as it comes until this process is told to stop."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: stop.set())
    walk(stop)


def _step(slot: int) -> int:
    """Judge when a batch has come or a slot has passed; return the slot that was looked at."""
    now = clock.now()
    present = slot_of(now)
    if are_waiting() or (present != slot and ReadingBatch.objects.exists()):
        judge_exceedances(by=the_program("thresholds"), now=now)
    return present


def are_waiting() -> bool:
    """Tell whether a batch has come that the rules have not walked over."""
    cursor = EvaluationCursor.objects.filter(name=CURSOR).first()
    after, seen = (cursor.batch_id, len(cursor.seen)) if cursor else (0, 0)
    return ReadingBatch.objects.filter(pk__gt=after)[: seen + 1].count() > seen


def has_moved_since(moment: datetime) -> bool:
    """Tell whether the rules have been judged since a moment."""
    return EvaluationCursor.objects.filter(name=CURSOR, moved_at__gte=moment).exists()
