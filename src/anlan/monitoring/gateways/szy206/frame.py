"""Decode SZY 206 frames.

Which sources agree on each rule stands in the package's docstring.
"""

from typing import Final

from .body import read_report
from .codes import END, LINK, LINK_WORDS, REFUSED_FUNCTIONS, REPORTS
from .errors import (
    BadAddress,
    BadCrc,
    BadData,
    BadEnd,
    BadLength,
    BadStart,
    FrameError,
    NotSpoken,
    Truncated,
)
from .readings import readings
from .values import DownFrame, Frame, Label, Number, UpFrame

__all__ = [
    "DownFrame",
    "Frame",
    "FrameError",
    "Label",
    "Number",
    "UpFrame",
    "checksum",
    "decode",
    "readings",
]

OVERHEAD: Final = 5
SHORTEST: Final = 7
_HEAD: Final = 3
_DATA: Final = 10
_POLYNOMIAL: Final = 0xE5
_UP: Final = 0x80
_SPLIT: Final = 0x40
_HYDROLOGICAL: Final = 0
_BROADCAST: Final = 0xFFFF


def _table() -> tuple[int, ...]:
    """Return the remainder of every byte."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value << 1 & 0xFF ^ (_POLYNOMIAL if value & 0x80 else 0)
        table.append(value)
    return tuple(table)


_TABLE: Final = _table()


def checksum(data: bytes) -> int:
    """Return the CRC-8 of the bytes from the control byte to the end of the data."""
    register = 0
    for byte in data:
        register = _TABLE[register ^ byte]
    return register


def decode(data: bytes) -> Frame:
    """Return the frame that the bytes are, from the first 68 to the 16.

    Raises a FrameError that names the reason where the bytes are anything but one whole,
    undamaged frame, and NotSpoken where the frame is sound but its meaning is not certain.
    """
    _check_frame(data)
    control, address, function, rest = data[3], data[4:9], data[9], data[_DATA:-2]
    if control & _SPLIT:
        raise NotSpoken("a part of a split frame, which is not joined here", offset=3)
    counter, kind = control >> 4 & 3, control & 15
    if not control & _UP:
        return DownFrame(address.hex().upper(), counter, kind, function, rest)
    head = UpFrame(
        _station(address), counter, kind, function, None, None, (), None, None, None, rest
    )
    if function == LINK:
        if len(rest) != 1 or rest[0] not in LINK_WORDS:
            raise BadData("a link test says F0, F1 or F2", offset=_DATA, data=rest)
        return head._replace(link=rest[0])
    if function not in REPORTS:
        name = REFUSED_FUNCTIONS.get(function, "a function that is not read here")
        raise NotSpoken(name, offset=9, data=data[9:10])
    return head._replace(**read_report(rest, function=function, kind=kind)._asdict())


def _check_frame(data: bytes) -> None:
    """Raise unless start, length, end and checksum are right."""
    if data[:1] not in (b"", b"h") or data[2:3] not in (b"", b"h"):
        raise BadStart("no start of frame", data=data[:3])
    if len(data) < _HEAD:
        raise Truncated("shorter than any frame", offset=len(data), data=data)
    if data[1] < SHORTEST:
        raise BadLength("a frame has at least control byte, address and function", offset=1)
    size = data[1] + OVERHEAD
    if len(data) < size:
        raise Truncated("shorter than its length says", offset=len(data), data=data[:_HEAD])
    if len(data) > size:
        raise BadLength("longer than its length says", offset=1, data=data[:_HEAD])
    if data[-1] != END:
        raise BadEnd("no end of frame", offset=size - 1, data=data[-1:])
    if checksum(data[_HEAD:-2]) != data[-2]:
        raise BadCrc("checksum mismatch", offset=size - 2, data=data[-2:-1])


def _station(address: bytes) -> str:
    """Return the address of a station as ten hex digits.

    It is a county code and a number from 1 to 65534, low byte first, or 00 and the eight digits
    of a hydrological station.
    """
    shown = address.hex().upper()
    if address[0] == _HYDROLOGICAL:
        return shown
    number = int.from_bytes(address[3:], "little")
    if not shown[:6].isdecimal() or number in (0, _BROADCAST):
        raise BadAddress("no county code and station number", offset=4, data=address)
    return shown
