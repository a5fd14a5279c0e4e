"""Draw the single numbers out of a message."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from .codes import DATA_COMMANDS
from .errors import BadTime
from .factors import unit_of
from .segment import read_time
from .values import Field, Frame, Reading

_REAL_TIME: Final = "Rtd"
_NUMBERS: Final = frozenset(
    (
        *(_REAL_TIME, "Min", "Avg", "Max", "Cou"),
        *("ZsRtd", "ZsMin", "ZsAvg", "ZsMax"),
        *("Data", "DayData", "NightData", "RS", "RT"),
    )
)
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?"
)


def readings(frame: Frame) -> tuple[Reading, ...]:
    """Return every number of an upload with its station, element, time and flag.

    Values of an instrument that is not in normal order are kept with their flag, and what is no
    number is kept as None. A real-time value whose sample was taken earlier (SampleTime) has
    that time. A command without measured values, or without a DataTime, has none; a later packet
    may lack its DataTime, so packets are joined first.
    """
    if frame.command not in DATA_COMMANDS:
        return ()
    found: list[Reading] = []
    moment: datetime | None = None
    for item in frame.items:
        said = dict(item)
        if "DataTime" in said:
            moment = read_time(said["DataTime"])
        if moment is not None:
            found.extend(_of_item(item, said=said, moment=moment, frame=frame))
    return tuple(found)


def _of_item(
    item: tuple[Field, ...], *, said: dict[str, str], moment: datetime, frame: Frame
) -> Iterator[Reading]:
    for name, text in item:
        factor, _, kind = name.rpartition("-")
        if not factor or kind not in _NUMBERS:
            continue
        element, observed_at = name, moment
        if kind == _REAL_TIME:
            element = factor
            observed_at = _sampled_at(said.get(f"{factor}-SampleTime")) or moment
        yield Reading(
            station=frame.station,
            element=element,
            observed_at=observed_at,
            value=_number(text),
            unit=unit_of(factor, kind=kind, system=frame.system),
            flag=said.get(f"{factor}-Flag"),
            span=DATA_COMMANDS[frame.command],
        )


def _sampled_at(text: str | None) -> datetime | None:
    """Return the time of a sample; None where the device has taken none yet (zeros)."""
    try:
        return read_time(text) if text else None
    except BadTime:
        return None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None
