"""What a rule says, as its form gives it, and what is wrong with it."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

from anlan.monitoring.core.rings import LONGEST, SLOT_S
from anlan.monitoring.data import Measure

SLOT_MIN: Final = SLOT_S // 60
LONGEST_MIN: Final = LONGEST * SLOT_MIN
LONGEST_HOLD_MIN: Final = 1_440
MOST_CONDITIONS: Final = 400
LONGEST_SOURCE: Final = 120
LONGEST_NAME: Final = 80

# Amounts that may be summed up; a running total or a level may not.
AMOUNTS: Final = frozenset(
    {"PN01", "PN05", "PN10", "PN30", "P1", "P2", "P3", "P6", "P12", "PD", "ED"}
)
WINDOWED: Final = frozenset({Measure.SUM, Measure.RISE, Measure.FALL, Measure.MEAN})
_OF_AMOUNTS: Final = frozenset({Measure.SUM, Measure.ANTECEDENT})
_POSITIVE: Final = frozenset({Measure.SUM, Measure.RISE, Measure.FALL, Measure.ANTECEDENT})
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Condition:
    """One row of a rule: a colour is reached where a measure of an element is at or over a value.

    `station_id` empty means every station that speaks for the hazard; `measured_at_id` empty means
    at the station itself. Rows of one colour with the same letter hold only `together`.
    """

    colour: int
    measure: Measure
    element: str
    value: float
    window_min: int = 0
    together: str = ""
    station_id: int | None = None
    measured_at_id: int | None = None
    season_from: str = ""
    season_until: str = ""


@dataclass(frozen=True)
class RuleText:
    """All that a version of a rule says; a version in force says it for good."""

    source: str
    conditions: tuple[Condition, ...]
    for_min: int = 0
    stations_needed: int = 1
    falls_to: float = 0.9
    falls_by: float = 0.1
    clear_after_min: int = 60


class RuleFault(StrEnum):
    """What may be wrong with a rule."""

    NO_SOURCE = "no source"
    NO_CONDITION = "no condition"
    TOO_MANY = "too many conditions"
    FOR_MIN = "minutes"
    TOO_LONG = "minutes and window"
    NEEDED = "stations needed"
    FALLS_TO = "falls to"
    FALLS_BY = "falls by"
    CLEAR_AFTER = "clear after"
    ELEMENT = "unknown element"
    NOT_AN_AMOUNT = "no amount"
    AN_AMOUNT = "an amount"
    NOT_PN05 = "antecedent rain of another element"
    WINDOW = "window"
    NO_NUMBER = "no number"
    NOT_POSITIVE = "not positive"
    TOGETHER = "letter"
    ALONE = "a letter of one row"
    SEASON = "season"
    HALF_SEASON = "half a season"
    TWICE = "twice"
    ORDER = "order of colours"
    STATION = "station out of sight"


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which row (from 1; 0 is the rule itself) and field, with what to say."""

    kind: RuleFault
    row: int
    field: str
    value: object = ""
    other: object = ""


def faults_of(
    text: RuleText, *, elements: Collection[str], stations: Collection[int]
) -> list[Fault]:
    """Return all that is wrong with a rule.

    `elements` are the codes that there are, `stations` those that the rule may name.
    """
    found = list(_of_the_rule(text))
    for row, condition in enumerate(text.conditions, start=1):
        found += _of_a_row(condition, row=row, elements=elements, stations=stations)
    return [*found, *_alone(text.conditions), *_in_order(text.conditions)]


def _of_the_rule(text: RuleText) -> Iterator[Fault]:
    if not text.source.strip() or len(text.source) > LONGEST_SOURCE:
        yield Fault(RuleFault.NO_SOURCE, 0, "source", LONGEST_SOURCE)
    if not text.conditions:
        yield Fault(RuleFault.NO_CONDITION, 0, "conditions")
    if len(text.conditions) > MOST_CONDITIONS:
        yield Fault(RuleFault.TOO_MANY, 0, "conditions", len(text.conditions), MOST_CONDITIONS)
    if not _is_whole(text.for_min, most=LONGEST_HOLD_MIN):
        yield Fault(RuleFault.FOR_MIN, 0, "for_min", text.for_min, LONGEST_HOLD_MIN)
    longest = max((each.window_min for each in text.conditions), default=0)
    if text.for_min + longest > LONGEST_MIN:
        yield Fault(RuleFault.TOO_LONG, 0, "for_min", text.for_min + longest, LONGEST_MIN)
    if text.stations_needed < 1:
        yield Fault(RuleFault.NEEDED, 0, "stations_needed", text.stations_needed)
    if not 0 < text.falls_to <= 1:
        yield Fault(RuleFault.FALLS_TO, 0, "falls_to", text.falls_to)
    if not 0 <= text.falls_by <= 1_000:
        yield Fault(RuleFault.FALLS_BY, 0, "falls_by", text.falls_by)
    if not 0 <= text.clear_after_min <= LONGEST_HOLD_MIN:
        yield Fault(
            RuleFault.CLEAR_AFTER, 0, "clear_after_min", text.clear_after_min, LONGEST_HOLD_MIN
        )


