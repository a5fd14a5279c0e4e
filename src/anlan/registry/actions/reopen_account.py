from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account
from anlan.registry.queries.managing import access_for_change
from anlan.registry.refusals import StateChanged


@transaction.atomic
def reopen_account(account_id: int, *, by: Actor, now: datetime) -> None:
    """Let a closed account in again, with the authorities that it still has.

    Raises AccountOutOfSight, NotYourself, AccountAbove, and StateChanged when it is open.
    """
    account = access_for_change(account_id, by=by, now=now)
    if Account.objects.filter(pk=account_id, is_active=False).update(is_active=True) != 1:
        raise StateChanged
    journal.record(
        "account.reopened",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=account.division_id or "",
    )
