from datetime import datetime

from django.db import transaction
from django_otp.models import Device

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Account, SecondFactor
from anlan.registry.second_factor import proving_device


@transaction.atomic
def prove_second_factor(account: Account, *, code: str, by: Actor, now: datetime) -> Device | None:
    """Take a code of the moment or a recovery code and return the device that knows it, or None."""
    device = proving_device(account.pk, code)
    via = "app" if isinstance(device, SecondFactor) else "recovery code"
    journal.record(
        "second_factor.proved" if device else "second_factor.failed",
        by=by,
        now=now,
        subject=f"account:{account.pk}",
        division_code=account.division_id or "",
        detail={"via": via} if device else {},
    )
    return device
