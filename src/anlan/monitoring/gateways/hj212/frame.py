"""Decode HJ 212 messages.

Source of every rule: HJ 212-2017, chapter 6.3 and annex A.
"""

import re
from collections.abc import Sequence
from typing import Final

from .codes import MAX_SEGMENT
from .errors import BadCrc, BadEnd, BadField, BadLength, BadStart, FrameError, Truncated
from .readings import readings
from .segment import check_items, read_segment
from .values import Field, Frame, Reading

__all__ = [
    "Field",
    "Frame",
    "FrameError",
    "Reading",
    "checksum",
    "decode",
    "join_packets",
    "readings",
]

HEAD: Final = 6
OVERHEAD: Final = 12
_END: Final = b"\r\n"
_DIGITS: Final = re.compile(rb"[0-9]{4}")
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{4}")


def _shifted() -> tuple[int, ...]:
    """Return what eight shifts make of every byte, with the polynomial A001."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


_SHIFTED: Final = _shifted()


def checksum(segment: bytes) -> int:
    """Return the checksum of a data segment.

    It is no usual CRC-16: only the high byte of the register meets the next byte, so it takes
    256 values. It finds every single wrong byte; of any other damage, one in 256 stays unseen,
    and the grammar of the segment is the second guard.
    """
    register = 0xFFFF
    for byte in segment:
        register = _SHIFTED[register >> 8 ^ byte]
    return register


def decode(data: bytes) -> Frame:
    """Return the message that the bytes are, from ## to the line feed.

    Raises a FrameError that names the reason where the bytes are anything but one whole,
    undamaged message.
    """
    if data[:2] != b"##":
        if data in (b"", b"#"):
            raise Truncated("no start of message yet", data=data)
        raise BadStart("no start of message", data=data[:2])
    length = _stated_length(data)
    size = length + OVERHEAD
    if len(data) < size:
        raise Truncated("shorter than its length says", offset=len(data), data=data[2:HEAD])
    if len(data) > size:
        raise BadLength("longer than its length says", offset=2, data=data[2:HEAD])
    if data[-2:] != _END:
        raise BadEnd("no end of message", offset=size - 2, data=data[-2:])
    segment, stated = data[HEAD:-6], data[-6:-2]
    # Devices write the hex digits in either case.
    if not _HEX.fullmatch(stated) or int(stated, 16) != checksum(segment):
        raise BadCrc("checksum mismatch", offset=size - 6, data=stated)
    return read_segment(segment)


def join_packets(frames: Sequence[Frame]) -> Frame:
    """Return the message that the packets of one upload make, whatever their order.

    The 2017 edition gives every packet its own QN; the result carries the first one's header and
    no packet numbers. A packet that repeats the DataTime opens no new record by it. Raises
    BadField unless every packet is there once and all are of one station, system and command.
    """
    parts = sorted(frames, key=lambda part: part.number or 0)
    first = parts[0] if parts else None
    if first is None or [part.number for part in parts] != list(range(1, len(parts) + 1)):
        raise BadField("packets are missing or doubled")
    if any(_upload(part) != (*_upload(first)[:3], len(parts)) for part in parts):
        raise BadField("packets of different uploads")
    items = list(first.items)
    moment = _last_time(first)
    for part in parts[1:]:
        items += [item for item in part.items if not _repeats(item, moment)]
        moment = _last_time(part) or moment
    joined = tuple(items)
    check_items(joined)
    return first._replace(
        items=joined, packets=None, number=None, length=sum(part.length for part in parts)
    )


def _stated_length(data: bytes) -> int:
    if len(data) < HEAD:
        raise Truncated("shorter than any message", offset=len(data), data=data)
    if not _DIGITS.fullmatch(data, 2, HEAD):
        raise BadLength("the length is no number", offset=2, data=data[2:HEAD])
    length = int(data[2:HEAD])
    if length > MAX_SEGMENT:
        raise BadLength("a data segment has at most 1024 bytes", offset=2, data=data[2:HEAD])
    return length


def _upload(part: Frame) -> tuple[str, str, int, int | None]:
    return part.station, part.system, part.command, part.packets


def _last_time(part: Frame) -> str | None:
    times = [field.value for item in part.items for field in item if field.name == "DataTime"]
    return times[-1] if times else None


def _repeats(item: tuple[Field, ...], moment: str | None) -> bool:
    """Tell whether an item says nothing but the time that is already known."""
    return item == (Field("DataTime", moment or ""),)
