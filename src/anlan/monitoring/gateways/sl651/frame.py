"""Decode SL 651-2014 frames.

Source of every rule: SL 651-2014, chapters 6 and 7 and annexes B to D.
"""

import struct
from typing import Final

from fastcrc import crc16

from .bcd import read_time
from .body import read_observations, read_status
from .codes import (
    DOWN_ENDS,
    ELEMENT_FUNCTIONS,
    KNOWN_FUNCTIONS,
    PICTURE_REPORT,
    STATUS_QUERY,
    STX,
    SYN,
    UP_ENDS,
)
from .errors import (
    BadCrc,
    BadEnd,
    BadHeader,
    BadLength,
    BadStart,
    FrameError,
    Truncated,
    UnknownFunction,
)
from .readings import readings
from .text import decode_text, read_words
from .values import DownFrame, Element, Encoding, Frame, Observation, RawReading, UpFrame

__all__ = [
    "DownFrame",
    "Element",
    "Encoding",
    "Frame",
    "FrameError",
    "Observation",
    "RawReading",
    "UpFrame",
    "decode",
    "join_packets",
    "readings",
]

_UP_HEADER: Final = struct.Struct(">xxB5s2sBHB")
_DOWN_HEADER: Final = struct.Struct(">xx5sB2sBHB")
_HEADER_SIZE: Final = 14
_OVERHEAD: Final = 17
_modbus = crc16.modbus


def decode(data: bytes) -> Frame:
    """Return the frame that the bytes are, from the first start byte to the last of the checksum.

    Both encodings and both directions are read. Raises a FrameError that names the reason where
    the bytes are anything but one whole, undamaged frame of the standard.
    """
    if data[:1] == b"\x01":
        return decode_text(data)
    size = len(data)
    if data[:2] != b"~~":
        if size < 2 and data in (b"", b"~"):
            raise Truncated("no start of frame yet", data=data)
        raise BadStart("no start of frame", data=data[:2])
    if size < _OVERHEAD:
        raise Truncated("shorter than any frame", offset=size, data=data)
    is_down = _check_length(data)
    if _modbus(data[:-2]) != (data[-2] << 8 | data[-1]):
        raise BadCrc("checksum mismatch", offset=size - 2, data=data[-2:])
    if data[10] not in KNOWN_FUNCTIONS:
        raise UnknownFunction("reserved function code", offset=10, data=data[10:11])
    if data[-3] not in (DOWN_ENDS if is_down else UP_ENDS):
        raise BadEnd("no end of this direction", offset=size - 3, data=data[-3:-2])
    return _decode_down(data) if is_down else _decode_up(data)


def join_packets(frames: list[UpFrame]) -> UpFrame:
    """Return the report that the packets of one transfer make, whatever their order.

    The result carries the first packet's header and serial number, the last one's end character,
    the joined body and its observations. Raises BadHeader unless every packet is there once and
    all belong to one station and function.
    """
    parts = sorted(frames, key=lambda part: part.number or 0)
    first = parts[0] if parts else None
    if first is None or [part.number for part in parts] != list(range(1, len(parts) + 1)):
        raise BadHeader("packets are missing or doubled")
    if any(
        (part.encoding, part.station, part.function, part.packets)
        != (first.encoding, first.station, first.function, len(parts))
        for part in parts
    ):
        raise BadHeader("packets of different transfers")
    body = b"".join(part.body for part in parts)
    if first.encoding == "ASCII":
        found = read_words(body[16:], offset=16, station=first.station)
    else:
        # The reader may look at a group's head before it knows that the body ends inside it.
        found = read_observations(
            body + bytes(3), start=8, end=len(body), function=first.function, station=first.station
        )
    return first._replace(body=body, end=parts[-1].end, observations=found)


def _check_length(data: bytes) -> bool:
    """Return whether the frame goes down; raise unless its length field is the bytes' length."""
    high, start, length = data[11], data[13], len(data) - _OVERHEAD
    if start not in (STX, SYN):
        raise BadStart("no start of body", offset=13, data=data[13:14])
    direction = high & 0xF0
    stated = (high & 15) << 8 | data[12]
    if direction in (0, 0x80) and stated == length:
        return direction == 0x80
    # Table 22 of the standard gives the whole two bytes of a packet to its length.
    long_stated = high << 8 | data[12]
    if start == SYN and long_stated == length:
        return False
    if direction not in (0, 0x80) and start == STX:
        raise BadHeader("no such direction", offset=11, data=data[11:13])
    if stated > length:
        raise Truncated("shorter than its length says", offset=len(data), data=data[11:13])
    raise BadLength("longer than its length says", offset=11, data=data[11:13])


def _packet_numbers(data: bytes, *, start: int) -> tuple[int | None, int | None, int]:
    """Return packet count, packet number and where the body starts."""
    if start == STX:
        return None, None, _HEADER_SIZE
    info = data[14:17]
    packets, number = info[0] << 4 | info[1] >> 4, (info[1] & 15) << 8 | info[2]
    if len(data) < _OVERHEAD + 3 or not 1 <= number <= packets:
        raise BadHeader("no such packet number", offset=14, data=info)
    return packets, number, _HEADER_SIZE + 3


def _decode_up(data: bytes) -> UpFrame:
    center, address, password, function, _, start = _UP_HEADER.unpack_from(data)
    packets, number, body_at = None, None, _HEADER_SIZE
    if start == SYN:
        packets, number, body_at = _packet_numbers(data, start=start)
    end = len(data) - 3
    station = address.hex().upper()
    serial = sent_at = None
    observations: tuple[Observation, ...] = ()
    if number is None or number == 1:
        if end - body_at < 8:
            raise BadLength("no serial number and time", offset=body_at, data=data[body_at:end])
        serial = data[body_at] << 8 | data[body_at + 1]
        sent_at = read_time(data, offset=body_at + 2)
        # A number may be cut where a packet ends, so only a picture is read before all are there.
        if function in ELEMENT_FUNCTIONS and (
            packets is None or packets == 1 or function == PICTURE_REPORT
        ):
            observations = read_observations(
                data, start=body_at + 8, end=end, function=function, station=station
            )
        elif function == STATUS_QUERY:
            observations = read_status(data, start=body_at + 8, end=end)
    return UpFrame(
        "HEX",
        center,
        station,
        password.hex().upper(),
        function,
        len(data) - _OVERHEAD,
        start,
        data[end],
        packets,
        number,
        serial,
        sent_at,
        observations,
        data[body_at:end],
    )


def _decode_down(data: bytes) -> DownFrame:
    address, center, password, function, _, start = _DOWN_HEADER.unpack_from(data)
    packets, number, body_at = _packet_numbers(data, start=start)
    end = len(data) - 3
    if end - body_at < 8:
        raise BadLength("no serial number and time", offset=body_at, data=data[body_at:end])
    return DownFrame(
        "HEX",
        address.hex().upper(),
        center,
        password.hex().upper(),
        function,
        len(data) - _OVERHEAD,
        start,
        data[end],
        packets,
        number,
        data[body_at] << 8 | data[body_at + 1],
        read_time(data, offset=body_at + 2),
        data[body_at:end],
    )
