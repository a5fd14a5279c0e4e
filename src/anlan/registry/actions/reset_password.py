from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.passwords import replace_password
from anlan.registry.queries.managing import access_for_change


@transaction.atomic
def reset_password(account_id: int, *, new: str, by: Actor, now: datetime) -> None:
    """Give somebody's account a password that they must change at their next login.

    A lock-out of the account ends. Raises AccountOutOfSight, NotYourself, AccountAbove and
    PasswordRefused.
    """
    account = access_for_change(account_id, by=by, now=now)
    replace_password(account, new, must_change=True, now=now)
    journal.record(
        "password.reset",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=account.division_id or "",
    )
