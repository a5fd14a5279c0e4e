from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from django.db import transaction
from django.utils import timezone

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._faults import Unreadable, keep_faults
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.data import Ingest, Protocol, RawReading
from anlan.monitoring.devices import ReadyModel
from anlan.monitoring.gateways.mqtt.mapping import readings_in
from anlan.monitoring.gateways.mqtt.messages import Message
from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused, Reason
from anlan.monitoring.queries.device_models import model_book, models_of_stations

_Read = tuple[ReadyModel, list[RawReading]]


@transaction.atomic
def take_messages(messages: Sequence[Message], *, peer: str, by: Actor, now: datetime) -> Ingest:
    """Take in messages of devices, each by the model that reads its topic; say what they came to.

    When this returns and its transaction is committed, every counted reading is durable; only
    then may the messages be acknowledged. One that cannot be read is kept with its bytes, within
    bounds, and never becomes a reading.
    """
    book, zone = model_book(), timezone.get_default_timezone()
    reads: list[list[_Read]] = []
    faults: list[Unreadable] = []
    for message in messages:
        try:
            reads.append(_read(message, book.reading(message.topic), zone=zone))
        except PayloadRefused as refused:
            reason = f"{refused.reason} {refused.path}".strip()
            faults.append(Unreadable(message.topic, reason, message.payload))
    keep_faults(faults, protocol=Protocol.MQTT, now=now)
    done = ingest_readings(
        _chosen(reads),
        protocol=Protocol.MQTT,
        peer=peer,
        frames=len(messages) - len(faults),
        by=by,
        now=now,
    )
    return replace(done, frames=len(messages), faults=len(faults))


def _read(message: Message, models: Iterable[ReadyModel], *, zone: tzinfo) -> list[_Read]:
    """Return what each model makes of a message; raise the first one's refusal if none can."""
    found: list[_Read] = []
    refusals: list[PayloadRefused] = []
    for model in models:
        try:
            readings = readings_in(
                message.payload,
                model.mapping,
                topic=message.topic,
                received_at=message.received_at,
                zone=zone,
            )
        except PayloadRefused as refused:
            refusals.append(refused)
        else:
            # An old message says nothing of the present: without a time of its own it is none.
            is_stale = message.is_retained and model.mapping.time is None
            found.append((model, [] if is_stale else readings))
    if not found:
        raise refusals[0] if refusals else PayloadRefused(Reason.NO_MODEL, value=message.topic)
    return found


def _chosen(reads: Sequence[list[_Read]]) -> list[RawReading]:
    """Return the readings; where several models read one message, those of its station's model."""
    unclear = {x.station for read in reads if len(read) > 1 for _model, rows in read for x in rows}
    named = models_of_stations(unclear) if unclear else {}
    found: list[RawReading] = []
    for read in reads:
        _first, readings = next(
            (one for one in read if one[1] and named.get(one[1][0].station) == one[0].id), read[0]
        )
        found += readings
    return found
