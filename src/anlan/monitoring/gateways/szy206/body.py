"""Read the values of a report, and the words around them.

Source of the layouts: `elements.py`; of the frame's parts: the package's docstring.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from .bcd import LONG_LABEL, SHORT_LABEL, read_label, read_number
from .codes import (
    ALARM_REPORT,
    CHANGED_KINDS,
    FLOW,
    RAIN_OF_PERIOD,
    STATUS,
    WATER_QUALITY,
    WIND,
)
from .elements import (
    FLOW_LAYOUT,
    LAYOUTS,
    LONG_VOLUME_LAYOUT,
    RAIN_LAYOUT,
    SINGLE_KINDS,
    WIND_DIRECTION,
    WIND_SPEED_LAYOUT,
    Layout,
    numbered,
    rain_of_period,
)
from .errors import BadData, FrameError, NotSpoken
from .values import Label, Number

_STATUS_SIZE: Final = 4
_HIGHEST_DIRECTION: Final = 8
_NO_LAYOUT: Final = {
    0: "a report of kind 0, which confirms and reports nothing",
    WATER_QUALITY: "water quality, whose parameters two sources number differently",
}
# Bits 5 and 4 of a flow's highest byte in SL/T 427; bits 7 and 6 are its sign.
_FLOW_UNITS: Final = {0: "m3/s", 3: "m3/h"}
_FLOW_SIGNS: Final = {0: 0x0, 3: 0xF}


class Report(NamedTuple):
    """What the data of AFN C0 or 81 hold; the fields are those of `UpFrame`."""

    period: int | None
    numbers: tuple[Number, ...]
    alarm: int
    state: int
    label: Label


def read_report(data: bytes, *, function: int, kind: int) -> Report:
    """Return the values, alarm and state words and time label of a report.

    The length of the label is not said; the one that leaves whole values is right. Raises
    NotSpoken where both do, or where no two sources agree on the kind.
    """
    if kind in _NO_LAYOUT:
        raise NotSpoken(_NO_LAYOUT[kind], data=data)
    found: list[Report] = []
    problem: FrameError = BadData("no whole number of values", data=data)
    sizes: tuple[int, ...] = (SHORT_LABEL, LONG_LABEL)
    if kind in CHANGED_KINDS:
        problem = NotSpoken("no such values in SZY 206, and the kind is another in SL/T 427")
        sizes = (SHORT_LABEL,)
    for size in sizes:
        if not _fits(len(data) - size - _STATUS_SIZE, function=function, kind=kind):
            continue
        try:
            found.append(_read(data, size=size, function=function, kind=kind))
        except FrameError as error:
            problem = error
    if len(found) > 1:
        raise NotSpoken("a report that both lengths of the time label fit", data=data)
    if not found:
        raise problem
    return found[0]


def layouts_of(kind: int, *, function: int, is_long: bool = False) -> tuple[Layout, ...]:
    """Return how the values of one instrument follow each other; `is_long` for SL/T 427."""
    if kind == FLOW and function == ALARM_REPORT:
        return (FLOW_LAYOUT,)
    if kind == FLOW and is_long:
        return (FLOW_LAYOUT, LONG_VOLUME_LAYOUT)
    return LAYOUTS.get(kind, ())


def _fits(size: int, *, function: int, kind: int) -> bool:
    """Tell whether values of a kind can fill so many bytes."""
    if kind == STATUS:
        return size == 0
    if kind in (WIND, RAIN_OF_PERIOD):
        return size == (WIND_SPEED_LAYOUT.size if kind == WIND else RAIN_LAYOUT.size + 1)
    group = sum(layout.size for layout in layouts_of(kind, function=function))
    return size == group if kind in SINGLE_KINDS else size > 0 and size % group == 0


def _read(data: bytes, *, size: int, function: int, kind: int) -> Report:
    label = read_label(data[-size:])
    rest = data[:-size]
    if function == ALARM_REPORT:
        rest = rest[2:-2] + rest[:2] + rest[-2:]
    body, status = rest[:-_STATUS_SIZE], rest[-_STATUS_SIZE:]
    period = None
    if kind == RAIN_OF_PERIOD:
        period, numbers = body[0], _period_rain(body, function=function)
    elif kind == WIND:
        numbers = _wind(body)
    else:
        layouts = layouts_of(kind, function=function, is_long=label.is_long)
        numbers = tuple(_plain(body, layouts=layouts, is_long=label.is_long))
    alarm, state = (int.from_bytes(status[at : at + 2], "little") for at in (0, 2))
    return Report(period, numbers, alarm, state, label)


def _plain(body: bytes, *, layouts: tuple[Layout, ...], is_long: bool) -> Iterator[Number]:
    """Yield the values of every instrument in turn."""
    at, number = 0, 1
    while at < len(body):
        for layout in layouts:
            part = body[at : at + layout.size]
            unit = layout.unit
            if layout is FLOW_LAYOUT and is_long:
                part, unit = _without_unit(part)
            name = numbered(layout.element, number=number)
            yield Number(name, read_number(part, layout=layout), unit)
            at += layout.size
        number += 1


def _without_unit(part: bytes) -> tuple[bytes, str]:
    """Return a flow of SL/T 427 with a plain sign, and its unit."""
    if part == b"\xaa" * len(part):
        return part, ""
    sign, unit = part[-1] >> 6, part[-1] >> 4 & 3
    if sign not in _FLOW_SIGNS or unit not in _FLOW_UNITS:
        raise BadData("no sign and unit of a flow", data=part)
    return part[:-1] + bytes((_FLOW_SIGNS[sign] << 4 | part[-1] & 15,)), _FLOW_UNITS[unit]


def _wind(body: bytes) -> tuple[Number, ...]:
    if body == b"\xaa" * len(body):
        return Number("US", None, "m/s"), Number(WIND_DIRECTION, None, "")
    direction = body[2] >> 4
    if direction > _HIGHEST_DIRECTION:
        raise BadData("no wind direction from 0 to 8", data=body)
    speed = read_number(body[:2] + bytes((body[2] & 15,)), layout=WIND_SPEED_LAYOUT)
    return (
        Number(WIND_SPEED_LAYOUT.element, speed, WIND_SPEED_LAYOUT.unit),
        Number(WIND_DIRECTION, float(direction), ""),
    )


def _period_rain(body: bytes, *, function: int) -> tuple[Number, ...]:
    element = rain_of_period(body[0])
    if function == ALARM_REPORT or element is None:
        raise NotSpoken("a statistical rain without a period, or in an alarm report", data=body)
    return (Number(element, read_number(body[1:], layout=RAIN_LAYOUT), RAIN_LAYOUT.unit),)
