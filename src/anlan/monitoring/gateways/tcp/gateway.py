"""The gateway: listens on a port for each protocol, and keeps its house in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Final

from anlan.kernel import clock
from anlan.monitoring.actions.note_contacts import note_contacts
from anlan.monitoring.core.arrivals import Contact, Damage, Fate, Outcome
from anlan.monitoring.data import Protocol as Wire
from anlan.monitoring.gateways.tcp.conversation import Report
from anlan.monitoring.gateways.tcp.counts import Counts
from anlan.monitoring.gateways.tcp.downlink import Downlink
from anlan.monitoring.gateways.tcp.hj212 import Hj212Conversation
from anlan.monitoring.gateways.tcp.intake import Intake, Waiting
from anlan.monitoring.gateways.tcp.limits import Limits
from anlan.monitoring.gateways.tcp.link import Link, Opening
from anlan.monitoring.gateways.tcp.peers import PeerBook
from anlan.monitoring.gateways.tcp.sl651 import Sl651Conversation
from anlan.monitoring.gateways.tcp.storing import GATEWAY, Store, StoreAway
from anlan.monitoring.gateways.tcp.szy206 import Szy206Conversation

log = logging.getLogger(__name__)
OPENINGS: Final[Mapping[Wire, Opening]] = {
    Wire.SL651: Sl651Conversation,
    Wire.SZY206: Szy206Conversation,
    Wire.HJ212: Hj212Conversation,
}
MOST_DAMAGE_WAITING: Final = 2_000
_BACKLOG: Final = 1_024


class Gateway:
    """Everything that one process of `anlan gateway` holds."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        divisions: Sequence[str] = (),
        executor: Executor | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.peers = PeerBook(self.limits)
        self.links: set[Link] = set()
        self.counts = Counts()
        self.ports: dict[Wire, int] = {}
        self.is_stuck = False
        self._is_stopping = False
        self._store = Store(
            divisions=divisions,
            clock_limit=timedelta(seconds=self.limits.clock_limit_s),
            executor=executor,
        )
        self._intake = Intake(
            self._store, limits=self.limits, told=self._tell, on_change=self._turn_taps
        )
        self._downlink = Downlink(self._store, limits=self.limits)
        self._contacts: dict[int, Contact] = {}
        self._damages: list[Damage] = []
        self._servers: list[asyncio.Server] = []
        self._ending = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._rounds: list[asyncio.Task[None]] = []

    async def start(self, listening: Mapping[Wire, tuple[str, int]]) -> None:
        """Listen, each protocol on its host and port (0: any free one, told in `ports`)."""
        loop = asyncio.get_running_loop()
        for wire, (host, port) in listening.items():
            opening = OPENINGS[wire]
            server = await loop.create_server(
                lambda opening=opening: Link(self, opening),  # type: ignore[misc]  # a default is no argument
                host,
                port,
                backlog=_BACKLOG,
                reuse_address=True,
            )
            self._servers.append(server)
            self.ports[wire] = server.sockets[0].getsockname()[1]
        limits = self.limits
        self._tasks = [loop.create_task(self._intake.run())]
        self._rounds = [
            loop.create_task(self._every(limits.sweep_every_s, self._sweep)),
            loop.create_task(self._every(limits.commands_every_s, self._send_commands)),
            loop.create_task(self._every(limits.contacts_every_s, self._write_contacts)),
            loop.create_task(self._every(limits.status_every_s, self._say_status)),
        ]

    async def run(self) -> None:
        """Work until the intake ends, which it never does by itself."""
        await self._tasks[0]

    async def stop(self) -> None:
        """Take in nothing more, store and confirm what is there within a few seconds, and close.

        `is_stuck` tells afterwards that the database did not answer.
        """
        for server in self._servers:
            server.close()
        self._is_stopping = True
        self._turn_taps()
        loop = asyncio.get_running_loop()
        until = loop.time() + self.limits.stop_s
        while len(self._intake) and loop.time() < until:
            await asyncio.sleep(0.02)
        await self._end_rounds()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in list(self.links):
            link.cut()
        try:
            await asyncio.wait_for(self._last_writes(), self.limits.stop_s)
        except TimeoutError:
            self.is_stuck = True
        self._store.close()

    # ------------------------------------------------------------------ what links call

    @property
    def is_full(self) -> bool:
        """Tell whether the intake takes nothing for now."""
        return self._intake.is_full or self._is_stopping

    def asked(self, station: str, function: int) -> int | None:
        """Return the command that waits for this answer."""
        return self._downlink.asked(station, function)

    def report(self, link: Link, report: Report) -> None:
        """Put a report into the intake."""
        self.counts.reports += 1
        self._intake.put(link, report)

    def damaged(self, damage: Damage) -> None:
        """Count damage, and keep it within bounds."""
        self.counts.damaged += 1
        at = asyncio.get_running_loop().time()
        if len(self._damages) < MOST_DAMAGE_WAITING and self.peers.may_keep_fault(
            damage.peer, at=at
        ):
            self._damages.append(damage)

    # ------------------------------------------------------------------ what the intake calls

    def _tell(self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        """Confirm what is durable, and take note of who was heard."""
        now, at = clock.now(), asyncio.get_running_loop().time()
        said: dict[Link, tuple[int, list[bytes]]] = {}
        for (link, report), outcome in zip(batch, outcomes, strict=True):
            count, words = said.get(link) or (0, [])
            self.counts.settle(report.arrival, outcome)
            if outcome.fate is Fate.KEPT:
                self._note(link, report, outcome, at=at)
                station = report.arrival.station
                stays = self.limits.stay_online or self._downlink.has_business_with(station)
                if not station.startswith(self.limits.silent):
                    words += self._confirmation(link, report, now=now, at=at, stays=stays)
            said[link] = (count + 1, words)
        for link, (count, words) in said.items():
            if words:
                link.say(b"".join(words))
                self.counts.confirmed += len(words)
            link.settled(count)

    def _confirmation(
        self, link: Link, report: Report, *, now: datetime, at: float, stays: bool
    ) -> list[bytes]:
        """Return what confirms a report, nothing where it asks for none or has no answer."""
        try:
            answer = link.conversation.confirmation(report, now=now, stay_online=stays)
        except ValueError:
            log.exception("%s: a report that cannot be answered", link.peer)
            return []
        if answer is None:
            return []
        link.conversation.confirmed(report, at=at)
        return [answer]

    def _note(self, link: Link, report: Report, outcome: Outcome, *, at: float) -> None:
        if outcome.station_id is None:
            return
        arrival = report.arrival
        self.peers.note_sound(link.peer, at=at)
        self._downlink.heard(arrival.station, link)
        drift = outcome.drift_s
        if drift is None and (before := self._contacts.get(outcome.station_id)):
            drift = before.drift_s
        self._contacts[outcome.station_id] = Contact(
            outcome.station_id, clock.now(), drift, link.peer
        )
        if arrival.answer is not None:
            self._downlink.answered(arrival.station, arrival.answer)

    def _turn_taps(self) -> None:
        """Stop or go on reading on every link, as the intake is full or has room."""
        if self._intake.is_full:
            log.warning("the intake is full: nobody is read from until it has room")
        for link in list(self.links):
            link.read_or_wait()

    # ------------------------------------------------------------------ what is done now and then

    async def _sweep(self) -> None:
        at = asyncio.get_running_loop().time()
        held = 0
        largest: Link | None = None
        for link in list(self.links):
            link.sweep(at)
            held += link.conversation.held
            if largest is None or link.conversation.held > largest.conversation.held:
                largest = link
        if held > self.limits.most_held and largest is not None:
            log.warning("%s: cut: too much is held in unfinished transfers", largest.peer)
            largest.cut()
        await self._write_damage()

    async def _write_damage(self) -> None:
        damages, self._damages = self._damages, []
        if not damages:
            return
        try:
            await self._store.keep_damage(damages)
        except StoreAway:
            self._damages = [*damages, *self._damages][:MOST_DAMAGE_WAITING]

    async def _send_commands(self) -> None:
        await self._downlink.turn(asyncio.get_running_loop().time())

    async def _write_contacts(self) -> None:
        contacts, self._contacts = self._contacts, {}
        if not contacts:
            return
        try:
            await self._store.run(
                note_contacts, list(contacts.values()), by=GATEWAY, now=clock.now()
            )
        except StoreAway:
            self._contacts = {**contacts, **self._contacts}

    async def _end_rounds(self) -> None:
        """Let what is under way end: a write that is cut off may be lost, or done twice."""
        self._ending.set()
        if not self._rounds:
            return
        _done, late = await asyncio.wait(self._rounds, timeout=self.limits.stop_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work again and again until the end; a failure is logged and does not end it."""
        while not await self._is_ended_within(seconds):
            try:
                await work()
            except StoreAway as error:
                log.warning("later: %s", error)
            except Exception:
                log.exception("%s failed", getattr(work, "__name__", work))

    async def _is_ended_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._ending.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _last_writes(self) -> None:
        await self._write_damage()
        await self._write_contacts()

    async def _say_status(self) -> None:
        log.info(
            "%d links, %d refused, %d waiting, %d commands open; %s",
            len(self.links),
            self.peers.refusals,
            len(self._intake),
            len(self._downlink),
            self.counts.line(),
        )
