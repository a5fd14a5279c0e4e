"""The heartbeat of the sweeps, and the watch over the watchers.

Each room declares a sweep: a function that finds what should have happened and did not, repairs
it, journals it and returns how many repairs it made. A beat runs the sweep and enqueues the next
beat; a token on the row lets exactly one chain of beats live. Every beat also looks at the others
and starts again those that have stopped.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.kernel.models import Heartbeat

log = logging.getLogger(__name__)
LATE_AFTER = 3  # intervals without a beat before another sweep starts it again


@dataclass(frozen=True)
class Sweep:
    """A room's repair, run every so often."""

    name: str
    every: timedelta
    repair: Callable[[datetime], int]


_sweeps: dict[str, Sweep] = {}


def declare_sweep(name: str, *, every: timedelta, repair: Callable[[datetime], int]) -> None:
    """Make a sweep known; rooms call this when the program starts."""
    _sweeps[name] = Sweep(name=name, every=every, repair=repair)


def declared_sweeps() -> tuple[Sweep, ...]:
    """Return every declared sweep."""
    return tuple(_sweeps.values())


def late_sweeps(*, now: datetime) -> list[str]:
    """Return the names of the sweeps that have not beaten for three of their intervals."""
    due = dict(Heartbeat.objects.values_list("name", "due_at"))
    return [
        name
        for name, sweep in _sweeps.items()
        if name not in due or due[name] + (LATE_AFTER - 1) * sweep.every <= now
    ]


@transaction.atomic
def start_late_sweeps(*, now: datetime) -> list[str]:
    """Start every sweep that has stopped or never begun, and return their names."""
    started = []
    for name in late_sweeps(now=now):
        token = secrets.token_hex(8)
        row, is_new = Heartbeat.objects.get_or_create(
            name=name, defaults={"token": token, "beaten_at": now, "due_at": now}
        )
        if not is_new:
            claimed = Heartbeat.objects.filter(name=name, token=row.token).update(
                token=token, due_at=now
            )
            if claimed != 1:
                continue
            journal.record(
                "sweep.restarted", by=the_program("heartbeat"), now=now, subject=f"sweep:{name}"
            )
        beat.enqueue(name, token)
        started.append(name)
    return started


@task
def beat(name: str, token: str) -> None:
    """Run one sweep, plan its next beat, and start the sweeps that have stopped."""
    now = clock.now()
    sweep = _sweeps[name]
    following = secrets.token_hex(8)
    with transaction.atomic():
        mine = Heartbeat.objects.filter(name=name, token=token).update(
            token=following, beaten_at=now, due_at=now + sweep.every, failed=False
        )
        if mine != 1:
            return
        beat.using(run_after=now + sweep.every).enqueue(name, following)
    repair(sweep, now=now)
    start_late_sweeps(now=now)


def repair(sweep: Sweep, *, now: datetime) -> int:
    """Run a sweep's repair once; a failure is journalled and does not stop its heartbeat."""
    try:
        with transaction.atomic():
            repaired = sweep.repair(now)
            if repaired:
                Heartbeat.objects.filter(name=sweep.name).update(repaired=F("repaired") + repaired)
    except Exception as error:
        log.exception("sweep %s failed", sweep.name)
        Heartbeat.objects.filter(name=sweep.name).update(failed=True)
        journal.record(
            "sweep.failed",
            by=the_program("heartbeat"),
            now=now,
            subject=f"sweep:{sweep.name}",
            detail={"error": type(error).__name__},
        )
        return 0
    return repaired
