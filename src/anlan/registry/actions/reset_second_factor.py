from datetime import datetime

from django.conf import settings
from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.actions.end_sessions import end_sessions
from anlan.registry.models import Account
from anlan.registry.permissions import needs_second_factor
from anlan.registry.queries.authorities import roles_of
from anlan.registry.queries.managing import access_for_change
from anlan.registry.refusals import FactorNeeded
from anlan.registry.second_factor import forget_factor


@transaction.atomic
def reset_second_factor(account_id: int, *, by: Actor, now: datetime) -> bool:
    """Take the second factor off an account, whose sessions end; tell whether there was one.

    An administrator does it for a lost phone; its holder, unless their role demands one. Raises
    AccountOutOfSight, AccountAbove and FactorNeeded.
    """
    if by.account_id == account_id:
        is_required = settings.ANLAN_SECOND_FACTOR == "required"
        if is_required and needs_second_factor(roles_of(account_id, at=now)):
            raise FactorNeeded
        account = Account.objects.get(pk=account_id)
    else:
        account = access_for_change(account_id, by=by, now=now)
    if not forget_factor(account_id):
        return False
    end_sessions(account, by=by, now=now)
    journal.record(
        "second_factor.reset",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=account.division_id or "",
    )
    return True