def _is_whole(minutes: int, *, most: int) -> bool:
    return 0 <= minutes <= most and minutes % SLOT_MIN == 0


def _of_a_row(
    each: Condition, *, row: int, elements: Collection[str], stations: Collection[int]
) -> Iterator[Fault]:
    yield from _of_the_element(each, row=row, elements=elements)
    if each.measure in WINDOWED and (
        each.window_min < SLOT_MIN or not _is_whole(each.window_min, most=LONGEST_MIN)
    ):
        yield Fault(RuleFault.WINDOW, row, "window_min", each.window_min, LONGEST_MIN)
    if not isfinite(each.value):
        yield Fault(RuleFault.NO_NUMBER, row, "value")
    elif each.measure in _POSITIVE and each.value <= 0:
        yield Fault(RuleFault.NOT_POSITIVE, row, "value", each.value)
    if each.together and not re.fullmatch(r"[a-z]", each.together):
        yield Fault(RuleFault.TOGETHER, row, "together", each.together)
    for name in ("station_id", "measured_at_id"):
        station = getattr(each, name)
        if station is not None and station not in stations:
            yield Fault(RuleFault.STATION, row, name)
    if bool(each.season_from) != bool(each.season_until):
        yield Fault(RuleFault.HALF_SEASON, row, "season_from")
    for name in ("season_from", "season_until"):
        day = getattr(each, name)
        if day and not is_day_of_year(day):
            yield Fault(RuleFault.SEASON, row, name, day)


def _of_the_element(each: Condition, *, row: int, elements: Collection[str]) -> Iterator[Fault]:
    if each.element not in elements:
        yield Fault(RuleFault.ELEMENT, row, "element", each.element)
    elif each.measure is Measure.ANTECEDENT and each.element != "PN05":
        yield Fault(RuleFault.NOT_PN05, row, "element", each.element)
    elif each.measure in _OF_AMOUNTS and each.element not in AMOUNTS:
        yield Fault(RuleFault.NOT_AN_AMOUNT, row, "element", each.element)
    elif each.measure not in _OF_AMOUNTS and each.element in AMOUNTS:
        yield Fault(RuleFault.AN_AMOUNT, row, "element", each.element)


def _alone(conditions: Sequence[Condition]) -> Iterator[Fault]:
    """Give each row whose letter no other row of its colour and station has."""
    groups = [(each.together, each.colour, each.station_id) for each in conditions]
    for row, (each, group) in enumerate(zip(conditions, groups, strict=True), start=1):
        if each.together and groups.count(group) == 1:
            yield Fault(RuleFault.ALONE, row, "together", each.together)


def _in_order(conditions: Sequence[Condition]) -> Iterator[Fault]:
    """Give each row that says the same as an earlier one, or asks less for a worse colour.

    Rows that hold only together with others are not compared: their group decides.
    """
    for row, each in enumerate(conditions, start=1):
        for before, other in enumerate(conditions[: row - 1], start=1):
            if _name(each) != _name(other):
                continue
            if each.colour == other.colour:
                if each.together == other.together:
                    yield Fault(RuleFault.TWICE, row, "value", before)
            elif not (each.together or other.together):
                is_rising = (each.colour > other.colour) == (each.value > other.value)
                if each.value == other.value or not is_rising:
                    yield Fault(RuleFault.ORDER, row, "value", before)


def _name(each: Condition) -> tuple[object, ...]:
    return (
        each.station_id,
        each.measured_at_id,
        each.measure,
        each.element,
        each.window_min,
        each.season_from,
        each.season_until,
    )


def is_day_of_year(text: str) -> bool:
    """Tell whether a text is a day of the year as MM-DD; 29 February is one."""
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    if match is None:
        return False
    month, day = int(match[1]), int(match[2])
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]
