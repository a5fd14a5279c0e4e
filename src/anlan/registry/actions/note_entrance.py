from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account


@transaction.atomic
def note_entrance(
    act: str,
    *,
    username: str,
    address: str,
    by: Actor,
    now: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    """Journal that somebody came in, tried to, was locked out or left.

    `act` is one of `account.logged_in`, `account.log_in_failed`, `account.locked`,
    `account.logged_out`. For a name that no account has nothing is written: what was typed there
    may be a password.
    """
    found = Account.objects.filter(username=username).values_list("pk", "division_id").first()
    if found is None:
        return
    account_id, code = found
    journal.record(
        act,
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=code or "",
        detail={"from": address} | (detail or {}),
    )
