"""Readings over a real broker: nothing is acknowledged before it is durable, nothing is lost."""

import asyncio
import gc
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import aiomqtt
import pytest
from django.db import OperationalError

from anlan.monitoring.actions.take_messages import take_messages
from anlan.monitoring.gateways.mqtt import keeping
from anlan.monitoring.gateways.mqtt.link import Link
from anlan.monitoring.gateways.mqtt.messages import Message
from anlan.monitoring.models import DeviceModel, FrameFault, ReadingBatch
from tests.broker import HOST, Mosquitto, Papers, publish, until
from tests.mqtt_house import (
    RAIN_MODEL,
    intake_of,
    link_to,
    rains,
    report,
    run_beside,
    speaking_gauge,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Run a broker of our own."""
    found = Mosquitto(tmp_path)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def gauge(cast):
    return speaking_gauge(cast)


class Watched:
    """Stands between the wire and the house: sees each batch, and fails when told to."""

    def __init__(self, monkeypatch, broker):
        self.batches: list[list[Message]] = []
        self.acknowledged_before: list[int] = []
        self.failures: list[Exception] = []
        self._broker = broker
        monkeypatch.setattr(keeping, "take_messages", self)

    def __call__(self, messages, **options):
        self.batches.append(list(messages))
        done = take_messages(messages, **options)
        self.acknowledged_before.append(self._broker.log.count("Received PUBACK from anlan"))
        if self.failures:
            raise self.failures.pop(0)
        return done


def test_what_is_acknowledged_is_durable(gauge, broker, monkeypatch):
    watched = Watched(monkeypatch, broker)
    intake = intake_of(broker)

    async def rain_falls():
        await until(lambda: intake.counts.connections == 1)
        await publish(broker.port, [report(number) for number in range(20)])
        await until(lambda: broker.log.count("Received PUBACK from anlan") == 20)

    run_beside(intake, rain_falls)
    assert rains() == [2.5] * 20
    assert watched.acknowledged_before[0] == 0
    assert ReadingBatch.objects.count() == len(watched.batches)


def test_many_messages_share_a_transaction(gauge, broker):
    first = intake_of(broker)
    run_beside(first, lambda: until(lambda: first.counts.connections == 1))
    asyncio.run(publish(broker.port, [report(number) for number in range(200)]))
    second = intake_of(broker)
    run_beside(second, lambda: until(lambda: second.counts.acknowledged == 200))
    assert len(rains()) == 200
    assert ReadingBatch.objects.count() <= 5


def test_what_was_sent_while_we_were_away_comes_later(gauge, broker):
    first = intake_of(broker)
    run_beside(first, lambda: until(lambda: first.counts.connections == 1))
    asyncio.run(publish(broker.port, [report(0), report(1)]))
    assert rains() == []
    second = intake_of(broker)
    run_beside(second, lambda: until(lambda: second.counts.acknowledged == 2))
    assert rains() == [2.5, 2.5]


def test_on_the_older_protocol_the_session_stays_too(gauge, broker):
    older = link_to(broker, version="3.1.1")
    first = intake_of(older)
    run_beside(first, lambda: until(lambda: first.counts.connections == 1))
    asyncio.run(publish(broker.port, [report(number) for number in range(40)]))
    second = intake_of(older)
    run_beside(second, lambda: until(lambda: second.counts.acknowledged == 40))
    assert len(rains()) == 40


def test_a_message_whose_transaction_failed_is_delivered_again(gauge, broker, monkeypatch):
    watched = Watched(monkeypatch, broker)
    watched.failures = [OperationalError("disk full"), OperationalError("disk full")]
    intake = intake_of(broker)

    async def rain_falls():
        await until(lambda: intake.counts.connections == 1)
        await publish(broker.port, [report()])
        await until(lambda: broker.log.count("Received PUBACK from anlan") == 1)

    run_beside(intake, rain_falls)
    assert [len(batch) for batch in watched.batches] == [1, 1, 1]
    assert [batch[0].is_again for batch in watched.batches] == [False, True, True]
    assert watched.acknowledged_before == [0, 0, 0]
    assert (intake.counts.connections, intake.counts.failures) == (3, 2)
    assert FrameFault.objects.count() == 0


def test_an_acknowledgement_that_is_lost_does_not_count_rain_twice(gauge, broker, monkeypatch):
    timeless = {key: value for key, value in RAIN_MODEL.mapping.items() if key != "time"}
    DeviceModel.objects.update(mapping=timeless)
    watched = Watched(monkeypatch, broker)
    lose = [True]
    acknowledge = Link.acknowledge

    def lost(self, messages):
        if lose:
            lose.clear()
            raise aiomqtt.MqttError("the line is cut")
        acknowledge(self, messages)

    monkeypatch.setattr(Link, "acknowledge", lost)
    intake = intake_of(broker)

    async def rain_falls():
        await until(lambda: intake.counts.connections == 1)
        await publish(broker.port, [report()])
        await until(lambda: intake.counts.acknowledged == 1)

    run_beside(intake, rain_falls)
    assert (intake.counts.connections, intake.counts.repeated) == (2, 1)
    assert len(watched.batches) == 1
    assert rains() == [2.5]


def test_a_message_that_fails_by_itself_is_put_aside_and_the_others_pass(
    gauge, broker, monkeypatch
):
    def stumble(messages, **options):
        if any(b'"rain5": 13' in each.payload for each in messages):
            raise ZeroDivisionError("a fault of the program")
        return take_messages(messages, **options)

    monkeypatch.setattr(keeping, "take_messages", stumble)
    intake = intake_of(broker)

    async def rain_falls():
        await until(lambda: intake.counts.connections == 1)
        falls = [report(n, rain=13 if n == 4 else 25) for n in range(9)]
        await publish(broker.port, falls)
        await until(lambda: intake.counts.acknowledged == 9)

    run_beside(intake, rain_falls)
    assert rains() == [2.5] * 8
    fault = FrameFault.objects.get()
    assert (fault.reason, fault.peer, fault.protocol) == ("not-taken", report()[0], "mqtt")
    assert b'"rain5": 13' in bytes(fault.payload)


def test_a_slow_database_slows_the_broker_and_memory_stays_bounded(gauge, broker, monkeypatch):
    go_on = threading.Event()
    most = [0]

    def wait(messages, **options):
        assert go_on.wait(timeout=20)
        return take_messages(messages, **options)

    monkeypatch.setattr(keeping, "take_messages", wait)
    intake = intake_of(broker, most_waiting=30, most_together=10)

    async def rain_falls():
        await until(lambda: intake.counts.connections == 1)
        await publish(broker.port, [report(number) for number in range(100)])
        most[0] = broker.log.count("Sending PUBLISH to anlan")
        go_on.set()
        await until(lambda: intake.counts.acknowledged == 100)

    run_beside(intake, rain_falls)
    assert 0 < most[0] <= 30
    assert len(rains()) == 100


def test_a_broker_killed_in_mid_load_costs_nothing_that_was_acknowledged(gauge, broker):
    acknowledged: list[Message] = []
    intake = intake_of(broker, most_together=7, on_acknowledged=acknowledged.extend)
    falls = [report(number) for number in range(400)]

    async def send(rest: Sequence[tuple[str, str]], confirmed: list[tuple[str, str]]) -> None:
        async with aiomqtt.Client(HOST, broker.port) as client:
            for topic, payload in rest:
                await client.publish(topic, payload, qos=1, timeout=2)
                confirmed.append((topic, payload))

    def is_connected(times: int) -> bool:
        return intake.counts.connections == times

    def reached(confirmed: list[tuple[str, str]], count: int) -> bool:
        return len(sent) + len(confirmed) >= count

    async def storm():
        for number, kill_at in enumerate((90, 210), start=1):
            # A second death counts only once the first one was survived.
            await until(partial(is_connected, number))
            confirmed: list[tuple[str, str]] = []
            sending = asyncio.create_task(send(falls[len(sent) :], confirmed))
            await until(partial(reached, confirmed, kill_at))
            broker.kill()
            await asyncio.gather(sending, return_exceptions=True)
            # A broker may lose what it confirmed in the instant of its death: sent again.
            sent.extend(confirmed[:-20])
            broker.start()
        await send(falls[len(sent) :], [])
        await until(lambda: len({each.payload for each in acknowledged}) == 400, seconds=40)

    sent: list[tuple[str, str]] = []
    run_beside(intake, storm)
    assert intake.counts.connections >= 3
    assert rains() == [2.5] * 400


def is_refused(intake):
    return intake.counts.refusals >= 2


# The client library leaves a socket whose handshake failed to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_tls_with_a_certificate_authority_of_our_own(gauge, tmp_path):
    papers = Papers(tmp_path / "papers").make()
    broker = Mosquitto(
        tmp_path,
        settings=(
            f"cafile {papers.path('ca.pem')}",
            f"certfile {papers.path('server.pem')}",
            f"keyfile {papers.path('server.key')}",
            "require_certificate true",
            "use_identity_as_username true",
        ),
    )
    broker.start()
    try:
        url = f"mqtts://{HOST}:{broker.port}"
        own = {"certificate": papers.path("client.pem"), "key": papers.path("client.key")}
        good = link_to(broker, url=url, ca=papers.path("ca.pem"), **own)
        intake = intake_of(good)

        async def rain_falls():
            await until(lambda: intake.counts.connections == 1)
            await publish(broker.port, [report(number) for number in range(300)], tls=good.tls)
            await until(lambda: intake.counts.acknowledged == 300)

        run_beside(intake, rain_falls)
        assert len(rains()) == 300
        assert "as anlan (p5, c0, k30, u'anlan')" in broker.log
        strangers = Papers(tmp_path / "others").make()
        for told in ({"ca": strangers.path("ca.pem"), **own}, {"ca": papers.path("ca.pem")}):
            refused = intake_of(link_to(broker, url=url, **told))
            before = broker.log.count("New client connected")
            run_beside(refused, partial(until, partial(is_refused, refused)))
            assert broker.log.count("New client connected") == before
    finally:
        broker.kill()
        gc.collect()


def test_a_user_with_a_password(gauge, tmp_path):
    words = tmp_path / "words"
    words.touch(mode=0o600)
    told = ["mosquitto_passwd", "-b", str(words), "county", "p@ss/1"]
    subprocess.run(told, check=True)
    broker = Mosquitto(tmp_path, settings=("allow_anonymous false", f"password_file {words}"))
    broker.start()
    try:
        url = f"mqtt://county:p%40ss%2F1@{HOST}:{broker.port}"
        intake = intake_of(link_to(broker, url=url))
        run_beside(intake, lambda: until(lambda: intake.counts.connections == 1))
        wrong = intake_of(replace(link_to(broker), user="county", password="no"))
        run_beside(wrong, partial(until, partial(is_refused, wrong)))
        assert wrong.counts.connections == 0
    finally:
        broker.kill()
