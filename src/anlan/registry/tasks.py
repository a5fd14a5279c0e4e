"""Background work of the register: spreadsheets looked through and written, old ones cleared."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import Actor, the_program
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.data import ImportMode, ImportState
from anlan.registry.keeping import ImportNotReady
from anlan.registry.models import SheetImport

SWEEP_EVERY = timedelta(minutes=10)
TOLD_EVERY_S = 0.5
STUCK_AFTER = timedelta(minutes=15)
KEPT_FOR = timedelta(days=30)
WAITS_FOR = timedelta(days=7)


@task
def look_through(uuid: str) -> None:
    """Look through a spreadsheet that was uploaded."""
    row = SheetImport.objects.get(uuid=uuid)
    look_through_sheet(uuid, by=sender_of(row), now=clock.now(), told=progress_of(row))


@task
def carry_out(uuid: str, mode: str) -> None:
    """Write what a spreadsheet says, now that its sender has said so."""
    row = SheetImport.objects.get(uuid=uuid)
    try:
        carry_out_import(
            uuid,
            mode=ImportMode(mode),
            by=sender_of(row),
            now=clock.now(),
            told=progress_of(row),
        )
    except ImportNotReady:
        return  # pressed twice: the first press did it


def sender_of(row: SheetImport) -> Actor:
    """Return who sent a spreadsheet."""
    return Actor(label=row.by, account_id=row.account_id)


def progress_of(row: SheetImport) -> Callable[[float], None]:
    """Return what notes on the import how far it has come, twice a second at most."""
    last = [0.0]

    def told(share: float) -> None:
        at = perf_counter()
        if at - last[0] >= TOLD_EVERY_S:
            last[0] = at
            SheetImport.objects.filter(pk=row.pk).update(done_rows=int(share * row.total_rows))

    return told


def sweep(now: datetime) -> int:
    """Give back imports that a killed worker left half-way, and clear the files of old ones."""
    stuck = SheetImport.objects.filter(created_at__lt=now - STUCK_AFTER)
    given_back = stuck.filter(state=ImportState.WRITING).update(state=ImportState.PLANNED)
    for uuid in stuck.filter(state=ImportState.READING).values_list("uuid", flat=True):
        look_through.enqueue(str(uuid))
        given_back += 1
    if given_back:
        journal.record(
            "imports.given_back",
            by=the_program("register sweep"),
            now=now,
            detail={"count": given_back},
        )
    old = SheetImport.objects.filter(content__isnull=False)
    old.filter(created_at__lt=now - KEPT_FOR).update(content=None, faults="")
    old.filter(state=ImportState.PLANNED, created_at__lt=now - WAITS_FOR).update(
        state=ImportState.REFUSED, content=None, faults="", finished_at=now
    )
    return given_back
