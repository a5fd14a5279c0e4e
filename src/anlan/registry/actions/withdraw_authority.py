from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.registry.actions._ending import end_authority, end_handed_on
from anlan.registry.models import Authority
from anlan.registry.queries.managing import access_for_change
from anlan.registry.refusals import AccountOutOfSight, NotInForce


@transaction.atomic
def withdraw_authority(authority_id: int, *, by: Actor, now: datetime) -> None:
    """End an authority now, and with it whatever was handed on from it.

    One that was handed on is ended by its giver, its receiver or an administrator; any other by
    an administrator, never by its holder. Raises AccountOutOfSight, NotYourself, AccountAbove and
    NotInForce.
    """
    authority = Authority.objects.filter(pk=authority_id).first()
    if authority is None:
        raise AccountOutOfSight(authority_id)
    parties = {authority.delegated_by_id, authority.account_id}
    is_lent = authority.delegated_by_id is not None
    if not (is_lent and by.account_id in parties):
        access_for_change(authority.account_id, by=by, now=now)
    if not end_authority(authority, by=by, now=now):
        raise NotInForce
    end_handed_on(authority.account_id, by=by, now=now)
