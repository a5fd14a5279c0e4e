"""Encode SL 651-2014 frames: what a station sends, and what a centre answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from fastcrc import crc16

from .bcd import write_minute, write_number, write_time
from .codes import (
    ELEMENT_FUNCTIONS,
    ENQ,
    EOT,
    ESC,
    ETB,
    ETX,
    KEEP_ALIVE,
    MANUAL_QUERY,
    MANUAL_REPORT,
    NAK,
    PICTURE_REPORT,
    STATION_CLASSES,
    STX,
    SYN,
    UNIFORM_FUNCTIONS,
)
from .elements import KIND_OF_NAME
from .values import Encoding, UpFrame

_MAX_BODY: Final = 4095
_DOWN: Final = 0x8000
_modbus = crc16.modbus


class Sender(NamedTuple):
    """The header fields that a station's frames share: addresses as hex digits."""

    center: int
    station: str
    password: str
    station_class: str


class ReportElement(NamedTuple):
    """One number to report; None says "no data".

    `size` in bytes and `decimals` are the element's usual ones unless given.
    """

    name: str
    value: float | None
    size: int | None = None
    decimals: int | None = None


class HourSeries(NamedTuple):
    """Twelve five-minute values of an hour; `observed_at` is the end of the first five minutes.

    `name` is DRP (rain in mm, at most 25.4 a value) or DRZ1..DRZ8 (relative level in m).
    """

    name: str
    values: Sequence[float | None]
    observed_at: datetime


def _usual_heads() -> dict[str, tuple[str, int, int]]:
    """Return guide and definition in hex, size and decimals of every plain element, by name."""
    return {
        kind.name: (
            f"{kind.guide:02X}{kind.size << 3 | kind.decimals:02X}",
            kind.size,
            kind.decimals,
        )
        for kind in KIND_OF_NAME.values()
        if 0 < kind.size < 12
    }


_HEADS: Final = _usual_heads()


def encode_report(
    function: int,
    *,
    sender: Sender,
    serial: int,
    sent_at: datetime,
    observed_at: datetime,
    elements: Sequence[ReportElement | HourSeries],
) -> bytes:
    """Return a report of numbers (functions 30, 32, 33, 34, 37, 3A) as one HEX/BCD frame.

    Raises ValueError for a function, name or class that has no such form, and OverflowError for
    a value that its bytes cannot hold.
    """
    if function not in ELEMENT_FUNCTIONS or function in UNIFORM_FUNCTIONS:
        raise ValueError(f"function {function:02X} is no report of numbers")
    current = observed_at
    if elements and isinstance(elements[0], HourSeries):
        current = elements[0].observed_at
    body = _opening(sender, serial=serial, sent_at=sent_at, observed_at=current)
    for element in elements:
        moment = element.observed_at if isinstance(element, HourSeries) else observed_at
        if moment is not current:
            body += "F0F0" + write_minute(moment)
            current = moment
        body += _group(element)
    return _frame_up(sender, function=function, body=body)


def encode_uniform_report(
    *,
    sender: Sender,
    serial: int,
    sent_at: datetime,
    observed_at: datetime,
    step: str,
    name: str,
    values: Sequence[float | None],
) -> bytes:
    """Return a report of one element at a uniform step (function 31).

    `observed_at` is the time of the first value and `step` the digits ddhhmm, such as "000100".
    """
    head, size, decimals = _HEADS[name]
    digits = "".join(write_number(value, size=size, decimals=decimals) for value in values)
    opening = _opening(sender, serial=serial, sent_at=sent_at, observed_at=observed_at)
    return _frame_up(sender, function=0x31, body=f"{opening}0418{step}{head}{digits}")


def encode_keep_alive(*, sender: Sender, serial: int, sent_at: datetime) -> bytes:
    """Return the frame that keeps a link open; its serial number is the last report's."""
    return _frame_up(sender, function=KEEP_ALIVE, body=f"{serial:04X}{write_time(sent_at)}")


