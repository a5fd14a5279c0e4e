"""Reads of the device models: for their pages, and for the wire that reads by them."""

import hashlib
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count

from anlan.kernel.scope import everywhere
from anlan.monitoring.data import Protocol
from anlan.monitoring.devices import DeviceModelOutOfSight, ModelBook, ReadyModel
from anlan.monitoring.gateways.mqtt.checking import mapping_of
from anlan.monitoring.gateways.mqtt.refusals import MappingRefused
from anlan.monitoring.models import DeviceModel, Station

log = logging.getLogger(__name__)
_books: dict[str, ModelBook] = {}


@dataclass(frozen=True)
class ModelRow:
    """A device model as its list shows it; `stations` counts those in sight that use it."""

    id: int
    name: str
    topic: str
    elements: tuple[str, ...]
    stations: int


def listed_device_models() -> list[ModelRow]:
    """Return every device model, by name."""
    used = Station.objects.filter(device_model__isnull=False).values_list("device_model")
    counts = dict(used.annotate(count=Count("pk")).order_by())
    return [
        ModelRow(
            id=row.pk,
            name=row.name,
            topic=row.topic,
            elements=tuple(str(each["element"]) for each in row.mapping.get("values", ())),
            stations=counts.get(row.pk, 0),
        )
        for row in DeviceModel.objects.order_by("name")
    ]


def access_device_model(pk: int, *, is_to_change: bool = False) -> DeviceModel:
    """Return a device model, held until the transaction ends when it is to change.

    Raises DeviceModelOutOfSight when there is none.
    """
    rows = DeviceModel.objects.select_for_update() if is_to_change else DeviceModel.objects
    found = rows.filter(pk=pk).first()
    if found is None:
        raise DeviceModelOutOfSight(pk)
    return found


def state_of(model: DeviceModel) -> str:
    """Return a digest of a device model as it stands, to see whether somebody was quicker."""
    content = [model.name, model.topic, model.mapping]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def model_book() -> ModelBook:
    """Return the models at work, as they stand in the database now."""
    rows = list(DeviceModel.objects.exclude(topic="").order_by("pk"))
    name = str(connection.settings_dict["NAME"])
    kept = _books.get(name)
    known = {model.id: model for model in kept.models} if kept else {}
    ready = [model for row in rows if (model := _ready(row, known.get(row.pk)))]
    if kept is None or set(map(id, ready)) != set(map(id, kept.models)):
        kept = _books[name] = ModelBook(ready)
    return kept


def models_of_stations(addresses: Collection[str]) -> dict[str, int]:
    """Return which device model each of these MQTT stations names."""
    with everywhere("whose device speaks"):
        rows = Station.objects.filter(
            address__in=addresses, protocol=Protocol.MQTT, device_model__isnull=False
        )
        return dict(rows.values_list("address", "device_model_id"))


def _ready(row: DeviceModel, known: ReadyModel | None) -> ReadyModel | None:
    """Return a model ready to read with, the known one when nothing of it has changed."""
    is_known = known and (known.name, known.topic) == (row.name, row.topic)
    if known and is_known and known.stored == row.mapping:
        return known
    try:
        mapping = mapping_of(row.mapping)
    except MappingRefused as refused:
        log.error("device model %s reads nothing: %s", row.name, refused)
        return None
    stored: dict[str, Any] = row.mapping
    return ReadyModel(id=row.pk, name=row.name, topic=row.topic, stored=stored, mapping=mapping)
