"""Reads of the spreadsheets of things seen by eye: each account sees its own."""

from anlan.monitoring.data import HandSubject
from anlan.monitoring.models import HandSheet
from anlan.monitoring.refusals import SheetOutOfSight

LATEST = 20


def sheets_of(account_id: int | None, *, subject: HandSubject) -> list[HandSheet]:
    """Return the latest spreadsheets that an account has sent of a subject, newest first."""
    rows = HandSheet.objects.filter(account_id=account_id or 0, subject=subject)
    return list(rows.defer("content").order_by("-created_at", "-pk")[:LATEST])


def access_sheet(uuid: str, *, account_id: int | None) -> HandSheet:
    """Return a spreadsheet of an account; raise SheetOutOfSight."""
    row = HandSheet.objects.filter(uuid=uuid).first()
    if row is None or row.account_id is None or row.account_id != account_id:
        raise SheetOutOfSight(uuid)
    return row
