"""What the centre asks of a station, and what the station's answer says.

Source: SL 651-2014 6.6.4 and annexes C and D. The parameters of table D.4 and the answers were
checked on recorded frames (specimens S10 to S17, S21, S23 and S39 to S56).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from .bcd import SCALES
from .codes import (
    CLOCK_QUERY,
    CLOCK_SETTING,
    ELEMENT_QUERY,
    PICTURE_REPORT,
    PRESENT_QUERY,
    RUNNING_SETTING,
    STATUS_QUERY,
    VERSION_QUERY,
)
from .elements import KIND_OF_NAME
from .readings import readings
from .values import Encoding, UpFrame

FUNCTIONS: Final[Mapping[str, int]] = {
    "present": PRESENT_QUERY,
    "elements": ELEMENT_QUERY,
    "picture": PICTURE_REPORT,
    "clock": CLOCK_QUERY,
    "version": VERSION_QUERY,
    "status": STATUS_QUERY,
    "interval": RUNNING_SETTING,
    "set_clock": CLOCK_SETTING,
}
# Table D.4: one BCD byte each; 定时报时间间隔 in hours, 加报时间间隔 in minutes.
REPORT_HOURS: Final = 0x20
EXTRA_MINUTES: Final = 0x21
_ONE_BYTE: Final = 0x08
_PARAMETERS: Final = {REPORT_HOURS: "report_hours", EXTRA_MINUTES: "extra_minutes"}
_SERIES_DEFINITIONS: Final = {12: 0x60, 24: 0xC0}
# The status word from its lowest bit; bits 7, 9 and 10 say what is, not what is wrong.
STATUS_BITS: Final = (
    "mains off",
    "battery low",
    "level alarm",
    "discharge alarm",
    "quality alarm",
    "flow meter fault",
    "level gauge fault",
    "door closed",
    "memory fault",
    "card valid",
    "pump stopped",
    "remaining water alarm",
)
_ADDRESS: Final = 7
CLOCK_STEP_S: Final = 300.0  # a clock that is off by more takes two settings (6.6.4.24)


class NotInThisEncoding(ValueError):
    """A command that cannot be put into the encoding of the link."""


def is_interval(minutes: int | None) -> bool:
    """Tell whether a station can be told this interval: minutes of an hour, or full hours."""
    if minutes is None:
        return False
    return 1 <= minutes < 60 or (minutes % 60 == 0 and 60 <= minutes <= 24 * 60)


def parameters_of(function: int, *, words: Mapping[str, Any], encoding: Encoding = "HEX") -> bytes:
    """Return the parameters of a command as they follow its time, from the words that ask.

    `words` are {"elements": [names]} for named elements and {"minutes": n} for an interval. The
    clock is set by the time of sending itself. Raises NotInThisEncoding where an ASCII link has
    no known form for it.
    """
    if function == ELEMENT_QUERY:
        names: Sequence[str] = words["elements"]
        if encoding == "ASCII":
            return "".join(f"{name} " for name in names).encode("ascii")
        return b"".join(_identifier(name) for name in names)
    if function == RUNNING_SETTING:
        if encoding == "ASCII":
            raise NotInThisEncoding("parameters are set on a HEX link")
        minutes = int(words["minutes"])
        if minutes < 60:
            return bytes((EXTRA_MINUTES, _ONE_BYTE, _bcd(minutes)))
        return bytes((REPORT_HOURS, _ONE_BYTE, _bcd(minutes // 60)))
    return b""


def elements_named(names: Iterable[str]) -> list[str]:
    """Return those of the names that can be asked for in a query of elements."""
    return [
        name for name in names if (kind := KIND_OF_NAME.get(name)) and kind.size and kind.guide != 4
    ]


def answer_words(frame: UpFrame, *, received_at: datetime) -> dict[str, Any]:
    """Return what an answer says in plain words, for the page that shows it."""
    rest = frame.rest[_ADDRESS:]
    if frame.function in (PRESENT_QUERY, ELEMENT_QUERY):
        return {
            "values": [
                {
                    "element": reading.element,
                    "value": reading.value,
                    "unit": reading.unit,
                    "observed_at": reading.observed_at.isoformat(),
                }
                for reading in readings(frame)
            ]
        }
    if frame.function in (CLOCK_QUERY, CLOCK_SETTING) and frame.sent_at is not None:
        drift = (frame.sent_at - received_at).total_seconds()
        return {"clock": frame.sent_at.isoformat(), "drift_s": round(drift, 1)}
    if frame.encoding == "ASCII":
        return {"text": frame.rest.decode("ascii", "replace").strip()}
    if frame.function == RUNNING_SETTING:
        return _running(rest)
    if frame.function == VERSION_QUERY:
        return {"version": rest[1 : 1 + rest[0]].decode("gb18030", "replace") if rest else ""}
    return _status(frame) if frame.function == STATUS_QUERY else {}


def is_clock_set(frame: UpFrame, *, received_at: datetime) -> bool:
    """Tell whether the answer to a clock setting comes from a clock that was set.

    Stations refuse the first setting when their clock was far off, and take the second.
    """
    if frame.function != CLOCK_SETTING or frame.sent_at is None:
        return True
    return abs((frame.sent_at - received_at).total_seconds()) <= CLOCK_STEP_S


def _identifier(name: str) -> bytes:
    kind = KIND_OF_NAME[name]
    definition = _SERIES_DEFINITIONS.get(kind.size, kind.size << 3 | kind.decimals)
    return bytes((kind.guide, definition))


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10


def _running(rest: bytes) -> dict[str, Any]:
    """Return the running parameters that the answer repeats; those without a name by their code."""
    found: dict[str, Any] = {}
    at = 0
    while at + 2 <= len(rest):
        guide, definition = rest[at], rest[at + 1]
        digits = rest[at + 2 : at + 2 + (definition >> 3)].hex()
        value = int(digits) / SCALES[definition & 7] if digits.isdecimal() else None
        found[_PARAMETERS.get(guide, f"{guide:02X}")] = value
        at += 2 + (definition >> 3)
    return found


def _status(frame: UpFrame) -> dict[str, Any]:
    for observation in frame.observations:
        for element in observation.elements:
            if element.value is not None:
                word = int(element.value)
                bits = [name for bit, name in enumerate(STATUS_BITS) if word >> bit & 1]
                return {"word": f"{word:08X}", "status": bits}
    return {}
