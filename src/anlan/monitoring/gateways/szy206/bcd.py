"""Read and write the packed decimal fields of SZY 206, low byte first."""

import math
from typing import Final

from .elements import Layout
from .errors import BadBcd, BadData, BadTime
from .values import Label

_MINUS: Final = 0xF
_VOLUME_MINUS: Final = 8
SHORT_LABEL: Final = 5
LONG_LABEL: Final = 7
_CENTURY: Final = 2000
_SCALES: Final = (1.0, 10.0, 100.0, 1000.0)


def read_number(data: bytes, *, layout: Layout) -> float | None:
    """Return a value, or None where every byte is AA for "not measured". Raises BadBcd."""
    if data == b"\xaa" * layout.size:
        return None
    digits = data[::-1].hex()
    top = int(digits[0], 16)
    negative = False
    if layout.top == "sign":
        negative = top == _MINUS
        digits = ("0" if top in (0, _MINUS) else "x") + digits[1:]
    elif layout.top == "volume":
        negative = top >= _VOLUME_MINUS
        digits = f"{top % _VOLUME_MINUS}{digits[1:]}"
    elif layout.top == "zero" and top:
        raise BadBcd("a half-byte that is always 0", data=data)
    if not digits.isdecimal():
        raise BadBcd("no decimal digits", data=data)
    value = int(digits) / _SCALES[layout.decimals]
    return -value if negative else value


def write_number(value: float | None, *, layout: Layout) -> bytes:
    """Return a value as its layout writes it. Raises BadData where it does not fit."""
    if value is None:
        return b"\xaa" * layout.size
    if not math.isfinite(value):
        raise BadData(f"{value} is no value of {layout.element}")
    scaled = round(abs(value) * _SCALES[layout.decimals])
    digits = f"{scaled:0{2 * layout.size}d}"
    limit = {"digit": "9", "sign": "0", "zero": "0", "volume": "7"}[layout.top]
    signed = layout.top in ("sign", "volume")
    if len(digits) > 2 * layout.size or digits[0] > limit or (value < 0 and not signed):
        raise BadData(f"{value} does not fit {layout.element}")
    if value < 0 and scaled:
        top = _MINUS if layout.top == "sign" else int(digits[0]) + _VOLUME_MINUS
        digits = f"{top:x}{digits[1:]}"
    return bytes.fromhex(digits)[::-1]


def read_label(data: bytes) -> Label:
    """Return a time label of 5 or 7 bytes. Raises BadTime where it is no time of the calendar."""
    digits = data[:-1].hex()
    if not digits.isdecimal():
        raise BadTime("a time label that is not decimal", data=data)
    second, minute, hour, day, *rest = (int(digits[at : at + 2]) for at in range(0, len(digits), 2))
    label = Label(second, minute, hour, day, delay=data[-1])
    if len(data) == LONG_LABEL:
        label = label._replace(month=rest[0], year=_CENTURY + rest[1])
    if not label.is_of_calendar:
        raise BadTime("no time of the calendar", data=data)
    return label


def write_label(label: Label) -> bytes:
    """Return a time label, short or long as it is. Raises BadTime where it is no time."""
    parts = [label.second, label.minute, label.hour, label.day]
    if label.month is not None and label.year is not None:
        parts += [label.month, label.year - _CENTURY]
    if not all(0 <= part <= 99 for part in parts):
        raise BadTime("a part of a time label has two digits")
    data = bytes(int(f"{part:02d}", 16) for part in parts) + bytes((label.delay,))
    read_label(data)
    return data
