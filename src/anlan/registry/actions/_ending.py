"""What ends with an authority: whatever was handed on from it."""

from datetime import datetime

from django.db.models import Q

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import contains
from anlan.registry.data import Role
from anlan.registry.models import Authority


def end_authority(authority: Authority, *, by: Actor, now: datetime) -> bool:
    """End an authority that holds or will hold, journal it and tell whether it did."""
    rows = Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), pk=authority.pk
    )
    begun = authority.valid_from <= now
    if not (rows.update(valid_until=now) if begun else rows.delete()[0]):
        return False
    journal.record(
        "authority.withdrawn",
        by=by,
        now=now,
        subject=f"account:{authority.account_id}",
        division_code=authority.division_id,
        detail={"role": authority.role},
    )
    return True


def end_handed_on(account_id: int, *, by: Actor, now: datetime) -> None:
    """End what an account handed on and no longer holds itself; all of it once it is closed."""
    lent = Authority.objects.select_related("delegated_by").filter(
        delegated_by_id=account_id, valid_until__gt=now
    )
    own = Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        account_id=account_id,
        account__is_active=True,
        delegated_by__isnull=True,
    )
    held = [(Role(role), code) for role, code in own.values_list("role", "division_id")]
    for each in lent:
        if not any(role == each.role and contains(code, each.division_id) for role, code in held):
            end_authority(each, by=by, now=now)
