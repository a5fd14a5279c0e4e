"""Who may manage which account: the one rule that pages and actions ask.

An account is kept by one division, named when it is opened. Whoever manages accounts over that
division sees it, and may change it unless it is their own or may do something that they may not.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from anlan.kernel.actors import Actor
from anlan.kernel.codes import contains
from anlan.kernel.scope import narrowest, within
from anlan.registry.data import Office, Permission, Role
from anlan.registry.models import Account, Authority, Person
from anlan.registry.permissions import may_grant
from anlan.registry.queries.authorities import Grant, codes_where, grants_of
from anlan.registry.refusals import (
    AccountAbove,
    AccountOutOfSight,
    MayNotGrant,
    NotYourself,
    OfficeOnlyForClerks,
    PersonOutOfSight,
)


def roles_over(grants: Iterable[Grant], division_code: str) -> set[Role]:
    """Return the roles that the grants give over all records of a division."""
    return {
        grant.role
        for grant in grants
        if not grant.office and contains(grant.division_code, division_code)
    }


def kept_in(codes: Iterable[str]) -> Q:
    """Return the condition that an account is kept by these divisions or one within them."""
    return within("division_id", narrowest(codes))


def access_managed(account_id: int, *, grants: Iterable[Grant]) -> Account:
    """Return an account that the grants let somebody manage; raise AccountOutOfSight otherwise."""
    codes = codes_where(grants, Permission.MANAGE_ACCOUNTS)
    rows = Account.objects.select_related("person", "division")
    found = rows.filter(kept_in(codes), pk=account_id).first()
    if found is None:
        raise AccountOutOfSight(account_id)
    return found


def access_for_change(account_id: int, *, by: Actor, now: datetime) -> Account:
    """Return an account that an actor may change.

    The program itself, from the command line, may change any. Raises NotYourself,
    AccountOutOfSight, and AccountAbove for one that may do more than the actor.
    """
    if by.account_id is None:
        found = Account.objects.filter(pk=account_id).first()
        if found is None:
            raise AccountOutOfSight(account_id)
        return found
    if by.account_id == account_id:
        raise NotYourself
    grants = grants_of(by.account_id, at=now)
    account = access_managed(account_id, grants=grants)
    if not all(
        may_grant(Role(role), holding=roles_over(grants, code))
        for role, code in unended(account_id, now=now).values_list("role", "division_id")
    ):
        raise AccountAbove
    return account


def unended(account_id: int, *, now: datetime) -> QuerySet[Authority]:
    """Return the authorities of an account that hold now or will hold later."""
    return Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), account_id=account_id
    )


def check_grantable(
    role: Role, *, division_code: str, office: str, by: Actor, now: datetime
) -> None:
    """Raise MayNotGrant when an actor may not give a role over a division."""
    if office and (role is not Role.CLERK or office not in Office.values):
        raise OfficeOnlyForClerks
    if by.account_id is None:
        return
    holding = roles_over(grants_of(by.account_id, at=now), division_code)
    if not may_grant(role, holding=holding):
        raise MayNotGrant


def check_person(person_id: int | None) -> None:
    """Raise PersonOutOfSight unless the person, if one is named, is in sight and still here."""
    if person_id is not None:
        here = Person.objects.filter(pk=person_id, left_on__isnull=True)
        if not here.exists():
            raise PersonOutOfSight
