"""The house at a broker: a gauge that speaks MQTT, its messages, an intake that runs meanwhile."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from anlan.kernel import clock
from anlan.monitoring.data import Protocol
from anlan.monitoring.elements import RAIN
from anlan.monitoring.gateways.mqtt.broker import Broker, broker_from
from anlan.monitoring.gateways.mqtt.examples import EXAMPLES
from anlan.monitoring.gateways.mqtt.keeping import house_store
from anlan.monitoring.gateways.mqtt.messages import Message
from anlan.monitoring.gateways.mqtt.transport import Intake
from anlan.monitoring.models import DeviceModel, Reading, Station
from tests.broker import HOST, Mosquitto
from tests.cast import Cast

RAIN_MODEL = EXAMPLES[0]
ADDRESS = "0990701001"
SOON = (0.05, 0.1, 0.2)
PLAIN = {
    "url": "",
    "client_id": "anlan",
    "ca": "",
    "certificate": "",
    "key": "",
    "version": "5",
    "session_hours": "1",
    "share": "",
}
Meanwhile = Callable[[], Coroutine[Any, Any, None]]


def speaking_gauge(cast: Cast) -> Station:
    """Let the upper rain gauge speak MQTT by the first example's model."""
    model = DeviceModel.objects.create(
        name=RAIN_MODEL.name, topic=RAIN_MODEL.topic, mapping=RAIN_MODEL.mapping
    )
    station = cast.stations["upper rain"]
    Station.objects.filter(pk=station.pk).update(protocol=Protocol.MQTT, device_model=model)
    return station


def link_to(broker: Mosquitto, **told: str) -> Broker:
    """Return how the house reaches a broker."""
    return broker_from({**PLAIN, "url": f"mqtt://{HOST}:{broker.port}", **told})


def intake_of(broker: Mosquitto | Broker, **options: Any) -> Intake:
    """Return an intake that waits little."""
    found = broker if isinstance(broker, Broker) else link_to(broker)
    return Intake(found, house_store("mqtt:test"), **{"pauses_s": SOON, **options})


def report(number: int = 0, *, rain: float = 25, address: str = ADDRESS) -> tuple[str, str]:
    """Return topic and payload of a rain report, some five minutes before now; rain in 0.1 mm."""
    at = clock.now() - timedelta(minutes=5 * number)
    payload = {"ts": int(at.timestamp() * 1000), "data": {"rain5": rain}}
    return f"rain/{address}/up", json.dumps(payload)


def message(topic: str, payload: str | bytes, **more: Any) -> Message:
    """Return a message as it comes from a broker."""
    content = payload.encode() if isinstance(payload, str) else payload
    return Message(topic, content, received_at=clock.now(), **more)


def run_beside(intake: Intake, meanwhile: Meanwhile) -> None:
    """Let an intake run while something happens, and stop it when that is over."""

    async def both() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(intake.run(stop))
        other = asyncio.create_task(meanwhile())
        await asyncio.wait({running, other}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await asyncio.gather(running, other)

    asyncio.run(both())


def rains() -> list[float]:
    """Return every rain that is stored, the earliest first."""
    rows = Reading.objects.filter(element=RAIN).order_by("observed_at")
    return list(rows.values_list("value", flat=True))


def numbers(messages: Sequence[Message]) -> set[bytes]:
    """Return the payloads of messages, by which they are told apart."""
    return {each.payload for each in messages}
