"""Gather the packets of multi-packet transfers (mode M3), and ask again for what is missing.

A transfer is confirmed once, when every packet is there. A missing packet is asked for at most
twice, one packet at a time; a transfer that gets no further is given up, and its station sends it
again some day. Source: SL 651-2014 6.6.4.9.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from .encode import encode_resend_request
from .errors import BadHeader, FrameError
from .frame import join_packets
from .values import UpFrame

MOST_ASKED: Final = 2
PATIENCE_S: Final = 15.0  # without a packet for so long, the missing one is asked for
MOST_TRANSFERS: Final = 4  # open at once on one link
MOST_BYTES: Final = 4 * 1024 * 1024  # of one transfer: a picture has some 100 kB
REMEMBERED_S: Final = 600.0
MOST_REMEMBERED: Final = 16


class Gathered(NamedTuple):
    """What a packet led to: a whole report, a demand to send, or a transfer given up.

    `again` is a report that was kept before, whose confirmation the station has missed.
    """

    whole: UpFrame | None = None
    again: UpFrame | None = None
    demand: bytes | None = None
    failed: FrameError | None = None


@dataclass
class _Transfer:
    """Packets of one report by number; `touched` is when the last one came or was asked for."""

    touched: float
    packets: dict[int, UpFrame] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)
    asking: int | None = None
    size: int = 0


class PacketBook:
    """The transfers that are open on one link. Times are seconds of a steady clock."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], _Transfer] = {}
        self._kept: dict[tuple[str, int], tuple[float, UpFrame]] = {}

    @property
    def size(self) -> int:
        """Return how many bytes of bodies are held."""
        return sum(transfer.size for transfer in self._open.values())

    def add(self, frame: UpFrame, *, at: float, now: datetime) -> Gathered:
        """Take in one packet and return what it leads to."""
        if frame.packets is None or frame.number is None:
            raise ValueError("not a packet of a transfer")
        key = (frame.station, frame.function)
        if (kept := self._kept_before(key, frame, at=at)) is not None:
            return Gathered(again=kept if frame.number == frame.packets else None)
        transfer = self._transfer_of(key, frame, at=at)
        if transfer is None:
            return Gathered(failed=BadHeader("too many transfers at once", data=frame.body[:16]))
        before = transfer.packets.get(frame.number)
        transfer.size += len(frame.body) - (len(before.body) if before else 0)
        transfer.packets[frame.number] = frame
        transfer.touched = at
        if transfer.size > MOST_BYTES:
            return self._give_up(key, "larger than any picture")
        if len(transfer.packets) == frame.packets:
            return self._close(key)
        if frame.number == (transfer.asking or frame.packets):
            return self._ask(key, at=at, now=now)
        return Gathered()

    def remember(self, whole: UpFrame, *, at: float) -> None:
        """Take note that a report was confirmed, so that a repetition is confirmed again."""
        if len(self._kept) >= MOST_REMEMBERED:
            del self._kept[next(iter(self._kept))]
        # What is confirmed again needs the header, not the picture.
        header = whole._replace(body=b"", observations=())
        self._kept[whole.station, whole.function] = (at, header)

    def overdue(self, *, at: float, now: datetime) -> Iterator[Gathered]:
        """Ask again in every transfer that has stood still, or give it up."""
        for key, transfer in list(self._open.items()):
            if at - transfer.touched >= PATIENCE_S:
                yield self._ask(key, at=at, now=now)

    def _kept_before(self, key: tuple[str, int], frame: UpFrame, *, at: float) -> UpFrame | None:
        """Return the report that this packet belongs to, if that was whole before."""
        if key in self._open or key not in self._kept:
            return None
        kept_at, whole = self._kept[key]
        is_same = frame.packets == whole.packets and frame.serial in (None, whole.serial)
        if at - kept_at > REMEMBERED_S or not is_same:
            del self._kept[key]
            return None
        return whole

    def _transfer_of(self, key: tuple[str, int], frame: UpFrame, *, at: float) -> _Transfer | None:
        """Return the open transfer of a packet; another report takes the place of an older one."""
        transfer = self._open.get(key)
        if transfer is not None:
            known = next(iter(transfer.packets.values()))
            first = transfer.packets.get(1)
            is_other = frame.serial is not None and first and first.serial != frame.serial
            if known.packets == frame.packets and not is_other:
                return transfer
            del self._open[key]
        if len(self._open) >= MOST_TRANSFERS:
            return None
        return self._open.setdefault(key, _Transfer(touched=at))

    def _close(self, key: tuple[str, int]) -> Gathered:
        packets = list(self._open.pop(key).packets.values())
        try:
            return Gathered(whole=join_packets(packets))
        except FrameError as error:
            return Gathered(failed=error)

    def _ask(self, key: tuple[str, int], *, at: float, now: datetime) -> Gathered:
        transfer = self._open[key]
        known = next(iter(transfer.packets.values()))
        missing = next(x for x in range(1, (known.packets or 0) + 1) if x not in transfer.packets)
        asked = transfer.asked.get(missing, 0)
        if asked >= MOST_ASKED:
            return self._give_up(key, f"packet {missing} did not come")
        transfer.asked[missing], transfer.asking = asked + 1, missing
        transfer.touched = at
        first = transfer.packets.get(1)
        serial = first.serial if first and first.serial is not None else 0
        demand = encode_resend_request(known, packet=missing, serial=serial, sent_at=now)
        return Gathered(demand=demand)

    def _give_up(self, key: tuple[str, int], why: str) -> Gathered:
        transfer = self._open.pop(key)
        known = next(iter(transfer.packets.values()))
        return Gathered(failed=BadHeader(why, data=known.body[:16]))
