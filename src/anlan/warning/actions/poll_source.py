import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.actions._feed import Look, look_at
from anlan.warning.core.upper_polling import wait_after
from anlan.warning.data import NextPoll
from anlan.warning.models import WarningSource

# A poll that has not come to its end by then was lost.
LOST_AFTER = timedelta(minutes=5)


def poll_source(source_uuid: str, *, token: str, by: Actor, now: datetime) -> NextPoll | None:
    """Ask a source for what is new, receive it, and return when and by which token to ask again.

    Returns None when the token is no longer the source's: another chain of polls lives, or the
    source was ended. After each failure the next poll is twice as far off, up to half an hour.
    What the feed's server says of its version is noted only when nothing was left over.
    """
    source = _claim(source_uuid, token=token, now=now)
    if source is None:
        return None
    look = look_at(source, by=by, now=now)
    return _finish(source, look, by=by, now=now)


@transaction.atomic
def _claim(source_uuid: str, *, token: str, now: datetime) -> WarningSource | None:
    following = secrets.token_hex(8)
    mine = WarningSource.objects.filter(
        uuid=source_uuid, poll_token=token, ended_at__isnull=True
    ).update(poll_token=following, polled_at=now, due_at=now + LOST_AFTER)
    if mine != 1:
        return None
    found: WarningSource | None = WarningSource.objects.filter(poll_token=following).first()
    return found


@transaction.atomic
def _finish(source: WarningSource, look: Look, *, by: Actor, now: datetime) -> NextPoll | None:
    failures = source.failures + 1 if look.fault else 0
    wait = wait_after(every=timedelta(seconds=source.every_seconds), failures=failures)
    changed: dict[str, Any] = {
        "fault": look.fault,
        "fault_detail": look.detail[:250],
        "failures": failures,
        "due_at": now + wait,
    }
    if not look.fault:
        changed["answered_at"] = now
    if look.is_new:
        is_done = look.is_whole and not look.fault
        changed["etag"] = look.etag if is_done else ""
        changed["last_modified"] = look.last_modified if is_done else ""
    mine = WarningSource.objects.filter(pk=source.pk, poll_token=source.poll_token)
    if mine.update(**changed) != 1:
        return None
    _tell(source, look, by=by, now=now)
    return NextPoll(token=source.poll_token, at=now + wait)


def _tell(source: WarningSource, look: Look, *, by: Actor, now: datetime) -> None:
    """Journal the first failure of a row, the end of one, and messages that cannot be read."""
    told: list[tuple[str, dict[str, Any]]] = []
    if look.fault and not source.failures:
        told.append(("warning_source.failed", {"fault": look.fault}))
    if source.failures and not look.fault:
        told.append(("warning_source.recovered", {"failures": source.failures}))
    if look.unreadable:
        told.append(("warning_source.unreadable", {"reasons": look.unreadable}))
    for act, detail in told:
        journal.record(
            act,
            by=by,
            now=now,
            subject=f"warning_source:{source.uuid}",
            division_code=source.division_id,
            detail=detail,
        )
