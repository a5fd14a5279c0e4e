"""Readings over MQTT at QoS 1, durable before they are acknowledged, against the bare subscriber.

    PYTHONPATH=src:. python bench/mqtt_intake.py [messages=20000]
    PYTHONPATH=src:. python -m scripts.with_postgres -- python bench/mqtt_intake.py

A private Mosquitto holds the messages of 5,000 stations for a session that is away; then the
session comes back, and what is measured is the time until the last one is acknowledged. In the
same run the bare subscriber (aiomqtt, acknowledging by itself, keeping nothing) takes the same
messages. Its figure on this machine elsewhere: 12,000 messages/s at QoS 1.
"""

import asyncio
import json
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiomqtt
from throwaway import loop_s, own_database, peak_mb, vendor

from tests.broker import HOST, Mosquitto

STATIONS = 5_000
COUNTY = "990701000000"
ROUNDS = 3
BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
MODEL = {
    "address": {"topic": 2},
    "time": {"path": "ts", "as": "epoch_s"},
    "values": [{"path": "rain", "element": "PN05", "scale": 0.1}],
}
RICH = {
    **MODEL,
    "values": [
        {"path": path, "element": element, "scale": 0.1}
        for path, element in (("rain", "PN05"), ("total", "PT"), ("z", "Z"), ("bat", "VT"))
    ],
}


def main(count: int) -> None:
    """Print messages and readings a second of both, and their ratio."""
    with own_database(), tempfile.TemporaryDirectory() as folder:
        make_stations()
        broker = Mosquitto(
            Path(folder),
            settings=("allow_anonymous true", "max_inflight_messages 1000", "max_queued_bytes 0"),
            is_careful=False,
        )
        broker.start()
        try:
            print(f"{vendor()}, {count:,} messages of {STATIONS:,} stations, loop {loop_s():.2f} s")
            bare = max(asyncio.run(bare_rate(broker, count)) for _round in range(ROUNDS))
            print(f"bare aiomqtt        {bare:8,.0f} messages/s, nothing kept")
            for turn, (name, mapping, each) in enumerate(
                (("rain/+/a", MODEL, 1), ("rain/+/b", RICH, 4))
            ):
                own = max(
                    asyncio.run(
                        own_rate(broker, count, name=name, mapping=mapping, turn=turn * ROUNDS + n)
                    )
                    for n in range(ROUNDS)
                )
                print(
                    f"anlan mqtt, {each} a message {own:8,.0f} messages/s, {own / bare:.2f} x bare,"
                    f" {own * each:8,.0f} readings/s durable"
                )
            print(f"most memory {peak_mb():.0f} MB")
        finally:
            broker.kill()


def make_stations() -> None:
    """Register the stations and the two models."""
    from anlan.kernel.scope import everywhere
    from anlan.monitoring.data import Protocol, StationKind
    from anlan.monitoring.models import DeviceModel, Station
    from anlan.registry.data import DivisionKind
    from anlan.registry.models import Division

    with everywhere("bench"):
        Division.objects.create(code=COUNTY, kind=DivisionKind.COUNTY, name="试县", lon=107, lat=33)
        DeviceModel.objects.create(name="a", topic="rain/+/a", mapping=MODEL)
        DeviceModel.objects.create(name="b", topic="rain/+/b", mapping=RICH)
        Station.objects.bulk_create(
            Station(
                address=f"S{number:05d}",
                protocol=Protocol.MQTT,
                division_id=COUNTY,
                kind=StationKind.RAIN,
                name=f"S{number}",
                lon=107,
                lat=33,
            )
            for number in range(STATIONS)
        )


def messages(count: int, *, end: str, turn: int) -> Iterator[tuple[str, bytes]]:
    """Give topics and payloads: one report a station and five minutes, of moments of their own."""
    for number in range(count):
        at = BEGIN + timedelta(hours=turn, minutes=5 * (number // STATIONS))
        rain = number % 50
        values = {"rain": rain, "total": 1000 + rain, "z": 10_000 + rain, "bat": 120}
        payload = json.dumps({"ts": int(at.timestamp()), **values})
        yield f"rain/S{number % STATIONS:05d}/{end}", payload.encode()


async def bare_rate(broker: Mosquitto, count: int) -> float:
    """Return the messages a second that the bare subscriber takes."""

    def client() -> aiomqtt.Client:
        return aiomqtt.Client(HOST, broker.port, identifier="bare", clean_session=False)

    async with client() as first:
        await first.subscribe("rain/+/a", qos=1)
    await asyncio.to_thread(fill, broker.port, messages(count, end="a", turn=0))
    begin = time.perf_counter()
    async with client() as second:
        taken = 0
        async for _message in second.messages:
            taken += 1
            if taken == count:
                break
        spent = time.perf_counter() - begin
        await second.unsubscribe("rain/+/a")
    return count / spent


async def own_rate(
    broker: Mosquitto, count: int, *, name: str, mapping: object, turn: int
) -> float:
    """Return the messages a second that are acknowledged, each after its readings are durable."""
    from anlan.monitoring.gateways.mqtt.broker import Broker
    from anlan.monitoring.gateways.mqtt.keeping import house_store
    from anlan.monitoring.gateways.mqtt.transport import Intake

    def intake() -> Intake:
        return Intake(Broker(HOST, broker.port, client_id="own"), house_store("bench"))

    first, stop = intake(), asyncio.Event()
    running = asyncio.create_task(first.run(stop))
    while not first.counts.connections:
        await asyncio.sleep(0.01)
    stop.set()
    await running
    await asyncio.to_thread(fill, broker.port, messages(count, end=name[-1], turn=turn))
    second, stop = intake(), asyncio.Event()
    begin = time.perf_counter()
    running = asyncio.create_task(second.run(stop))
    while second.counts.acknowledged < count:
        await asyncio.sleep(0.002)
    spent = time.perf_counter() - begin
    stop.set()
    await running
    return count / spent


def fill(port: int, sent: Iterator[tuple[str, bytes]]) -> None:
    """Publish at QoS 1 by hand, with many on the way, and wait for every confirmation."""
    with socket.create_connection((HOST, port)) as wire:
        wire.sendall(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04fill")
        wire.recv(4)
        packets = [
            publish_packet(topic, body, 1 + n % 60_000) for n, (topic, body) in enumerate(sent)
        ]
        confirmed = 0
        for begin in range(0, len(packets), 1_000):
            part = packets[begin : begin + 1_000]
            wire.sendall(b"".join(part))
            wanted, got = 4 * len(part), 0
            while got < wanted:
                got += len(wire.recv(65_536))
            confirmed += len(part)
        wire.sendall(b"\xe0\x00")


def publish_packet(topic: str, body: bytes, number: int) -> bytes:
    """Return a PUBLISH at QoS 1 (MQTT 3.1.1, section 3.3)."""
    name = topic.encode()
    rest = len(name).to_bytes(2, "big") + name + number.to_bytes(2, "big") + body
    size, length = b"", len(rest)
    while True:
        length, digit = divmod(length, 128)
        size += bytes([digit | (0x80 if length else 0)])
        if not length:
            return b"\x32" + size + rest


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
