from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account
from anlan.registry.queries.managing import access_for_change, check_person


@transaction.atomic
def tie_account(account_id: int, *, person_id: int | None, by: Actor, now: datetime) -> None:
    """Tie an account to a person of the register, so that calls reach them; None unties it.

    Raises AccountOutOfSight, NotYourself, AccountAbove and PersonOutOfSight.
    """
    account = access_for_change(account_id, by=by, now=now)
    check_person(person_id)
    Account.objects.filter(pk=account_id).update(person_id=person_id)
    journal.record(
        "account.tied",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=account.division_id or "",
        detail={"person": person_id},
    )
