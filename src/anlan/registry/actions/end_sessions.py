from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account


@transaction.atomic
def end_sessions(account: Account, *, by: Actor, now: datetime) -> None:
    """End every session of one's own account, on whatever machine it is."""
    Account.objects.filter(pk=account.pk).update(session_round=F("session_round") + 1)
    account.refresh_from_db()
    journal.record(
        "account.sessions_ended",
        by=by,
        now=now,
        subject=f"account:{account.pk}",
        division_code=account.division_id or "",
    )
