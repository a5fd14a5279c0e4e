from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.actions._ending import end_handed_on
from anlan.registry.models import Account
from anlan.registry.queries.managing import access_for_change
from anlan.registry.refusals import StateChanged


@transaction.atomic
def close_account(account_id: int, *, by: Actor, now: datetime) -> None:
    """Close an account: its sessions end, and so does what it handed on to others.

    Raises AccountOutOfSight, NotYourself, AccountAbove, and StateChanged when it is closed.
    """
    account = access_for_change(account_id, by=by, now=now)
    if Account.objects.filter(pk=account_id, is_active=True).update(is_active=False) != 1:
        raise StateChanged
    end_handed_on(account_id, by=by, now=now)
    journal.record(
        "account.closed",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=account.division_id or "",
    )
