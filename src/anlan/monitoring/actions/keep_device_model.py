from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.scope import everywhere, narrowest, within
from anlan.monitoring.devices import DeviceModelRefused
from anlan.monitoring.gateways.mqtt.checking import check_mapping
from anlan.monitoring.gateways.mqtt.refusals import MappingRefused
from anlan.monitoring.gateways.mqtt.words import mapping_sentence
from anlan.monitoring.models import DeviceModel, Station
from anlan.monitoring.queries.device_models import access_device_model, state_of

LONGEST_NAME = 60


@transaction.atomic
def keep_device_model(
    name: str,
    *,
    topic: str,
    mapping: Mapping[str, Any],
    codes: Collection[str],
    pk: int | None = None,
    seen: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Keep how the JSON of a device model is read, a new one or one changed; return its key.

    `codes` are the divisions whose stations the actor keeps; a model that stations elsewhere use
    is not changed. `seen` is the state in which the actor found it. Raises DeviceModelRefused
    with a sentence for each thing that is wrong, and DeviceModelOutOfSight.
    """
    name, topic = name.strip(), topic.strip()
    _check(name, topic=topic, mapping=mapping)
    row = DeviceModel() if pk is None else _unchanged(pk, codes=codes, seen=seen)
    row.name, row.topic, row.mapping = name, topic, dict(mapping)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise DeviceModelRefused.for_name(name) from None
    journal.record(
        "device_model.kept",
        by=by,
        now=now,
        subject=f"device_model:{row.pk}",
        division_code=min(codes, key=lambda code: (len(code.rstrip("0")), code), default=""),
        detail={"name": name, "topic": topic, "mapping": dict(mapping)},
    )
    return row.pk


def _check(name: str, *, topic: str, mapping: Mapping[str, Any]) -> None:
    sentences: list[str] = []
    if not 1 <= len(name) <= LONGEST_NAME:
        sentences += DeviceModelRefused.for_name("").sentences
    try:
        check_mapping(mapping, topic=topic)
    except MappingRefused as refused:
        sentences += [mapping_sentence(fault) for fault in refused.faults]
    if sentences:
        raise DeviceModelRefused(sentences)


def _unchanged(pk: int, *, codes: Collection[str], seen: str) -> DeviceModel:
    """Return the row, held for this transaction, when the actor has seen it and may change it."""
    row = access_device_model(pk, is_to_change=True)
    if seen != state_of(row):
        raise DeviceModelRefused.changed_since(row.name)
    with everywhere("who else uses a device model"):
        others = Station.objects.filter(device_model=pk)
        count = others.exclude(within("division_id", narrowest(codes))).count()
    if count:
        raise DeviceModelRefused.used_elsewhere(row.name, count)
    return row
