"""Decode frames of the ASCII encoding."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from fastcrc import crc16

from .bcd import read_minute, read_time
from .body import RAIN_GUIDE, read_series
from .codes import (
    DOWN_ENDS,
    ELEMENT_FUNCTIONS,
    KNOWN_FUNCTIONS,
    STATION_CLASSES,
    STX,
    SYN,
    UP_ENDS,
)
from .elements import CODES, KIND_OF_NAME
from .errors import (
    BadCrc,
    BadEnd,
    BadHeader,
    BadLength,
    BadStart,
    BadText,
    FrameError,
    Truncated,
    UnknownFunction,
)
from .gathering import Gathering
from .values import DownFrame, Element, Frame, Observation, UpFrame

_OVERHEAD: Final = 29
_BODY_AT: Final = 24
_HEADER: Final = re.compile(rb"\x01([0-9A-Fa-f]{22})[\x02\x16]")
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)
_STEP: Final = re.compile(r"DR([DHN])(\d\d)", re.ASCII)
_STEP_DIGITS: Final = {"D": "{}0000", "H": "00{}00", "N": "0000{}"}
_MISSING: Final = "M"
_SERIES: Final = frozenset(("DRP", *(f"DRZ{number}" for number in range(1, 9))))


def decode_text(data: bytes) -> Frame:
    """Return the ASCII-coded frame that the bytes are; raise FrameError where they are none."""
    header = _HEADER.match(data)
    if header is None:
        if len(data) < _BODY_AT and re.fullmatch(rb"\x01[0-9A-Fa-f]*", data):
            raise Truncated("shorter than any frame", offset=len(data), data=data)
        raise BadStart("no header of hex characters", data=data[:_BODY_AT])
    is_down = _check_length(data)
    try:
        stated_crc = bytes.fromhex(data[-4:].decode("ascii"))
    except ValueError:
        raise BadCrc("no checksum", offset=len(data) - 4, data=data[-4:]) from None
    if len(stated_crc) != 2 or crc16.modbus(data[:-4]) != int.from_bytes(stated_crc, "big"):
        raise BadCrc("checksum mismatch", offset=len(data) - 4, data=data[-4:])
    if int(data[17:19], 16) not in KNOWN_FUNCTIONS:
        raise UnknownFunction("reserved function code", offset=17, data=data[17:19])
    if data[-5] not in (DOWN_ENDS if is_down else UP_ENDS):
        raise BadEnd("no end of this direction", offset=len(data) - 5, data=data[-5:-4])
    return _decode_down(data) if is_down else _decode_up(data)


def read_words(body: bytes, *, offset: int, station: str) -> tuple[Observation, ...]:
    """Return what the words of a body say; `offset` is where the body stands in its frame."""
    return _WordReader(body, offset=offset, station=station).read()


def _check_length(data: bytes) -> bool:
    """Return whether the frame goes down; raise unless its length field is the bytes' length."""
    field, length = int(data[19:23], 16), len(data) - _OVERHEAD
    direction = field >> 12
    if direction in (0, 8) and field & 0x0FFF == length:
        return direction == 8
    if data[23] == SYN and field == length:
        return False
    if direction not in (0, 8) and data[23] == STX:
        raise BadHeader("no such direction", offset=19, data=data[19:23])
    if field & 0x0FFF > length:
        raise Truncated("shorter than its length says", offset=len(data), data=data[19:23])
    raise BadLength("longer than its length says", offset=19, data=data[19:23])


def _packet_numbers(data: bytes) -> tuple[int | None, int | None, int]:
    """Return packet count, packet number and where the body starts."""
    if data[23] == STX:
        return None, None, _BODY_AT
    info = data[_BODY_AT : _BODY_AT + 6]
    if len(data) < _OVERHEAD + 6 or not re.fullmatch(rb"[0-9A-Fa-f]{6}", info):
        raise BadHeader("no packet number", offset=_BODY_AT, data=info)
    packets, number = int(info[:3], 16), int(info[3:], 16)
    if not 1 <= number <= packets:
        raise BadHeader("no such packet number", offset=_BODY_AT, data=info)
    return packets, number, _BODY_AT + 6


def _serial_and_time(data: bytes, *, body_at: int) -> tuple[int, datetime]:
    """Return the serial number and the send time that open a body."""
    opening = data[body_at : min(body_at + 16, len(data) - 5)]
    if not re.fullmatch(rb"[0-9A-Fa-f]{4}\d{12}", opening):
        raise BadText("no serial number and time", offset=body_at, data=opening)
    return int(opening[:4], 16), read_time(bytes.fromhex(opening[4:].decode("ascii")), offset=0)


def _decode_up(data: bytes) -> UpFrame:
    packets, number, body_at = _packet_numbers(data)
    end = len(data) - 5
    function = int(data[17:19], 16)
    station = data[3:13].decode("ascii").upper()
    serial = sent_at = None
    observations: tuple[Observation, ...] = ()
    if number is None or number == 1:
        serial, sent_at = _serial_and_time(data, body_at=body_at)
        if function in ELEMENT_FUNCTIONS and (packets is None or packets == 1):
            observations = read_words(
                data[body_at + 16 : end], offset=body_at + 16, station=station
            )
    return UpFrame(
        "ASCII",
        int(data[1:3], 16),
        station,
        data[13:17].decode("ascii").upper(),
        function,
        len(data) - _OVERHEAD,
        data[23],
        data[end],
        packets,
        number,
        serial,
        sent_at,
        observations,
        data[body_at:end],
    )


