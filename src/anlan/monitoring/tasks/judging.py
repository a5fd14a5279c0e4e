"""Monitoring's background work."""

from datetime import datetime, timedelta

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.queue import VirtualTimeBackend
from anlan.monitoring.actions import follow_divisions as following
from anlan.monitoring.actions.judge_exceedances import judge_exceedances
from anlan.monitoring.models import ReadingBatch
from anlan.monitoring.walking import has_moved_since

SWEEP_EVERY = timedelta(minutes=5)
READINGS_QUEUE = "readings"


@task(queue_name=READINGS_QUEUE)
def evaluate_thresholds() -> None:
    """Judge what came since the last time, and the present moment."""
    judge_exceedances(by=the_program("thresholds"), now=clock.now())


def follow_batches() -> None:
    """See that the rules walk along a batch that is being written.

    The batch is a row in the transaction of its readings, and a process of `anlan work` follows
    the rows: nothing more is needed. On virtual time there is no such process, and a task walks.
    """
    if isinstance(evaluate_thresholds.get_backend(), VirtualTimeBackend):
        evaluate_thresholds.enqueue()


@task
def follow_divisions(moves: list[list[str]], on: str) -> None:
    """Let stations and what they speak for follow divisions redrawn on a day (ISO)."""
    following.follow_divisions(moves, by=the_program(f"divisions redrawn on {on}"), now=clock.now())


def sweep(now: datetime) -> int:
    """Judge anew what a lost evaluation may have left: windows also empty with no reading in.

    A gauge that falls silent sends nothing that would start an evaluation, yet its sums sink.
    """
    if not ReadingBatch.objects.exists() or has_moved_since(now - SWEEP_EVERY / 2):
        return 0
    return judge_exceedances(by=the_program("threshold sweep"), now=now)
