"""Warnings coming and going with the exceedances that cause them, and the sweep behind all."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.monitoring.api import standing_exceedances
from anlan.warning.actions._claiming import give_back_lost
from anlan.warning.actions.drop_drafts import drop_drafts
from anlan.warning.actions.issue_warnings import issue_warnings
from anlan.warning.actions.lift_warnings import lift_warnings
from anlan.warning.data import DeliveryState, SummonsState
from anlan.warning.models import Delivery, Summons, WarningArea
from anlan.warning.queries.under import still_under
from anlan.warning.tasks.delivering import deliver
from anlan.warning.tasks.ringing import ring

SWEEP_EVERY = timedelta(minutes=3)
PATIENCE = timedelta(minutes=1)


@task
def issue_for_exceedances(exceedance_ids: list[int]) -> None:
    """Issue the warnings that new exceedances call for."""
    issue_warnings(exceedance_ids, by=the_program("threshold warning"), now=clock.now())


@task
def lift_for_exceedances(exceedance_ids: list[int]) -> None:
    """Lift what ended exceedances held up."""
    now = clock.now()
    lift_warnings(exceedance_ids, by=the_program("threshold warning"), now=now)
    drop_drafts(by=the_program("threshold warning"), now=now)


def sweep(now: datetime) -> int:
    """Find calls, messages and warnings that got stuck, start them again and return how many."""
    late = now - PATIENCE
    never_rung = ~Exists(Delivery.objects.filter(summons=OuterRef("pk")))
    stuck_calls = dict.fromkeys(
        Summons.objects.filter(
            Q(due_at__lt=late, state=SummonsState.WAITING)
            | Q(never_rung, asked_at__lt=late, state=SummonsState.WAITING)
            | Q(still_under(), report_due_at__lt=late)
        )
        .order_by("warning_id")
        .values_list("warning__uuid", flat=True)
    )
    give_back_lost(now=now)
    stuck_messages = Delivery.objects.filter(
        state=DeliveryState.QUEUED, queued_at__lt=late, not_before__lt=late
    ).count()
    held = WarningArea.objects.filter(released_at__isnull=True, exceedance__isnull=False)
    over = sorted(
        set(held.filter(exceedance__ended_at__lt=late).values_list("exceedance_id", flat=True))
    )
    # One whose warning somebody has cancelled holds nothing up, and yet it is not issued again.
    known = set(
        WarningArea.objects.filter(exceedance__ended_at__isnull=True).values_list(
            "exceedance_id", flat=True
        )
    )
    unheld = sorted(standing_exceedances(before=late) - known)
    issued = issue_warnings(unheld, by=the_program("sweep"), now=now) if unheld else []
    for uuid in stuck_calls:
        ring.enqueue(str(uuid))
    if stuck_messages:
        deliver.enqueue()
    if over:
        lift_warnings(over, by=the_program("sweep"), now=now)
    repaired = {
        "calls": len(stuck_calls),
        "messages": stuck_messages,
        "lifted": len(over),
        "issued": len(issued),
    }
    if any(repaired.values()):
        journal.record("warning.repaired", by=the_program("sweep"), now=now, detail=repaired)
    return sum(repaired.values())
