from datetime import datetime, timedelta

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.models import HandSheet
from anlan.registry.data import ImportState

KEPT_FOR = timedelta(days=30)
WAITS_FOR = timedelta(days=7)


@transaction.atomic
def clear_hand_sheets(*, by: Actor, now: datetime) -> int:
    """Drop the files of old spreadsheets, and return of how many; what they wrote stays.

    One that has waited for its sender's word for a week is refused: its readings are too old.
    """
    files = HandSheet.objects.filter(content__isnull=False)
    waiting = files.filter(state=ImportState.PLANNED, created_at__lt=now - WAITS_FOR)
    refused = waiting.update(state=ImportState.REFUSED, content=None, finished_at=now)
    cleared = refused + files.filter(created_at__lt=now - KEPT_FOR).update(content=None)
    if cleared:
        journal.record("hand_sheets.cleared", by=by, now=now, detail={"count": cleared})
    return cleared