def encode_manual_report(
    text: str, *, sender: Sender, serial: int, sent_at: datetime, function: int = MANUAL_REPORT
) -> bytes:
    """Return a manual entry (function 35, or 39 in answer to a query) with its SL 330 text."""
    if function not in (MANUAL_REPORT, MANUAL_QUERY):
        raise ValueError(f"function {function:02X} is no manual entry")
    opening = f"{serial:04X}{write_time(sent_at)}F2F2"
    return _frame_up(sender, function=function, body=opening + text.encode("ascii").hex())


def encode_picture(
    picture: bytes,
    *,
    sender: Sender,
    serial: int,
    sent_at: datetime,
    observed_at: datetime,
    part_size: int = 1024,
) -> list[bytes]:
    """Return the packets that carry a picture (function 36, transfer mode M3)."""
    parts = [picture[at : at + part_size] for at in range(0, len(picture), part_size)] or [b""]
    opening = _opening(sender, serial=serial, sent_at=sent_at, observed_at=observed_at)
    packets = []
    for number, part in enumerate(parts, start=1):
        prefix = f"{opening}F3F3" if number == 1 else ""
        body = f"{len(parts):03X}{number:03X}{prefix}{part.hex()}"
        end = ETX if number == len(parts) else ETB
        packets.append(_frame_up(sender, function=PICTURE_REPORT, body=body, start=SYN, end=end))
    return packets


def encode_command(
    function: int,
    *,
    station: str,
    center: int,
    password: str,
    serial: int,
    sent_at: datetime,
    parameters: bytes = b"",
    encoding: Encoding = "HEX",
) -> bytes:
    """Return a query or command of the centre as one frame that ends with ENQ.

    `parameters` stand as they are sent: BCD in a HEX frame, words in an ASCII one.
    """
    opening = f"{serial:04X}{write_time(sent_at)}"
    head = f"{station}{center:02X}{password}{function:02X}"
    if encoding == "ASCII":
        body = opening + parameters.decode("ascii")
        return _seal_text(head, body=body, start=STX, end=ENQ)
    body = opening + parameters.hex()
    return _seal(f"7E7E{head}", body=body, direction=_DOWN, start=STX, end=ENQ)


def encode_answer(
    function: int, *, sender: Sender, serial: int, sent_at: datetime, rest: bytes = b""
) -> bytes:
    """Return a station's answer to a command that asks for no numbers (functions 40 to 51).

    The body names the station, and `rest` follows it: parameters, a version, nothing.
    """
    body = f"{serial:04X}{write_time(sent_at)}F1F1{sender.station}{rest.hex()}"
    return _frame_up(sender, function=function, body=body)


def encode_confirmation(
    frame: UpFrame, *, sent_at: datetime, stay_online: bool, serial: int | None = None
) -> bytes:
    """Return the centre's confirmation of a report, in the report's own encoding.

    It repeats the report's serial number. It ends with ESC, which keeps the station on the link,
    or with EOT, which lets it go. A multi-packet transfer is confirmed once, by its last packet;
    `serial` is then the first packet's. Raises ValueError for a keep-alive, which has no answer,
    and for a packet whose serial number is not known.
    """
    if frame.function == KEEP_ALIVE:
        raise ValueError("a keep-alive is not answered")
    return _answer(
        frame,
        end=ESC if stay_online else EOT,
        sent_at=sent_at,
        serial=serial,
        packet=frame.packets,
    )


def encode_resend_request(frame: UpFrame, *, packet: int, serial: int, sent_at: datetime) -> bytes:
    """Return the centre's demand (NAK) that a station sends one packet of its transfer again."""
    if frame.packets is None or not 1 <= packet <= frame.packets:
        raise ValueError("no such packet in this transfer")
    return _answer(frame, end=NAK, sent_at=sent_at, serial=serial, packet=packet)


