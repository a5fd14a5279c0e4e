from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account
from anlan.registry.second_factor import new_recovery_codes


@transaction.atomic
def renew_recovery_codes(account: Account, *, by: Actor, now: datetime) -> tuple[str, ...]:
    """Give one's own account ten new recovery codes and return them; the old ones open nothing."""
    codes = new_recovery_codes(account.pk)
    journal.record(
        "second_factor.codes_renewed",
        by=by,
        now=now,
        subject=f"account:{account.pk}",
        division_code=account.division_id or "",
    )
    return codes
