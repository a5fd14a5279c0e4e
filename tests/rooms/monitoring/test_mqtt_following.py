"""Which topics are followed, with a store that only listens: models change, groups share."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from anlan.monitoring.gateways.mqtt import transport
from anlan.monitoring.gateways.mqtt.link import Link
from anlan.monitoring.gateways.mqtt.messages import Message
from anlan.monitoring.gateways.mqtt.transport import Intake, Store
from tests.broker import Mosquitto, publish, until
from tests.mqtt_house import SOON, link_to, run_beside


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """Run a broker of our own."""
    found = Mosquitto(tmp_path)
    found.start()
    yield found
    found.kill()


def listener(
    wanted: list[str], heard: list[str], *, filters: Callable[[], list[str]] | None = None
) -> Store:
    """Return a store that keeps nothing but topics."""

    def take(messages: Sequence[Message]) -> None:
        heard.extend(message.topic for message in messages)

    def keep_untaken(message: Message) -> None:
        raise AssertionError(message)

    return Store(
        filters=filters or (lambda: list(wanted)),
        take=take,
        keep_untaken=keep_untaken,
        is_away=lambda _error: True,
        close=lambda: None,
    )


def intake(broker: Mosquitto, store: Store, **told: str) -> Intake:
    return Intake(link_to(broker, **told), store, pauses_s=SOON)


def test_a_changed_model_is_followed_and_one_that_is_gone_no_longer(broker, monkeypatch):
    monkeypatch.setattr(transport, "FILTERS_EVERY_S", 0.05)
    monkeypatch.setattr(transport, "PATIENCE_S", 0.05)
    wanted = ["a/+"]
    heard: list[str] = []
    own = intake(broker, listener(wanted, heard))

    async def models_change():
        await until(lambda: own.counts.connections == 1)
        await publish(broker.port, [("a/1", "x"), ("b/1", "x")])
        await until(lambda: heard == ["a/1"])
        wanted[:] = ["b/+"]
        await until(lambda: "UNSUBSCRIBE from anlan" in broker.log)
        await publish(broker.port, [("a/2", "x"), ("b/2", "x")])
        await until(lambda: heard == ["a/1", "b/2"])

    run_beside(own, models_change)


def test_models_that_cannot_be_read_are_waited_for(broker):
    tries: list[int] = []
    heard: list[str] = []

    def filters():
        tries.append(1)
        if len(tries) < 3:
            raise OSError("the database is away")
        return ["a/+"]

    own = intake(broker, listener([], heard, filters=filters))

    async def comes_back():
        await until(lambda: own.counts.connections == 1)
        await publish(broker.port, [("a/1", "x")])
        await until(lambda: heard == ["a/1"])

    run_beside(own, comes_back)
    assert own.counts.refusals == 0


def test_a_topic_that_the_broker_refuses_does_not_keep_the_others_away(broker, monkeypatch, caplog):
    """Mosquitto's list of rights lets every subscription pass; other brokers refuse some."""
    follow = Link.follow

    async def refused(self: Link, pattern: str) -> bool:
        return pattern != "b/+" and await follow(self, pattern)

    monkeypatch.setattr(Link, "follow", refused)
    heard: list[str] = []
    own = intake(broker, listener(["a/+", "b/+"], heard))

    async def allowed():
        await until(lambda: own.counts.connections == 1)
        await publish(broker.port, [("a/1", "x")])
        await until(lambda: heard == ["a/1"])
        # The first topic is followed, and heard, before the second is asked for.
        await until(lambda: "does not let us follow" in caplog.text)

    with caplog.at_level(logging.INFO):
        run_beside(own, allowed)
    assert "does not let us follow b/+" in caplog.text
    assert own.counts.refusals == 0


def test_a_group_shares_the_messages(broker):
    heard: tuple[list[str], list[str]] = ([], [])
    first, second = (
        intake(broker, listener(["a/+"], heard[n]), client_id=f"anlan-{n}", share="county")
        for n in range(2)
    )

    async def both_listen():
        stop = asyncio.Event()
        other = asyncio.create_task(second.run(stop))
        await until(lambda: first.counts.connections == second.counts.connections == 1)
        await publish(broker.port, [(f"a/{number}", "x") for number in range(40)])
        await until(lambda: len(heard[0]) + len(heard[1]) == 40)
        stop.set()
        await other

    run_beside(first, both_listen)
    assert sorted(heard[0] + heard[1]) == sorted(f"a/{number}" for number in range(40))
    assert heard[0]
    assert heard[1]


def test_a_broker_that_is_not_there_is_waited_for(tmp_path):
    broker = Mosquitto(tmp_path)
    heard: list[str] = []
    own = intake(broker, listener(["a/+"], heard))

    async def appears():
        await until(lambda: own.counts.refusals >= 2)
        broker.start()
        await until(lambda: own.counts.connections == 1)
        await publish(broker.port, [("a/1", "x")])
        await until(lambda: heard == ["a/1"])

    try:
        run_beside(own, appears)
    finally:
        broker.kill()
