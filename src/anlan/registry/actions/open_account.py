from datetime import datetime

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import Role
from anlan.registry.models import Account, Authority
from anlan.registry.passwords import check_new_password
from anlan.registry.queries.divisions import check_divisions
from anlan.registry.queries.managing import check_grantable, check_person
from anlan.registry.refusals import UserNameMalformed, UserNameTaken

SHORTEST_NAME, LONGEST_NAME = 2, 60


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
    office: str = "",
    must_change: bool = True,
) -> int:
    """Open an account with one authority, kept by that division, and return its id.

    The password must be changed at the first login unless `must_change` is off. Raises
    UnknownDivision, MayNotGrant, PersonOutOfSight, UserNameRefused and PasswordRefused.
    """
    check_divisions([division_code])
    check_grantable(role, division_code=division_code, office=office, by=by, now=now)
    check_person(person_id)
    _check_name(username)
    account = Account(
        username=username,
        person_id=person_id,
        division_id=division_code,
        date_joined=now,
        password_changed_at=now,
        must_change_password=must_change,
    )
    check_new_password(password, account=account)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise UserNameTaken(username) from error
    Authority.objects.create(
        account=account, role=role, division_id=division_code, office=office, valid_from=now
    )
    journal.record(
        "account.opened",
        by=by,
        now=now,
        subject=f"account:{account.pk}",
        division_code=division_code,
        detail={"role": role.value} | ({"office": office} if office else {}),
    )
    return account.pk


def _check_name(username: str) -> None:
    """Raise UserNameRefused for a malformed name, or one that differs from another in case only."""
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise UserNameMalformed(username) from error
    if not SHORTEST_NAME <= len(username) <= LONGEST_NAME:
        raise UserNameMalformed(username)
    if Account.objects.filter(username__iexact=username).exists():
        raise UserNameTaken(username)
