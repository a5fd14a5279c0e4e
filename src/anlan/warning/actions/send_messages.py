from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.warning.actions._outbox import put_out
from anlan.warning.data import DeliveryState, Message, Purpose
from anlan.warning.models import Delivery
from anlan.warning.queries.ways import ways_to

STALE_AFTER = timedelta(hours=12)


@transaction.atomic
def send_messages(messages: Sequence[Message], *, by: Actor, now: datetime) -> int:
    """Let messages leave that need no answer within a limit; return how many were put out.

    Each is durable when this returns; what every channel refuses is journalled with its reason.
    """
    del by  # what becomes of a message is the word of the channel
    ways = ways_to(
        {message.person_id for message in messages if message.person_id is not None},
        divisions={message.division_code for message in messages},
    )
    return put_out(
        Delivery(
            division_id=message.division_code,
            purpose=Purpose.NOTE,
            person_id=message.person_id,
            duty=message.duty,
            reference_code=message.reference,
            title=message.title[:120],
            text=message.text,
            channel=ways.of(message.person_id, division=message.division_code)[0],
            state=DeliveryState.QUEUED,
            queued_at=now,
            not_before=now,
            stale_at=now + STALE_AFTER,
        )
        for message in messages
    )
