"""What is known of the addresses that connect: links, damage, and whom to refuse for a while.

Carriers put many stations behind one address. So a link that sends rubbish is cut, but its address
is refused only when nothing sound came from it lately.
"""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from anlan.monitoring.gateways.tcp.limits import Limits

LONGEST_PEER: Final = 60
_HOUR_S: Final = 3600.0
_SOUND_LATELY_S: Final = 600.0


@dataclass
class Manners:
    """How one link has behaved."""

    sound: int = 0
    damaged: int = 0
    in_row: int = 0

    def note_sound(self, count: int) -> None:
        """Count sound frames; they end a row of damaged ones."""
        if count:
            self.sound += count
            self.in_row = 0

    def note_damaged(self, count: int) -> None:
        """Count damaged ones."""
        self.damaged += count
        self.in_row += count

    def is_abusive(self, limits: Limits) -> bool:
        """Tell whether the link sends too much damage in a row, or more damage than sense."""
        if self.in_row >= limits.faults_in_row:
            return True
        return self.damaged >= limits.faults_at_least and self.damaged > self.sound


@dataclass
class _Peer:
    """One address: open links, when it last was sound, until when it is refused."""

    links: int = 0
    sound_at: float = -1e9
    refused_until: float = -1e9
    hour: int = -1
    kept_this_hour: int = 0


def peer_of(host: str) -> str:
    """Return the peer that an address belongs to: itself, or its network of 64 bits in IPv6.

    Whoever has one IPv6 address has a whole network of them.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:LONGEST_PEER]
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


class PeerBook:
    """The addresses of one gateway, the oldest forgotten; times are steady seconds."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._peers: OrderedDict[str, _Peer] = OrderedDict()
        self._all = _Peer()
        self.links = 0
        self.refusals = 0

    def refusal(self, peer: str, *, at: float) -> str | None:
        """Return why a new link of this address is refused, or None when it is welcome."""
        reason = self._reason_to_refuse(peer, at=at)
        self.refusals += reason is not None
        return reason

    def _reason_to_refuse(self, peer: str, *, at: float) -> str | None:
        known = self._peers.get(peer)
        if known is not None and at < known.refused_until:
            return "refused after abuse"
        if self.links >= self._limits.most_links:
            return "too many links"
        if known is not None and known.links >= self._limits.most_links_per_peer:
            return "too many links of one address"
        return None

    def opened(self, peer: str) -> None:
        """Count a link that was let in."""
        self._known(peer).links += 1
        self.links += 1

    def closed(self, peer: str) -> None:
        """Count a link that has ended."""
        self._known(peer).links -= 1
        self.links -= 1

    def note_sound(self, peer: str, *, at: float) -> None:
        """Take note that something sound came from an address."""
        self._known(peer).sound_at = at

    def cut(self, peer: str, *, at: float) -> bool:
        """Take note that an abusive link was cut; return whether its address is refused now."""
        known = self._known(peer)
        if at - known.sound_at < _SOUND_LATELY_S:
            return False
        known.refused_until = at + self._limits.refused_s
        return True

    def may_keep_fault(self, peer: str, *, at: float) -> bool:
        """Tell whether damage of this address may still be kept in this hour, and count it."""
        hour = int(at // _HOUR_S)
        for each in (known := self._known(peer), self._all):
            if each.hour != hour:
                each.hour, each.kept_this_hour = hour, 0
        if known.kept_this_hour >= self._limits.kept_faults_an_hour:
            return False
        if self._all.kept_this_hour >= self._limits.kept_faults_in_all:
            return False
        known.kept_this_hour += 1
        self._all.kept_this_hour += 1
        return True

    def _known(self, peer: str) -> _Peer:
        found = self._peers.get(peer)
        if found is None:
            found = self._peers[peer] = _Peer()
            self._forget_oldest()
        self._peers.move_to_end(peer)
        return found

    def _forget_oldest(self) -> None:
        """Keep the book short; an address with open links is never forgotten."""
        while len(self._peers) > self._limits.most_peers:
            oldest, known = next(iter(self._peers.items()))
            if known.links:
                self._peers.move_to_end(oldest)
                return
            del self._peers[oldest]
