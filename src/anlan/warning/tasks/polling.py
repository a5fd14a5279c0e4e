"""The sources of upper-level warnings, asked each on its interval, and the sweep behind them."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.actions._ending import end_named
from anlan.warning.actions.expire_upper_warnings import expire_upper_warnings
from anlan.warning.actions.poll_source import poll_source
from anlan.warning.data import UpperState
from anlan.warning.models import FeedEntry, UpperReference, UpperWarning, WarningSource

SWEEP_EVERY = timedelta(minutes=5)
PATIENCE = timedelta(minutes=2)
FORGET_AFTER = timedelta(days=60)
BY = the_program("upper warnings")


@task(queue_name="wires")
def poll(source_uuid: str, token: str) -> None:
    """Ask a source for what is new, and plan to ask again; a drill asks nobody."""
    if settings.ANLAN_DRILL:
        return
    following = poll_source(source_uuid, token=token, by=BY, now=clock.now())
    if following is not None:
        poll.using(run_after=following.at).enqueue(source_uuid, following.token)


def sweep(now: datetime) -> int:
    """Start lost polls again, end what should have ended, and return how many repairs that took.

    Entries that no feed has shown for two months are forgotten; that is no repair.
    """
    FeedEntry.objects.filter(seen_at__lt=now - FORGET_AFTER).delete()
    repaired = {
        "polls": _start_lost_polls(now),
        "expired": len(expire_upper_warnings(by=BY, now=now)),
        "ended": _end_superseded(now),
    }
    if any(repaired.values()):
        journal.record("upper_warnings.repaired", by=BY, now=now, detail=repaired)
    return sum(repaired.values())


def _start_lost_polls(now: datetime) -> int:
    lost = WarningSource.objects.filter(ended_at__isnull=True, due_at__lt=now - PATIENCE)
    started = 0
    for key, old in lost.order_by("pk").values_list("uuid", "poll_token"):
        token = secrets.token_hex(8)
        mine = WarningSource.objects.filter(uuid=key, poll_token=old, ended_at__isnull=True)
        if mine.update(poll_token=token, due_at=now) == 1:
            poll.enqueue(str(key), token)
            started += 1
    return started


def _end_superseded(now: datetime) -> int:
    """End warnings in force that a message already there names."""
    standing = UpperWarning.objects.filter(state=UpperState.IN_FORCE)
    naming = UpperReference.objects.filter(
        identifier__in=standing.values("identifier"), sender__in=standing.values("sender")
    )
    enders = UpperWarning.objects.filter(
        pk__in=naming.values("warning_id"), msg_type__in=("Update", "Cancel")
    )
    return sum(end_named(ender, by=BY, now=now) for ender in enders.order_by("sent_at", "pk"))
