"""What becomes of each reading that another program sends, before and after it is stored."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from anlan.monitoring.core.intake import FUTURE_TOLERANCE, OLDEST
from anlan.monitoring.gateways.sl651.values import RawReading


class Fate(StrEnum):
    """What became of a reading."""

    STORED = "stored"
    THERE = "there"
    OTHER_VALUE = "other_value"
    NO_STATION = "no_station"
    NO_ELEMENT = "no_element"
    FUTURE = "future"
    TOO_OLD = "too_old"


GOOD = frozenset({Fate.STORED, Fate.THERE})


class Outcome(NamedTuple):
    """The fate of a reading; `there` is the value that stands in its place already."""

    reading: RawReading
    fate: Fate
    there: float | None = None


Key = tuple[str, str, datetime]


def key_of(reading: RawReading) -> Key:
    """Return what a reading is known by."""
    return reading.station, reading.element, reading.observed_at


def outcomes_of(
    readings: Sequence[RawReading],
    *,
    elements: Mapping[str, Collection[str]],
    there: Mapping[Key, float],
    now: datetime,
) -> list[Outcome]:
    """Return the fate of each reading; `elements` holds what each station in reach may send.

    `there` holds the values that are stored. Of two readings of one moment the first counts.
    """
    standing = dict(there)
    found = []
    for reading in readings:
        outcome = _outcome(reading, elements=elements, there=standing, now=now)
        if outcome.fate is Fate.STORED and reading.value is not None:
            standing[key_of(reading)] = reading.value
        found.append(outcome)
    return found


def _outcome(
    reading: RawReading,
    *,
    elements: Mapping[str, Collection[str]],
    there: Mapping[Key, float],
    now: datetime,
) -> Outcome:
    if reading.station not in elements:
        return Outcome(reading, Fate.NO_STATION)
    if reading.element not in elements[reading.station]:
        return Outcome(reading, Fate.NO_ELEMENT)
    if reading.observed_at > now + FUTURE_TOLERANCE:
        return Outcome(reading, Fate.FUTURE)
    if reading.observed_at < now - OLDEST:
        return Outcome(reading, Fate.TOO_OLD)
    before = there.get(key_of(reading))
    if before is None:
        return Outcome(reading, Fate.STORED)
    return Outcome(reading, Fate.THERE if before == reading.value else Fate.OTHER_VALUE, before)
