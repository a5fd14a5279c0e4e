from datetime import datetime

from django.db import transaction
from django.db.models import Q

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import Role
from anlan.registry.models import Authority
from anlan.registry.queries.divisions import check_divisions
from anlan.registry.queries.managing import access_for_change, check_grantable
from anlan.registry.refusals import AlreadyHeld


@transaction.atomic
def grant_authority(
    account_id: int,
    *,
    role: Role,
    division_code: str,
    by: Actor,
    now: datetime,
    office: str = "",
    until: datetime | None = None,
) -> int:
    """Give an account a role over a division and return the authority's id.

    Raises UnknownDivision, AccountOutOfSight, NotYourself, AccountAbove, MayNotGrant,
    OfficeOnlyForClerks and AlreadyHeld.
    """
    check_divisions([division_code])
    access_for_change(account_id, by=by, now=now)
    check_grantable(role, division_code=division_code, office=office, by=by, now=now)
    held = Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        account_id=account_id,
        role=role,
        division_id=division_code,
        office=office,
        delegated_by__isnull=True,
    )
    if held.exists():
        raise AlreadyHeld
    authority = Authority.objects.create(
        account_id=account_id,
        role=role,
        division_id=division_code,
        office=office,
        valid_from=now,
        valid_until=until,
    )
    journal.record(
        "authority.granted",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=division_code,
        detail={"role": role.value}
        | ({"office": office} if office else {})
        | ({"until": until.isoformat()} if until else {}),
    )
    return authority.pk
