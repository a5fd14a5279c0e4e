from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import Role
from anlan.registry.models import Account, Authority
from anlan.registry.queries.divisions import check_divisions


@transaction.atomic
def open_account(
    username: str,
    *,
    password: str,
    role: Role,
    division_code: str,
    person_id: int | None,
    by: Actor,
    now: datetime,
) -> int:
    """Open an account with one authority and return its id.

    Raises UnknownDivision when the division does not exist.
    """
    check_divisions([division_code])
    account = Account(username=username, person_id=person_id, date_joined=now)
    account.set_password(password)
    account.save()
    Authority.objects.create(account=account, role=role, division_id=division_code, valid_from=now)
    journal.record(
        "account.opened",
        by=by,
        now=now,
        subject=f"account:{account.pk}",
        division_code=division_code,
        detail={"role": role.value},
    )
    return account.pk
