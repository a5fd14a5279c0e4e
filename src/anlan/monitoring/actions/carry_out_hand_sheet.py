from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.encryption import decrypt_bytes
from anlan.kernel.tables.drafts import RowState
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.actions.report_macro import report_macro
from anlan.monitoring.data import HandSubject
from anlan.monitoring.models import HandSheet
from anlan.monitoring.refusals import SheetNotReady
from anlan.monitoring.sheets.judging import JUDGES
from anlan.monitoring.sheets.planning import HandPlan, plan_hand_sheet
from anlan.registry.data import ImportMode, ImportState


def carry_out_hand_sheet(uuid: str, *, mode: ImportMode, by: Actor, now: datetime) -> None:
    """Write what a spreadsheet of things seen by eye says, as it was looked through.

    It goes the way of a form, with the rights that its sender holds now. With bad rows, `mode` ALL
    writes nothing. Raises SheetNotReady with a sentence when it has been carried out, when it has
    bad rows, and when it would come to something else than what was shown: then it waits for
    another word.
    """
    row = HandSheet.objects.filter(uuid=uuid).first()
    if row is None or row.account_id != by.account_id or not row.content:
        raise SheetNotReady(_("There is no such spreadsheet any more; send it again."))
    if row.state != ImportState.PLANNED:
        raise SheetNotReady(_("This spreadsheet has been taken in already."))
    subject = HandSubject(row.subject)
    plan = plan_hand_sheet(
        subject,
        file_name=row.file_name,
        content=decrypt_bytes(row.content),
        judge=JUDGES[subject],
        by=by,
        now=now,
    )
    if plan.digest != row.plan_digest:
        _note(row, plan)
        raise SheetNotReady(
            _("Something has changed since this was looked through. Look at it again first.")
        )
    if mode is ImportMode.ALL and plan.counts()[RowState.BAD]:
        raise SheetNotReady(
            _("Nothing was written: there are bad rows. Mend them, or take the good rows.")
        )
    _write(row, plan, mode=mode, by=by, now=now)


@transaction.atomic
def _write(row: HandSheet, plan: HandPlan, *, mode: ImportMode, by: Actor, now: datetime) -> None:
    claimed = HandSheet.objects.filter(pk=row.pk, state=ImportState.PLANNED).update(
        state=ImportState.DONE, mode=mode, finished_at=now
    )
    if claimed != 1:
        raise SheetNotReady(_("This spreadsheet has been taken in already."))
    if plan.levels:
        enter_staff_reading([level for _place, level in plan.levels], by=by, now=now)
    if plan.entries:
        report_macro([entry for _place, entry in plan.entries], by=by, now=now)
    counts = {state.value: count for state, count in plan.counts().items()}
    journal.record(
        "hand_sheet.taken_in",
        by=by,
        now=now,
        subject=f"hand_sheet:{row.uuid}",
        division_code=plan.division_code,
        detail={"subject": row.subject, "mode": mode.value, "digest": row.file_digest, **counts},
    )


def _note(row: HandSheet, plan: HandPlan) -> None:
    """Keep what the spreadsheet would come to now, so that it can be looked at again."""
    counts = plan.counts()
    HandSheet.objects.filter(pk=row.pk, state=ImportState.PLANNED).update(
        plan_digest=plan.digest,
        new_rows=counts[RowState.NEW],
        changed_rows=counts[RowState.CHANGED],
        unchanged_rows=counts[RowState.UNCHANGED],
        bad_rows=counts[RowState.BAD],
    )
