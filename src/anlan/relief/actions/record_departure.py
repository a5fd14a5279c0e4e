from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.relief.data import MoveState
from anlan.relief.stepping import step


@transaction.atomic
def record_departure(move_uuid: str, *, by: Actor, now: datetime) -> None:
    """Record that a notified household has left its home; WrongStep when it was not notified."""
    step(move_uuid, before=MoveState.NOTIFIED, after=MoveState.LEFT, by=by, now=now, left_at=now)
