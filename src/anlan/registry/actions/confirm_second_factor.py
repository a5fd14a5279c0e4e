from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account, SecondFactor
from anlan.registry.second_factor import new_recovery_codes


@transaction.atomic
def confirm_second_factor(
    account_id: int, *, code: str, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Take the first code of a new second factor and return ten recovery codes, shown only once.

    Returns nothing when the code is wrong; then the factor does not hold yet.
    """
    rows = SecondFactor.objects.select_for_update().select_related("user")
    factor = rows.filter(user_id=account_id, confirmed=False).first()
    if factor is None or not factor.verify_token(code.replace(" ", "")):
        return ()
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed=True)
    Account.objects.filter(pk=account_id).update(has_second_factor=True)
    journal.record(
        "second_factor.set",
        by=by,
        now=now,
        subject=f"account:{account_id}",
        division_code=factor.user.division_id or "",
    )
    return new_recovery_codes(account_id)
