from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._faults import Unreadable, keep_faults
from anlan.monitoring.data import Protocol
from anlan.monitoring.gateways.mqtt.messages import Message
from anlan.monitoring.gateways.mqtt.refusals import Reason


@transaction.atomic
def keep_untaken_message(message: Message, *, by: Actor, now: datetime) -> int:
    """Keep a message at which the intake itself fails, so that those behind it can pass."""
    del by  # what came over the wire is kept under its topic
    fault = Unreadable(message.topic, Reason.NOT_TAKEN, message.payload)
    return keep_faults([fault], protocol=Protocol.MQTT, now=now)
