from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account
from anlan.registry.passwords import replace_password
from anlan.registry.refusals import WrongPassword


@transaction.atomic
def change_password(account: Account, *, old: str, new: str, by: Actor, now: datetime) -> None:
    """Give one's own account another password; every session of it ends, this one included.

    Raises WrongPassword when `old` is not the present one, PasswordRefused with a sentence for
    each rule that the new one breaks.
    """
    if not account.check_password(old):
        raise WrongPassword
    replace_password(account, new, must_change=False, now=now)
    journal.record(
        "password.changed",
        by=by,
        now=now,
        subject=f"account:{account.pk}",
        division_code=account.division_id or "",
    )
