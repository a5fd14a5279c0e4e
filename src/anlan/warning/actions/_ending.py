"""Messages of upper levels that end others: by references, and only those of the same sender."""

from datetime import datetime

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.core.upper import ending_of, may_end
from anlan.warning.data import UpperState
from anlan.warning.models import UpperReference, UpperWarning

# Whatever was not accepted, or only exercised, ends nothing.
POWERLESS = (UpperState.REFUSED, UpperState.EXERCISE)


def end_named(ender: UpperWarning, *, by: Actor, now: datetime) -> int:
    """End the warnings in force that a message names, and return how many."""
    state = ending_of(ender.msg_type)
    if state is None or ender.state in POWERLESS:
        return 0
    ended = 0
    for named in UpperReference.objects.filter(warning=ender, sender=ender.sender):
        target = UpperWarning.objects.filter(
            division_id=ender.division_id,
            sender=named.sender,
            identifier=named.identifier,
            sent_at=named.sent_at,
            state=UpperState.IN_FORCE,
        ).first()
        if target is not None and may_end(ender=ender.verdict, ended=target.verdict):
            ended += end(target, state=state, ender=ender, by=by, now=now)
    return ended


def end(
    target: UpperWarning, *, state: UpperState, ender: UpperWarning, by: Actor, now: datetime
) -> int:
    """End one warning in force by a message that names it, and return whether that was done."""
    done = UpperWarning.objects.filter(pk=target.pk, state=UpperState.IN_FORCE).update(
        state=state, ended_at=now, ended_by=ender
    )
    if done:
        journal.record(
            f"upper_warning.{state.value}",
            by=by,
            now=now,
            subject=f"upper_warning:{target.uuid}",
            division_code=target.division_id,
            cause=f"upper_warning:{ender.uuid}",
        )
    return done


def ender_of(row: UpperWarning) -> UpperWarning | None:
    """Return the latest message already there that ends this one, or None."""
    naming = UpperReference.objects.filter(
        identifier=row.identifier,
        sender=row.sender,
        sent_at=row.sent_at,
        warning__sender=row.sender,
        warning__division_id=row.division_id,
    ).values("warning_id")
    found = UpperWarning.objects.filter(pk__in=naming).exclude(state__in=POWERLESS)
    ender: UpperWarning
    for ender in found.order_by("-sent_at", "-pk"):
        ends = ending_of(ender.msg_type) is not None
        if ends and may_end(ender=ender.verdict, ended=row.verdict):
            return ender
    return None