def _answer(
    frame: UpFrame, *, end: int, sent_at: datetime, serial: int | None, packet: int | None
) -> bytes:
    number = frame.serial if serial is None else serial
    if number is None:
        raise ValueError("the serial number stands in the first packet: pass it")
    body = f"{number:04X}{write_time(sent_at)}"
    if frame.packets is not None:
        body = f"{frame.packets:03X}{packet:03X}{body}"
    start = STX if frame.packets is None else SYN
    head = f"{frame.station}{frame.center:02X}{frame.password}{frame.function:02X}"
    if frame.encoding == "ASCII":
        return _seal_text(head, body=body, start=start, end=end)
    return _seal("7E7E" + head, body=body, direction=_DOWN, start=start, end=end)


def _opening(sender: Sender, *, serial: int, sent_at: datetime, observed_at: datetime) -> str:
    """Return serial number, send time, station and observation time in hex."""
    if sender.station_class not in STATION_CLASSES:
        raise ValueError(f"no station class {sender.station_class!r}")
    return (
        f"{serial:04X}{write_time(sent_at)}F1F1{sender.station}{ord(sender.station_class):02X}"
        f"F0F0{write_minute(observed_at)}"
    )


def _group(element: ReportElement | HourSeries) -> str:
    """Return an element group in hex."""
    return _series_group(element) if isinstance(element, HourSeries) else _number_group(element)


def _number_group(element: ReportElement) -> str:
    """Return guide, definition and digits of a number in hex."""
    name, value, size, decimals = element
    usual = _HEADS.get(name)
    if usual is None:
        raise ValueError(f"no element {name!r}")
    head, usual_size, usual_decimals = usual
    if size is None and decimals is None:
        try:
            return head + write_number(value, size=usual_size, decimals=usual_decimals)
        except OverflowError:
            if value is None or value >= 0:
                raise
            # The sign of a negative number takes a byte of its own.
            size = usual_size + 1
    size = usual_size if size is None else size
    decimals = usual_decimals if decimals is None else decimals
    digits = write_number(value, size=size, decimals=decimals)
    return f"{head[:2]}{size << 3 | decimals:02X}{digits}"


def _series_group(series: HourSeries) -> str:
    """Return guide, definition and the twelve values of an hour in hex."""
    kind = KIND_OF_NAME.get(series.name)
    if kind is None or kind.size not in (12, 24):
        raise ValueError(f"{series.name!r} is no series of an hour")
    if len(series.values) != 12:
        raise ValueError("an hour has twelve values of five minutes")
    width = kind.size // 6
    highest = 16**width - 2
    scale = 10**kind.decimals
    digits = []
    for value in series.values:
        scaled = highest + 1 if value is None else round(value * scale)
        if value is not None and not 0 <= scaled <= highest:
            raise OverflowError(f"{value} does not fit in {series.name}")
        digits.append(f"{scaled:0{width}X}")
    return f"{kind.guide:02X}{'60' if kind.size == 12 else 'C0'}{''.join(digits)}"


def _frame_up(
    sender: Sender, *, function: int, body: str, start: int = STX, end: int = ETX
) -> bytes:
    head = f"7E7E{sender.center:02X}{sender.station}{sender.password}{function:02X}"
    return _seal(head, body=body, direction=0, start=start, end=end)


def _seal(head: str, *, body: str, direction: int, start: int, end: int) -> bytes:
    """Return the frame of a head and a body in hex, with its length and checksum."""
    length = len(body) // 2
    if length > _MAX_BODY:
        raise OverflowError("the body is longer than one frame can hold")
    data = bytes.fromhex(f"{head}{direction | length:04X}{start:02X}{body}{end:02X}")
    return data + _modbus(data).to_bytes(2, "big")


def _seal_text(head: str, *, body: str, start: int, end: int) -> bytes:
    """Return the downward ASCII-coded frame of a head and a body, with length and checksum."""
    text = f"{head}{_DOWN | len(body):04X}".encode("ascii")
    data = b"\x01" + text + bytes((start,)) + body.encode("ascii") + bytes((end,))
    return data + f"{_modbus(data):04X}".encode("ascii")
