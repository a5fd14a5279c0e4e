"""Asking again what was done, until the person tells it or has been asked often enough."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.actions._outbox import put_out
from anlan.warning.core.answers import MOST_REASKS
from anlan.warning.data import DeliveryState, Purpose, SummonsState
from anlan.warning.models import Delivery, Summons
from anlan.warning.queries.under import still_under
from anlan.warning.queries.ways import ways_to

FIRST_TURN: Final = 100  # turns below are the rungs of a ladder
_ANSWERED: Final = (SummonsState.ACKNOWLEDGED, SummonsState.TAKEN_OVER)


def ask_what_was_done(warning_uuid: str, *, by: Actor, now: datetime) -> datetime | None:
    """Ask whoever has answered and is due to report; return when the next one is due.

    Only villages still under the warning are asked about. After the last question in vain the
    call is left to the duty desk, and the journal says so.
    """
    rows = list(
        Summons.objects.filter(
            still_under(),
            warning__uuid=warning_uuid,
            state__in=_ANSWERED,
            report_due_at__isnull=False,
        )
        .select_related("division")
        .order_by("pk")
    )
    due = [row for row in rows if row.report_due_at is not None and row.report_due_at <= now]
    asked = [row for row in due if row.reasked < MOST_REASKS]
    _ask(asked, now=now)
    _leave([row for row in due if row.reasked >= MOST_REASKS], by=by, now=now)
    later = [row.report_due_at for row in rows if row not in due and row.report_due_at]
    later += [now + timedelta(minutes=row.report_minutes or 1) for row in asked]
    return min(later, default=None)


def _ask(rows: Sequence[Summons], *, now: datetime) -> None:
    if not rows:
        return
    ways = ways_to(
        {row.answered_by_id for row in rows if row.answered_by_id},
        divisions={row.division_id for row in rows},
    )
    put_out(
        Delivery(
            division_id=row.division_id,
            purpose=Purpose.REASK,
            summons=row,
            person_id=row.answered_by_id,
            duty=row.duty,
            turn=FIRST_TURN + row.reasked,
            title=_("%(village)s: what was done?") % {"village": row.division.name},
            text=_(
                "You have received the warning for %(village)s. Tell what was done: how many "
                "people were notified, how many are out. Answer 3 and the two numbers, for "
                "example: 3 12 8. Need help: 5."
            )
            % {"village": row.division.name},
            channel=ways.of(row.answered_by_id, division=row.division_id)[0],
            state=DeliveryState.QUEUED,
            queued_at=now,
            not_before=now,
        )
        for row in rows
    )
    for row in rows:
        Summons.objects.filter(pk=row.pk, reasked=row.reasked, reported_at__isnull=True).update(
            reasked=row.reasked + 1,
            report_due_at=now + timedelta(minutes=row.report_minutes or 1),
        )


def _leave(rows: Sequence[Summons], *, by: Actor, now: datetime) -> None:
    if not rows:
        return
    Summons.objects.filter(pk__in=[row.pk for row in rows]).update(report_due_at=None)
    journal.record_all(
        (
            journal.Note(
                act="summons.report_missing",
                subject=f"summons:{row.uuid}",
                division_code=row.division_id,
                detail={"person": row.answered_by_id, "asked": row.reasked},
            )
            for row in rows
        ),
        by=by,
        now=now,
    )
