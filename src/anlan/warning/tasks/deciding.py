"""Drafts whose time to decide runs out, warnings whose time is over, and the sweep behind both."""

from datetime import datetime, timedelta

from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.actions.drop_drafts import drop_drafts
from anlan.warning.actions.escalate_drafts import escalate_drafts
from anlan.warning.actions.expire_warnings import expire_warnings

SWEEP_EVERY = timedelta(minutes=5)
BY = the_program("warnings in time")


@task
def escalate(draft_uuid: str) -> None:
    """Tell those above of a draft that nobody has decided in time."""
    escalate_drafts([draft_uuid], by=BY, now=clock.now())


@task
def expire() -> None:
    """End the warnings whose time is over."""
    expire_warnings(by=BY, now=clock.now())


def sweep(now: datetime) -> int:
    """Do what a lost task left undone, drop drafts whose cause is over, and return how many."""
    repaired = {
        "escalated": len(escalate_drafts(None, by=BY, now=now)),
        "expired": len(expire_warnings(by=BY, now=now)),
        "dropped": len(drop_drafts(by=BY, now=now)),
    }
    if any(repaired.values()):
        journal.record("drafts.repaired", by=BY, now=now, detail=repaired)
    return sum(repaired.values())
