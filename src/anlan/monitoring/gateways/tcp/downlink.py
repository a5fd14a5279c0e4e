"""Commands on their way down: sent when the station is there, again when it is silent, settled."""

import logging
from dataclasses import dataclass, field
from typing import Any, Final

from anlan.kernel import clock
from anlan.monitoring.actions.claim_commands import claim_commands
from anlan.monitoring.actions.settle_command import settle_command
from anlan.monitoring.core.arrivals import Answer, Claimed
from anlan.monitoring.gateways.sl651.commands import NotInThisEncoding
from anlan.monitoring.gateways.tcp.limits import Limits
from anlan.monitoring.gateways.tcp.link import Link
from anlan.monitoring.gateways.tcp.sl651 import Sl651Conversation
from anlan.monitoring.gateways.tcp.storing import GATEWAY, Store
from anlan.monitoring.queries.commands import stations_asked

log = logging.getLogger(__name__)
_DURABLE_WITHIN_S: Final = 60.0


@dataclass
class _Sent:
    """A command that was sent on a link and has until `due` to be answered."""

    command: Claimed
    link: Link
    due: float
    attempts: int
    words: dict[str, Any] = field(default_factory=dict)
    is_heard: bool = False


class Downlink:
    """The commands of one gateway; each station has one open at a time."""

    def __init__(self, store: Store, *, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._routes: dict[str, Link] = {}
        self._sent: dict[str, _Sent] = {}
        self._wanted: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """Return how many commands wait for their answer."""
        return len(self._sent)

    def heard(self, station: str, link: Link) -> None:
        """Take note on which link a registered station speaks."""
        if isinstance(link.conversation, Sl651Conversation):
            self._routes[station] = link

    def has_business_with(self, station: str) -> bool:
        """Tell whether a station should stay on its link."""
        return station in self._sent or station in self._wanted

    def asked(self, station: str, function: int) -> int | None:
        """Return the command that waits for this station's answer to a function."""
        sent = self._sent.get(station)
        if sent is None or sent.command.function != function:
            return None
        if not sent.is_heard:
            # The answer may have to wait until the database takes it.
            sent.is_heard, sent.due = True, sent.due + _DURABLE_WITHIN_S
        return sent.command.id

    def answered(self, station: str, answer: Answer) -> None:
        """Take note of an answer that is durable; one that is not final is asked again at once."""
        sent = self._sent.get(station)
        if sent is None or sent.command.id != answer.command_id:
            return
        if answer.is_final:
            del self._sent[station]
        else:
            sent.words, sent.due, sent.is_heard = answer.words, 0.0, False

    async def turn(self, at: float) -> None:
        """Send what waits for stations that are here, and deal with what is overdue."""
        for station in [name for name, sent in self._sent.items() if sent.due <= at]:
            await self._overdue(station, at=at)
        if not self._limits.stay_online:
            # Stations come for a moment: it must be known before whom to keep.
            self._wanted = await self._store.run(stations_asked)
        self._routes = {name: link for name, link in self._routes.items() if link.is_open}
        free = self._routes.keys() - self._sent.keys()
        if not free:
            return
        claimed = await self._store.run(
            claim_commands,
            free,
            most_attempts=self._limits.most_attempts,
            by=GATEWAY,
            now=clock.now(),
        )
        for command in claimed:
            link = self._routes[command.address]
            sent = _Sent(command, link, at + self._limits.answer_s, command.attempts)
            self._sent[command.address] = sent
            await self._send(sent)

    async def _overdue(self, station: str, *, at: float) -> None:
        """Send a command again, or give it up."""
        sent = self._sent[station]
        link = self._routes.get(station)
        if sent.attempts >= self._limits.most_attempts:
            await self._fail(sent, "clock not set" if sent.words else "no answer")
        elif link is None or not link.is_open:
            # It may come back, here or at another gateway: the claim runs out by itself.
            del self._sent[station]
        else:
            sent.link, sent.attempts = link, sent.attempts + 1
            sent.due = at + self._limits.answer_s
            await self._send(sent)

    async def _send(self, sent: _Sent) -> None:
        command = sent.command
        conversation = sent.link.conversation
        if not isinstance(conversation, Sl651Conversation):
            return
        try:
            data = conversation.command(
                command.function,
                station=command.address,
                password=command.password,
                words=command.words,
                serial=command.serial,
                now=clock.now(),
            )
        except (NotInThisEncoding, KeyError, ValueError) as error:
            await self._fail(sent, str(error))
            return
        sent.link.say(data)

    async def _fail(self, sent: _Sent, failure: str) -> None:
        self._sent.pop(sent.command.address, None)
        await self._store.run(
            settle_command,
            sent.command.id,
            words={**sent.words, "failure": failure},
            is_answered=False,
            attempts=sent.attempts,
            by=GATEWAY,
            now=clock.now(),
        )
