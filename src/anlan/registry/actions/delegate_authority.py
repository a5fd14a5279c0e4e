from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of, contains
from anlan.registry.data import Role
from anlan.registry.models import Account, Authority
from anlan.registry.permissions import LONGEST_DELEGATION_DAYS, may_hand_on
from anlan.registry.queries.authorities import in_force
from anlan.registry.queries.divisions import check_divisions
from anlan.registry.refusals import (
    AlreadyHeld,
    EndsTooLate,
    HandedInACircle,
    NotYoursToHandOn,
    ReceiverRefused,
)


@transaction.atomic
def delegate_authority(
    to: str, *, role: Role, division_code: str, until: datetime, by: Actor, now: datetime
) -> int:
    """Hand a role of one's own to another account for a time and return the authority's id.

    `to` is the user name of an open account of the same county. Raises NotYoursToHandOn,
    ReceiverRefused, EndsTooLate, HandedInACircle, AlreadyHeld and UnknownDivision.
    """
    check_divisions([division_code])
    giver = by.account_id or 0
    own = _own_over(giver, role=role, division_code=division_code, now=now)
    receiver = _receiver(to, division_code=division_code, giver=giver)
    _check_end(until, own=own, now=now)
    held = in_force(receiver.pk, at=now).filter(role=role)
    lent_back = in_force(giver, at=now).filter(role=role, delegated_by=receiver)
    if lent_back.exists():
        raise HandedInACircle(receiver.username)
    if any(contains(code, division_code) for code in held.values_list("division_id", flat=True)):
        raise AlreadyHeld
    authority = Authority.objects.create(
        account=receiver,
        role=role,
        division_id=division_code,
        delegated_by_id=giver,
        valid_from=now,
        valid_until=until,
    )
    journal.record(
        "authority.delegated",
        by=by,
        now=now,
        subject=f"account:{receiver.pk}",
        division_code=division_code,
        detail={"role": role.value, "until": until.isoformat()},
    )
    return authority.pk


def _own_over(giver: int, *, role: Role, division_code: str, now: datetime) -> Sequence[Authority]:
    """Return the giver's own authorities of a role that hold all of a division."""
    own = in_force(giver, at=now).filter(delegated_by__isnull=True, office="")
    over = [each for each in own if contains(each.division_id, division_code)]
    if not may_hand_on(role, holding=[Role(each.role) for each in over]):
        raise NotYoursToHandOn
    return [each for each in over if each.role == role]


def _receiver(to: str, *, division_code: str, giver: int) -> Account:
    """Return the account that is to take an authority: open, of the county, somebody else."""
    county = ancestor_of(division_code, level=Level.COUNTY)
    found = Account.objects.filter(~Q(pk=giver), username=to, is_active=True).first()
    if found is None or not (found.division_id and contains(county, found.division_id)):
        raise ReceiverRefused(to)
    return found


def _check_end(until: datetime, *, own: Sequence[Authority], now: datetime) -> None:
    ends = [each.valid_until for each in own]
    latest = now + timedelta(days=LONGEST_DELEGATION_DAYS)
    known = [end for end in ends if end is not None]
    if len(known) == len(ends):
        latest = min(latest, max(known))
    if not now < until <= latest:
        raise EndsTooLate(latest)
