from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.registry.models import SecondFactor


@transaction.atomic
def begin_second_factor(account_id: int, *, by: Actor, now: datetime) -> None:
    """Give an account a new secret to show to its app; it holds once a first code was right.

    Nothing is journalled: nothing holds yet. For an account whose factor holds this does nothing.
    """
    rows = SecondFactor.objects.filter(user_id=account_id)
    if rows.filter(confirmed=True).exists():
        return
    rows.delete()
    SecondFactor.objects.create(user_id=account_id, name="app", confirmed=False)
