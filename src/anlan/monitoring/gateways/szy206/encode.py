"""Encode SZY 206 frames: what a station sends, and what a centre answers."""

from collections.abc import Sequence
from datetime import datetime
from itertools import cycle
from typing import Final

from anlan.monitoring.gateways.sl651.codes import BEIJING

from .bcd import write_label, write_number
from .body import layouts_of
from .codes import (
    ALARM_REPORT,
    CHANGED_KINDS,
    END,
    LINK,
    RAIN_OF_PERIOD,
    REPORT,
    START,
    STATUS,
    WIND,
)
from .elements import FLOW_LAYOUT, RAIN_LAYOUT, WIND_SPEED_LAYOUT
from .errors import BadData, BadLength, NotSpoken
from .frame import checksum
from .readings import FlowUnit
from .values import Label, UpFrame

_LONGEST: Final = 0xFF
_UP: Final = 0x80
_HOURLY_BITS: Final = 0x30
_MINUS_BITS: Final = 0xC0


def encode_report(
    values: Sequence[float | None],
    *,
    station: str,
    kind: int,
    label: Label,
    alarm: int = 0,
    state: int = 0,
    counter: int = 3,
    function: int = REPORT,
    period: int = 0,
    flow_unit: FlowUnit = "m3/s",
) -> bytes:
    """Return a report of one kind; a label with a year makes it one of SL/T 427.

    `values` are those of each instrument in turn: a flow and a volume of a meter (in an alarm
    report the flow alone), speed and direction of the wind. `period` is the period byte of a
    statistical rain. `flow_unit` goes only into a frame of SL/T 427. Raises BadData where a
    value does not fit, NotSpoken for a kind that such a frame does not have.
    """
    if label.is_long and kind in CHANGED_KINDS:
        raise NotSpoken("SL/T 427 gives this kind another meaning")
    if kind == STATUS:
        body = b""
    elif kind == WIND:
        body = _wind(values)
    elif kind == RAIN_OF_PERIOD:
        body = bytes((period,)) + write_number(values[0], layout=RAIN_LAYOUT)
    else:
        unit = flow_unit if label.is_long else None
        body = _plain(values, kind=kind, function=function, flow_unit=unit)
    words = alarm.to_bytes(2, "little"), state.to_bytes(2, "little")
    is_alarm = function == ALARM_REPORT
    data = words[0] + body + words[1] if is_alarm else body + b"".join(words)
    return seal(
        data + write_label(label),
        control=_UP | counter << 4 | kind,
        station=station,
        function=function,
    )


def encode_link(link: int, *, station: str, counter: int = 3) -> bytes:
    """Return a link test: F0 login, F1 logout, F2 keep-alive."""
    return seal(bytes((link,)), control=_UP | counter << 4, station=station, function=LINK)


def encode_confirmation(frame: UpFrame, *, sent_at: datetime) -> bytes:
    """Return the centre's confirmation of a report or a link test.

    A link test gets its word back. A report gets the work mode that the station already has,
    because another one would switch it; where its label is long, the answer has one, too, from
    which the station sets its clock.
    """
    if frame.link is not None:
        data = bytes((frame.link,))
    else:
        data = bytes((frame.work_mode,))
        if frame.label is not None and frame.label.is_long:
            data += write_label(_label_of(sent_at))
    return seal(data, control=frame.counter << 4, station=frame.station, function=frame.function)


def seal(data: bytes, *, control: int, station: str, function: int) -> bytes:
    """Return data with start, header, checksum and end around them; `station` in ten hex digits.

    Raises BadLength where they are longer than one frame.
    """
    user = bytes((control,)) + bytes.fromhex(station) + bytes((function,)) + data
    if len(user) > _LONGEST:
        raise BadLength("a frame has at most 255 bytes between its head and its checksum")
    return bytes((START, len(user), START)) + user + bytes((checksum(user), END))


def _plain(
    values: Sequence[float | None], *, kind: int, function: int, flow_unit: FlowUnit | None
) -> bytes:
    layouts = layouts_of(kind, function=function, is_long=flow_unit is not None)
    if not values or not layouts or len(values) % len(layouts):
        raise BadData("no whole number of values")
    parts = []
    for value, layout in zip(values, cycle(layouts), strict=False):
        part = write_number(value, layout=layout)
        if layout is FLOW_LAYOUT and flow_unit and value is not None:
            part = part[:-1] + bytes((_with_unit(part[-1], flow_unit=flow_unit),))
        parts.append(part)
    return b"".join(parts)


def _with_unit(top: int, *, flow_unit: FlowUnit) -> int:
    """Return the highest byte of a flow as SL/T 427 has it: sign in two bits, unit in two."""
    sign = _MINUS_BITS if top >> 4 else 0
    return sign | (_HOURLY_BITS if flow_unit == "m3/h" else 0) | top & 15


def _wind(values: Sequence[float | None]) -> bytes:
    speed, direction = values
    data = write_number(speed, layout=WIND_SPEED_LAYOUT)
    if speed is None or direction is None:
        return write_number(None, layout=WIND_SPEED_LAYOUT)
    if direction not in range(9):
        raise BadData("no wind direction from 0 to 8")
    return data[:-1] + bytes((int(direction) << 4 | data[-1],))


def _label_of(moment: datetime) -> Label:
    local = moment.astimezone(BEIJING)
    return Label(local.second, local.minute, local.hour, local.day, local.month, local.year)
