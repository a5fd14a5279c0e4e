"""Draw the single numbers out of a frame."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from .codes import STATUS_QUERY
from .elements import KIND_OF_NAME
from .values import Element, Observation, RawReading, UpFrame

_FIVE_MINUTES: Final = timedelta(minutes=5)
_UNITS: Final[dict[str | None, str]] = {name: kind.unit for name, kind in KIND_OF_NAME.items()}
_HOUR_SERIES: Final = frozenset(("F4", *(f"F{digit}" for digit in "56789ABC")))
_NO_NUMBERS: Final = frozenset(("F2", "F3", "FD"))


def readings(frame: UpFrame) -> tuple[RawReading, ...]:
    """Return every number of a report with its station, element and time.

    The twelve values of DRP come as twelve PN05 readings, each at the end of its five minutes;
    those of DRZ1..DRZ8 keep their name, because they are relative to the station's base level.
    A step of a series that lay in the future when the report was sent, and is empty, is left out.
    """
    found: list[RawReading] = []
    for observation in frame.observations:
        moment = observation.observed_at
        if moment is None:
            # The answer to a status query tells the state at the time of sending.
            moment = frame.sent_at if frame.function == STATUS_QUERY else None
        if moment is None:
            continue
        station = observation.station
        for element in observation.elements:
            if element.values is not None:
                found.extend(_series(element, observation, frame.sent_at))
            elif element.code not in _NO_NUMBERS:
                name = element.name
                found.append(
                    RawReading(
                        station,
                        name or element.code,
                        moment,
                        element.value,
                        _UNITS.get(name, ""),
                    )
                )
    return tuple(found)


def step_length(step: str) -> timedelta:
    """Return how long the d, h, m digits of a time step are; zero for "000000"."""
    return timedelta(days=int(step[:2]), hours=int(step[2:4]), minutes=int(step[4:]))


def first_five_minutes(observed_at: datetime) -> datetime:
    """Return the end of the first five minutes of an hour series.

    The standard stamps a series with that end (minute 05). Real devices also stamp it with the
    time of the report: then it covers the clock hour that holds this time, and a time on the hour
    closes the hour before.
    """
    hour = observed_at.replace(minute=0)
    if observed_at.minute == 0:
        hour -= timedelta(hours=1)
    return hour + _FIVE_MINUTES


def _series(
    element: Element, observation: Observation, sent_at: datetime | None
) -> Iterator[RawReading]:
    """Yield the values of a series at their times."""
    moment = observation.observed_at
    if moment is None or element.values is None:
        return
    step = step_length(observation.step or "000000")
    if element.code in _HOUR_SERIES and step != _FIVE_MINUTES:
        moment, step = first_five_minutes(moment), _FIVE_MINUTES
    name = "PN05" if element.code == "F4" else element.name or element.code
    unit = _UNITS.get(element.name, "")
    for value in element.values:
        if value is not None or sent_at is None or moment <= sent_at:
            yield RawReading(observation.station, name, moment, value, unit)
        moment += step
