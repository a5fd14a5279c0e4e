"""The inbox: messages on the program's own pages, for people who have an account."""

from collections.abc import Sequence
from datetime import datetime

from anlan.warning.data import Message, Receipt
from anlan.warning.models import Notice


class Inbox:
    """Put messages where the person finds them after logging in."""

    def send(self, messages: Sequence[Message], *, now: datetime) -> Sequence[Receipt]:
        """Store each message as a notice of its person."""
        Notice.objects.bulk_create(
            Notice(
                division_id=message.division_code,
                person_id=message.person_id,
                reference_code=message.reference,
                title=message.title,
                text=message.text,
                sent_at=now,
            )
            for message in messages
            if message.person_id is not None
        )
        return [Receipt(is_accepted=True) for _message in messages]
