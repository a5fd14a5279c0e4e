"""Encode HJ 212 messages: what a station sends, and what a centre answers."""

import re
from collections.abc import Iterable
from typing import Final

from .codes import MAX_SEGMENT
from .errors import BadField, BadLength
from .frame import checksum
from .values import Field, Frame

# A sign of the grammar, or a control character; a log text may hold all but the first and last.
_FORBIDDEN: Final = re.compile("[&;,=\x00-\x1f\x7f]")
_LOG_TEXT: Final = re.compile("//(?:(?!//|&&)[^\x00-\x1f\x7f])*//")


def encode(frame: Frame) -> bytes:
    """Return the bytes of a message, header fields in the order of the standard.

    `length` is not read but computed. Raises BadField where a value would break the grammar,
    BadLength where the data segment exceeds 1024 bytes: then send it in packets.
    """
    head = [
        ("QN", frame.request),
        ("ST", frame.system),
        ("CN", f"{frame.command:04d}"),
        ("PW", frame.password or None),
        ("MN", frame.station or None),
        ("Flag", frame.flag),
        ("PNUM", frame.packets),
        ("PNO", frame.number),
        *frame.extras,
    ]
    text = "".join(f"{name}={_plain(value)};" for name, value in head if value is not None)
    area = ";".join(",".join(_pair(field) for field in item) for item in frame.items)
    return seal(f"{text}CP=&&{area}&&".encode())


def message(
    items: Iterable[Iterable[tuple[str, str]]] = (),
    *,
    system: str,
    command: int,
    station: str,
    request: str | None = None,
    password: str = "",
    flag: int | None = None,
    packet: tuple[int, int] | None = None,
) -> Frame:
    """Return a message to encode; `packet` is the count and the number of its packets.

    `items` are the parts of the data area, each a row of names and values.
    """
    packets, number = packet or (None, None)
    rows = tuple(tuple(Field(*pair) for pair in item) for item in items)
    frame = Frame(
        request, system, command, password, station, flag, packets, number, rows, (), length=0
    )
    return frame._replace(length=len(encode(frame)) - len(seal(b"")))


def seal(segment: bytes) -> bytes:
    """Return a data segment with start, length, checksum and end around it."""
    if len(segment) > MAX_SEGMENT:
        raise BadLength("a data segment has at most 1024 bytes", data=segment[:16])
    return b"##%04d%b%04X\r\n" % (len(segment), segment, checksum(segment))


def _plain(value: object) -> str:
    text = str(value)
    if _FORBIDDEN.search(text) or text != text.strip():
        raise BadField("a value holds a sign of the grammar", data=text.encode())
    return text


def _pair(field: Field) -> str:
    value = field.value if _LOG_TEXT.fullmatch(field.value) else _plain(field.value)
    return f"{_plain(field.name)}={value}"
