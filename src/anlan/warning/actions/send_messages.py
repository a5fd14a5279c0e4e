from collections.abc import Sequence
from datetime import datetime

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.data import Message
from anlan.warning.gateways.channels import channel_for


def send_messages(messages: Sequence[Message], *, by: Actor, now: datetime) -> int:
    """Hand messages that need no answer within a limit to the first channel; count those taken.

    What the channel refuses is journalled with its reason.
    """
    if not messages:
        return 0
    name, channel = channel_for(0)
    receipts = channel.send(messages, now=now)
    refused = [
        (message, receipt)
        for message, receipt in zip(messages, receipts, strict=True)
        if not receipt.is_accepted
    ]
    journal.record_all(
        (
            journal.Note(
                act="message.refused",
                subject=message.reference,
                division_code=message.division_code,
                detail={"person": message.person_id, "channel": name, "reason": receipt.reason},
            )
            for message, receipt in refused
        ),
        by=by,
        now=now,
    )
    return len(messages) - len(refused)