def _decode_down(data: bytes) -> DownFrame:
    packets, number, body_at = _packet_numbers(data)
    serial, sent_at = _serial_and_time(data, body_at=body_at)
    return DownFrame(
        "ASCII",
        data[1:11].decode("ascii").upper(),
        int(data[11:13], 16),
        data[13:17].decode("ascii").upper(),
        int(data[17:19], 16),
        len(data) - _OVERHEAD,
        data[23],
        data[-5],
        packets,
        number,
        serial,
        sent_at,
        data[body_at : len(data) - 5],
    )


class _WordReader(Gathering):
    """Walk over the words of one body."""

    __slots__ = ("body", "offset")

    def __init__(self, body: bytes, *, offset: int, station: str) -> None:
        super().__init__(station)
        self.body = body
        self.offset = offset

    def read(self) -> tuple[Observation, ...]:
        """Return the observations of the body."""
        words = self._words()
        for word in words:
            if word in ("RGZS", "PIC"):
                tail = self.body.partition(word.encode("ascii") + b" ")[2]
                code = CODES[KIND_OF_NAME[word].guide]
                self.elements.append(Element(code, word, None, None, tail))
                break
            if word == "ST":
                station = self._hex(next(words, ""), size=10)
                self.open_station(station, station_class=self._station_class(next(words, "")))
            elif word == "TT":
                self.open_time(self._time(next(words, "")))
            else:
                self._read_element(word, words)
        self.close_group()
        return tuple(self.observations)

    def _read_element(self, word: str, words: Iterator[str]) -> None:
        """Read an identifier and its data, or a time step and the series behind it."""
        if self.observed_at is None or not _IDENTIFIER.fullmatch(word):
            raise self._refused("no element here", word)
        step = _STEP.fullmatch(word)
        if step is None:
            self.elements.append(self._element(word, next(words, "")))
            return
        self.step = _STEP_DIGITS[step[1]].format(step[2])
        name = next(words, "")
        if not _IDENTIFIER.fullmatch(name):
            raise self._refused("no element after the time step", name)
        kind = KIND_OF_NAME.get(name)
        code = CODES[kind.guide] if kind else name
        rest = list(words)
        if name in _SERIES:
            values = tuple(value for text in rest for value in self._hour(name, text))
        else:
            values = tuple(self._number(text) for text in rest)
        raw = " ".join(rest).encode("ascii")
        self.elements.append(Element(code, name if kind else None, None, values, raw))

    def _element(self, name: str, text: str) -> Element:
        """Return one element; an identifier that the standard does not name belongs to a vendor."""
        raw = text.encode("ascii")
        kind = KIND_OF_NAME.get(name)
        if kind is None:
            value = float(text) if _NUMBER.fullmatch(text) else None
            return Element(name, None, value, None, raw)
        if name in _SERIES:
            return Element(CODES[kind.guide], name, None, self._hour(name, text), raw)
        if name == "ZT":
            return Element("45", name, float(int(self._hex(text, size=8), 16)), None, raw)
        return Element(CODES[kind.guide], name, self._number(text), None, raw)

    def _words(self) -> Iterator[str]:
        """Yield the words, which one space closes each."""
        start = 0
        while start < len(self.body):
            stop = self.body.find(b" ", start)
            if stop < 0:
                raise self._refused("the last space is missing", "")
            try:
                word = self.body[start:stop].decode("ascii")
            except UnicodeDecodeError:
                raise self._refused("not ASCII", "") from None
            if word:
                yield word
            start = stop + 1

    def _hour(self, name: str, text: str) -> tuple[float | None, ...]:
        """Return the values of DRP (24 hex characters) or DRZ1..DRZ8 (48)."""
        guide = KIND_OF_NAME[name].guide
        digits = self._hex(text, size=24 if guide == RAIN_GUIDE else 48)
        return read_series(guide, raw=bytes.fromhex(digits))

    def _number(self, text: str) -> float | None:
        if text == _MISSING:
            return None
        if _NUMBER.fullmatch(text):
            return float(text)
        raise self._refused("not a number", text)

    def _hex(self, text: str, *, size: int) -> str:
        if len(text) != size or not re.fullmatch("[0-9A-Fa-f]+", text):
            raise self._refused(f"not {size} hex characters", text)
        return text.upper()

    def _station_class(self, text: str) -> str:
        if text not in STATION_CLASSES:
            raise self._refused("no such station class", text)
        return text

    def _time(self, text: str) -> datetime:
        if not re.fullmatch(r"\d{10}", text, re.ASCII):
            raise self._refused("not a time", text)
        return read_minute(bytes.fromhex(text), offset=0)

    def _refused(self, message: str, word: str) -> FrameError:
        return BadText(message, offset=self.offset, data=word.encode("ascii") or self.body)
