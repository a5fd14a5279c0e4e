"""Take messages from the broker into the store, for as long as the program runs.

A message is acknowledged after its transaction, never before. When a transaction fails, the
connection is closed without a word and opened anew after a pause: the broker, which has no
acknowledgement, sends everything again. So a database that is gone, a broker that is killed and
a program that is killed are one and the same case.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, TypeVar

from aiomqtt import MqttError

from anlan.monitoring.gateways.mqtt.broker import Broker
from anlan.monitoring.gateways.mqtt.link import MOST_WAITING, Link
from anlan.monitoring.gateways.mqtt.messages import Message

log = logging.getLogger(__name__)
T = TypeVar("T")
MOST_TOGETHER: Final = 1_000
LINGER_S: Final = 0.02
PATIENCE_S: Final = 2.0
FILTERS_EVERY_S: Final = 30.0
PAUSES_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)


class NotTaken(RuntimeError):
    """A transaction failed; its messages stay with the broker."""


@dataclass(frozen=True)
class Store:
    """What the wire asks of the house, each call in a thread and a transaction of its own.

    `filters` gives the topics to follow, `take` keeps messages, `keep_untaken` one at which
    `take` fails by itself, `is_away` tells whether an error means that the database is.
    """

    filters: Callable[[], list[str]]
    take: Callable[[Sequence[Message]], None]
    keep_untaken: Callable[[Message], None]
    is_away: Callable[[BaseException], bool]
    close: Callable[[], None]


@dataclass
class Counts:
    """What was done since the start; `refusals` counts connections refused or lost."""

    connections: int = 0
    taken: int = 0
    acknowledged: int = 0
    repeated: int = 0
    failures: int = 0
    refusals: int = 0


class Intake:
    """The one that takes messages in; `counts` says how far it is."""

    def __init__(
        self,
        broker: Broker,
        store: Store,
        *,
        most_together: int = MOST_TOGETHER,
        most_waiting: int = MOST_WAITING,
        pauses_s: Sequence[float] = PAUSES_S,
        on_acknowledged: Callable[[Sequence[Message]], None] = lambda _messages: None,
    ) -> None:
        self.broker, self.counts = broker, Counts()
        self._store, self._pauses, self._told = store, pauses_s, on_acknowledged
        self._most, self._most_waiting = most_together, most_waiting
        self._together = most_together
        self._kept: dict[int, bytes] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mqtt-store")

    async def run(self, stop: asyncio.Event) -> None:
        """Take messages until told to stop; a broker or a database that is gone is waited for."""
        tries = 0
        try:
            while not stop.is_set():
                before = self.counts.acknowledged
                try:
                    await self._connected(stop)
                except (MqttError, NotTaken, OSError, ssl.SSLError) as error:
                    tries = 0 if self.counts.acknowledged > before else tries
                    pause = self._pauses[min(tries, len(self._pauses) - 1)]
                    tries += 1
                    self.counts.refusals += not isinstance(error, NotTaken)
                    log.warning("%s: %s; again in %s s", self.broker.name, error, pause)
                    await _pause(stop, pause)
        finally:
            await self._away(self._store.close)
            self._thread.shutdown()

    async def _connected(self, stop: asyncio.Event) -> None:
        async with Link(self.broker, most_waiting=self._most_waiting) as link:
            stopping = asyncio.create_task(stop.wait())
            stopping.add_done_callback(lambda _task: link.wake())
            try:
                await self._work(link, stop)
            finally:
                stopping.cancel()

    async def _work(self, link: Link, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        followed = await self._follow(link, set())
        look_again_at = loop.time() + FILTERS_EVERY_S
        self.counts.connections += 1
        while not stop.is_set():
            messages = await link.gathered(
                most=self._together, linger_s=LINGER_S, patience_s=PATIENCE_S
            )
            if messages:
                await self._keep(link, messages)
            if loop.time() >= look_again_at:
                followed = await self._follow(link, followed)
                look_again_at = loop.time() + FILTERS_EVERY_S

    async def _follow(self, link: Link, followed: set[str]) -> set[str]:
        """Subscribe to what the models want and no longer to what none wants; return the first."""
        share = f"$share/{self.broker.share}/" if self.broker.share else ""
        try:
            wanted = {share + each for each in await self._away(self._store.filters)}
        except Exception as error:
            raise NotTaken(f"the device models cannot be read: {error}") from error
        for pattern in sorted(wanted - followed):
            if not await link.follow(pattern):
                log.error("%s does not let us follow %s", self.broker.name, pattern)
        for pattern in sorted(followed - wanted):
            await link.unsubscribe(pattern)
        if wanted != followed or not wanted:
            log.info("%s: following %s", self.broker.name, ", ".join(sorted(wanted)) or "nothing")
        return wanted

    async def _keep(self, link: Link, messages: list[Message]) -> None:
        """Keep messages for good, then acknowledge them; those kept before only the latter."""
        new = [each for each in messages if not self._is_kept(each)]
        self.counts.repeated += len(messages) - len(new)
        if new:
            await self._take(new)
        self.counts.taken += len(new)
        self._remember(new)
        link.acknowledge(messages)
        self.counts.acknowledged += len(messages)
        self._told(messages)

    async def _take(self, messages: list[Message]) -> None:
        try:
            await self._away(self._store.take, messages)
        except Exception as error:  # noqa: BLE001 - whatever it is, the broker keeps them
            await self._not_taken(messages, error)
        else:
            self._together = min(self._together * 2, self._most)

    async def _not_taken(self, messages: list[Message], error: Exception) -> None:
        """Give the messages back to the broker; one that fails by itself is put aside instead."""
        self.counts.failures += 1
        is_lone = len(messages) == 1 and self._together == 1
        if not is_lone or self._store.is_away(error):
            self._together = 1
            raise NotTaken(f"{len(messages)} messages not stored: {error}") from error
        log.error("a message of %s fails by itself", messages[0].topic, exc_info=error)
        try:
            await self._away(self._store.keep_untaken, messages[0])
        except Exception as second:
            raise NotTaken(f"a message cannot even be put aside: {second}") from second

    def _is_kept(self, message: Message) -> bool:
        return message.is_again and self._kept.get(message.number) == _digest(message)

    def _remember(self, messages: Sequence[Message]) -> None:
        """Note what is kept and may come again, when its acknowledgement does not arrive."""
        for message in messages:
            if message.number:
                self._kept.pop(message.number, None)
                self._kept[message.number] = _digest(message)
        while len(self._kept) > 2 * self._most_waiting:
            del self._kept[next(iter(self._kept))]

    async def _away(self, work: Callable[..., T], *args: Any) -> T:
        """Do something in the one thread that talks to the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)


def _digest(message: Message) -> bytes:
    return blake2b(message.topic.encode() + b"\0" + message.payload, digest_size=16).digest()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, unless told to stop."""
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return
