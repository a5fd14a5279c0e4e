from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.relief.data import MoveState
from anlan.relief.stepping import step


@transaction.atomic
def notify_household(move_uuid: str, *, via: str, by: Actor, now: datetime) -> None:
    """Record that a household was told to leave, and how; WrongStep if told before."""
    step(
        move_uuid,
        before=MoveState.ORDERED,
        after=MoveState.NOTIFIED,
        by=by,
        now=now,
        notified_at=now,
        notified_via=via,
    )
