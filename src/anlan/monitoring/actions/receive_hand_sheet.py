import hashlib
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.kernel.encryption import encrypt_bytes
from anlan.kernel.tables.drafts import RowState
from anlan.monitoring.data import HandSubject
from anlan.monitoring.models import HandSheet
from anlan.monitoring.sheets.judging import JUDGES
from anlan.monitoring.sheets.planning import plan_hand_sheet
from anlan.registry.data import ImportState


@transaction.atomic
def receive_hand_sheet(
    content: bytes, *, file_name: str, subject: HandSubject, by: Actor, now: datetime
) -> str:
    """Keep a spreadsheet of things seen by eye, looked through, and return its uuid.

    No reading and no report is written yet. Raises UnusableFile with a sentence when the file is
    none that can be read, has no headings of the subject or too many rows; then nothing is kept.
    """
    plan = plan_hand_sheet(
        subject, file_name=file_name, content=content, judge=JUDGES[subject], by=by, now=now
    )
    counts = plan.counts()
    row = HandSheet.objects.create(
        uuid=uuid4(),
        subject=subject,
        file_name=file_name[-200:],
        file_digest=hashlib.sha256(content).hexdigest(),
        content=encrypt_bytes(content),
        account_id=by.account_id,
        by=by.label,
        state=ImportState.PLANNED,
        total_rows=plan.intake.total,
        new_rows=counts[RowState.NEW],
        changed_rows=counts[RowState.CHANGED],
        unchanged_rows=counts[RowState.UNCHANGED],
        bad_rows=counts[RowState.BAD],
        plan_digest=plan.digest,
        created_at=now,
    )
    return str(row.uuid)
