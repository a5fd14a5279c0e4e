"""One connection: bytes in, reports to the intake, confirmations out."""

import asyncio
import logging
import socket
import sys
from typing import Final, Protocol, cast

from anlan.kernel import clock
from anlan.monitoring.core.arrivals import Damage
from anlan.monitoring.gateways.tcp.conversation import Asked, Conversation, Heard, Report
from anlan.monitoring.gateways.tcp.limits import CHUNK, Limits
from anlan.monitoring.gateways.tcp.peers import Manners, PeerBook, peer_of

log = logging.getLogger(__name__)
_BUFFER: Final = bytearray(CHUNK)  # bytes are taken out of it before another link is read
_VIEW: Final = memoryview(_BUFFER)


class Opening(Protocol):
    """What begins a conversation."""

    def __call__(self, *, peer: str, asked: Asked) -> Conversation:
        """Return the conversation of a new link."""
        ...


class House(Protocol):
    """What a link needs of its gateway."""

    limits: Limits
    peers: PeerBook
    links: "set[Link]"

    @property
    def is_full(self) -> bool:
        """Tell whether the intake takes nothing for now."""
        ...

    def asked(self, station: str, function: int) -> int | None:
        """Return the command that waits for this answer."""
        ...

    def report(self, link: "Link", report: Report) -> None:
        """Put a report into the intake."""
        ...

    def damaged(self, damage: Damage) -> None:
        """Count damage, and keep it within bounds."""
        ...


class Link(asyncio.BufferedProtocol):
    """One connection. It is read only while the intake and the peer itself keep up."""

    def __init__(self, house: House, opening: Opening) -> None:
        self.house = house
        self.peer = ""
        self.unconfirmed = 0
        self.manners = Manners()
        self.heard_at = self.opened_at = 0.0
        self.partial_since: float | None = None
        self.unread_since: float | None = None
        self.conversation: Conversation
        self._opening = opening
        self._transport: asyncio.Transport | None = None
        self._is_reading = True
        self._is_at_end = False

    # ------------------------------------------------------------------ what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let a new link in, or close it when its address is not welcome."""
        self._transport = cast("asyncio.Transport", transport)
        self.heard_at = self.opened_at = self._at()
        name = transport.get_extra_info("peername")
        self.peer = peer_of(str(name[0] if isinstance(name, tuple) else name or "local"))
        if refusal := self.house.peers.refusal(self.peer, at=self.opened_at):
            log.debug("%s: %s", self.peer, refusal)
            self._transport.abort()
            self._transport = None
            return
        self.house.peers.opened(self.peer)
        self.house.links.add(self)
        self.conversation = self._opening(peer=self.peer, asked=self.house.asked)
        self._transport.set_write_buffer_limits(high=self.house.limits.most_unread)
        _watch_half_open(transport.get_extra_info("socket"))
        self.read_or_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the link; what it sent is stored all the same."""
        if self._transport is not None:
            self._transport = None
            self.house.links.discard(self)
            self.house.peers.closed(self.peer)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go: one buffer serves all links."""
        return _VIEW

    def buffer_updated(self, nbytes: int) -> None:
        """Take in bytes."""
        at = self.heard_at = self._at()
        if self._transport is None:
            return
        heard = self.conversation.hear(bytes(_VIEW[:nbytes]), now=clock.now(), at=at)
        if not self.conversation.waiting:
            self.partial_since = None
        elif self.partial_since is None or heard.reports:
            self.partial_since = at
        self.follow(heard)

    def eof_received(self) -> bool:
        """Keep a link open that has said all it wants to say: it may wait for confirmations."""
        self.follow(self.conversation.cut_off(now=clock.now()))
        self._is_at_end = True
        return self.unconfirmed > 0

    def pause_writing(self) -> None:
        """Stop reading from a peer that does not read what we say."""
        self.unread_since = self._at()
        self.read_or_wait()

    def resume_writing(self) -> None:
        """Go on with a peer that reads again."""
        self.unread_since = None
        self.read_or_wait()

    # ------------------------------------------------------------------ what the gateway calls

    @property
    def is_open(self) -> bool:
        """Tell whether something can be said on this link."""
        return self._transport is not None and not self._transport.is_closing()

    def follow(self, heard: Heard) -> None:
        """Hand on what was heard, say what is due at once, and cut a link that sends rubbish."""
        self.manners.note_sound(len(heard.reports))
        for report in heard.reports:
            self.unconfirmed += 1
            self.house.report(self, report)
        for reason, data in heard.damaged:
            self._note_damage(reason, data)
        if heard.says:
            self.say(b"".join(heard.says))
        self.read_or_wait()

    def refused(self, report: Report, *, reason: str) -> None:
        """Keep a report that the store would not take, as damage."""
        self._note_damage(reason, self.conversation.record(report))

    def say(self, data: bytes) -> None:
        """Send bytes, if the link is still there."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def read_or_wait(self) -> None:
        """Read on while there is room for what comes; wait otherwise."""
        if self._transport is None or self._is_at_end or self._transport.is_closing():
            return
        wanted = (
            not self.house.is_full
            and self.unconfirmed < self.house.limits.most_waiting_per_link
            and self.unread_since is None
        )
        if wanted == self._is_reading:
            return
        self._is_reading = wanted
        if wanted:
            self._transport.resume_reading()
            self.heard_at = self._at()
        else:
            self._transport.pause_reading()

    def settled(self, count: int) -> None:
        """Take note that reports were dealt with; close a link that waited only for that."""
        self.unconfirmed -= count
        if self._is_at_end and not self.unconfirmed and self._transport is not None:
            self._transport.close()
        self.read_or_wait()

    def cut(self) -> None:
        """Close the link at once."""
        if self._transport is not None:
            self._transport.abort()

    def overdue_reason(self, at: float) -> str | None:
        """Return why the link should be closed, or None; what we hold up ourselves is excused."""
        limits = self.house.limits
        if self.unread_since is not None and at - self.unread_since > limits.unread_s:
            return "does not read"
        if not self._is_reading:
            return None
        if at - self.heard_at > limits.idle_s:
            return "idle"
        if not self.manners.sound and at - self.opened_at > limits.silent_start_s:
            return "said nothing sound"
        return None

    def sweep(self, at: float) -> None:
        """Give up a frame whose rest does not come, ask for missing packets, close what is dead."""
        if reason := self.overdue_reason(at):
            log.info("%s: link closed: %s", self.peer, reason)
            self.cut()
            return
        limit = self.house.limits.partial_s
        if self.partial_since is not None and self._is_reading and at - self.partial_since > limit:
            self.partial_since = None
            self.follow(self.conversation.cut_off(now=clock.now()))
        if self.conversation.held:
            self.follow(self.conversation.overdue(now=clock.now(), at=at))

    def _note_damage(self, reason: str, data: bytes) -> None:
        limits = self.house.limits
        wire, now = self.conversation.wire, clock.now()
        self.house.damaged(Damage(wire, self.peer, reason, data[: limits.most_payload], now))
        self.manners.note_damaged(1)
        if self.is_open and self.manners.is_abusive(limits):
            is_refused = self.house.peers.cut(self.peer, at=self._at())
            log.warning(
                "%s: cut after %d damaged and %d sound frames%s",
                self.peer,
                self.manners.damaged,
                self.manners.sound,
                f", refused for {limits.refused_s:.0f} s" if is_refused else "",
            )
            self.cut()

    @staticmethod
    def _at() -> float:
        return asyncio.get_running_loop().time()


def _watch_half_open(sock: socket.socket | None) -> None:
    """Let the system find peers that are gone without a word, and send answers at once."""
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 20)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
