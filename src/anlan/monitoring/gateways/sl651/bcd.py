"""Turn binary-coded decimals into numbers and times, and back."""

from datetime import datetime
from typing import Final

from .codes import BEIJING
from .errors import BadBcd, BadLength, BadTime

SCALES: Final[tuple[int, ...]] = (1, 10, 100, 1000, 10**4, 10**5, 10**6, 10**7)
_FILLED: Final = tuple(b"\xff" * size for size in range(32))
_AA_FILLED: Final = tuple(b"\xaa" * size for size in range(32))
# Beyond every calendar field, so that `datetime` refuses what is not decimal.
_NOT_DECIMAL: Final = 100_000
_PAIRS: Final = tuple(f"{number:02d}" for number in range(100))
_DIGITS: Final = tuple(
    10 * (byte >> 4) + (byte & 15) if byte >> 4 < 10 and byte & 15 < 10 else _NOT_DECIMAL
    for byte in range(256)
)


def is_missing(data: bytes) -> bool:
    """Return whether the data says "no data": all FF by the standard, all AA by real devices."""
    size = len(data)
    return data == _FILLED[size] or data == _AA_FILLED[size]


def read_number(data: bytes, *, decimals: int, offset: int = 0) -> float | None:
    """Return the value of 1 to 31 BCD bytes, or None where they say "no data".

    A first byte FF makes the number negative (FF 01 23 with 1 decimal is -12.3). Raises BadBcd
    for anything but decimal digits and BadLength for no bytes. Source: SL 651-2014 6.6.2.
    """
    try:
        return int(data.hex()) / SCALES[decimals]
    except ValueError:
        pass
    if not data:
        raise BadLength("an element without data", offset=offset, data=data)
    if is_missing(data):
        return None
    if data[0] == 0xFF:
        try:
            return -int(data[1:].hex()) / SCALES[decimals]
        except ValueError:
            pass
    raise BadBcd("not decimal digits", offset=offset, data=data)


def write_number(value: float | None, *, size: int, decimals: int) -> str:
    """Return the hex digits of a value in `size` BCD bytes; all F for None.

    Raises OverflowError where the value has too many digits for its bytes.
    """
    width = 2 * size
    if value is None:
        return "F" * width
    scaled = round(value * SCALES[decimals])
    digits = str(scaled).zfill(width) if scaled >= 0 else "FF" + str(-scaled).zfill(width - 2)
    if len(digits) != width:
        raise OverflowError(f"{value} with {decimals} decimals does not fit in {size} bytes")
    return digits


def read_time(data: bytes, *, offset: int) -> datetime:
    """Return the Beijing time of the 6 BCD bytes YYMMDDHHmmSS at the offset; raise BadTime."""
    try:
        return datetime(
            2000 + _DIGITS[data[offset]],
            _DIGITS[data[offset + 1]],
            _DIGITS[data[offset + 2]],
            _DIGITS[data[offset + 3]],
            _DIGITS[data[offset + 4]],
            _DIGITS[data[offset + 5]],
            tzinfo=BEIJING,
        )
    except (ValueError, IndexError):
        raise _bad_time(data, offset=offset, size=6) from None


def read_minute(data: bytes, *, offset: int) -> datetime:
    """Return the Beijing time of the 5 BCD bytes YYMMDDHHmm at the offset; raise BadTime."""
    try:
        return datetime(
            2000 + _DIGITS[data[offset]],
            _DIGITS[data[offset + 1]],
            _DIGITS[data[offset + 2]],
            _DIGITS[data[offset + 3]],
            _DIGITS[data[offset + 4]],
            tzinfo=BEIJING,
        )
    except (ValueError, IndexError):
        raise _bad_time(data, offset=offset, size=5) from None


def _bad_time(data: bytes, *, offset: int, size: int) -> BadTime:
    """Return the error that shows the bytes of a time stamp."""
    return BadTime("not a time", offset=offset, data=bytes(data[offset : offset + size]))


def write_minute(moment: datetime) -> str:
    """Return YYMMDDHHmm in Beijing time; raises ValueError for a time without a zone."""
    local = _beijing(moment)
    return (
        _PAIRS[local.year % 100]
        + _PAIRS[local.month]
        + _PAIRS[local.day]
        + _PAIRS[local.hour]
        + _PAIRS[local.minute]
    )


def write_time(moment: datetime) -> str:
    """Return YYMMDDHHmmSS in Beijing time; raises ValueError for a time without a zone."""
    return write_minute(moment) + _PAIRS[moment.second]


def _beijing(moment: datetime) -> datetime:
    if moment.tzinfo is BEIJING:
        return moment
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(BEIJING)
