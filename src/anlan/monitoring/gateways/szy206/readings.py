"""Draw the single numbers out of a frame."""

from datetime import datetime
from typing import Final, Literal

from anlan.monitoring.gateways.sl651.values import RawReading

from .elements import FLOW_LAYOUT
from .values import Number, UpFrame

FlowUnit = Literal["m3/s", "m3/h"]

_DISCHARGE: Final = "Q"
_SECONDS_OF_HOUR: Final = 3600


def readings(
    frame: UpFrame, *, received_at: datetime, flow_unit: FlowUnit | None = None
) -> tuple[RawReading, ...]:
    """Return every number of a report with its station, element and time.

    A flow becomes Q in m3/s where its unit is known: from the frame (SL/T 427), or as
    `flow_unit`, which the two ends arranged (SZY 206). Else it stays SZY-FLOW without a unit.
    A link test, and a short label whose day no month of the last half year has, give none.
    """
    if frame.label is None:
        return ()
    try:
        moment = frame.label.moment(received_at=received_at)
    except ValueError:
        return ()
    return tuple(
        RawReading(frame.station, number.element, moment, number.value, number.unit)
        for number in (_with_unit(number, flow_unit=flow_unit) for number in frame.numbers)
    )


def _with_unit(number: Number, *, flow_unit: FlowUnit | None) -> Number:
    base, dot, count = number.element.partition(".")
    unit = number.unit or flow_unit
    if base != FLOW_LAYOUT.element or not unit:
        return number
    value = number.value
    if value is not None and unit == "m3/h":
        value /= _SECONDS_OF_HOUR
    return Number(f"{_DISCHARGE}{dot}{count}", value, "m3/s")
