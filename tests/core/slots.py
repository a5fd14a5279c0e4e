"""Readings by slot, and what limits come to by their plain definition: for the tests of rules."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from anlan.monitoring.core.columns import Columns, columns_of
from anlan.monitoring.core.judging import LimitTable, moment_of, slot_of
from anlan.monitoring.core.limits import Key, Limit, Policy
from anlan.monitoring.core.stepping import steps_of
from anlan.monitoring.data import Measure

NOON = datetime(2024, 7, 15, 4, 0, tzinfo=UTC)
NOW = slot_of(NOON)
FIVE = timedelta(minutes=5)
RAIN, LEVEL = 0x22, 0x39
BLUE, YELLOW, ORANGE, RED = 1, 2, 3, 4
FLOOD = "flash_flood"

Row = tuple[int, int, int, float]
"""Station, element, slot, value."""


def limit(
    value: float,
    *,
    station: int = 1,
    measure: Measure = Measure.SUM,
    window: int = 12,
    colour: int = YELLOW,
    number: int = 1,
    hazard: str = FLOOD,
    together: str = "",
    measured_at: int = 0,
    policy: Policy | None = None,
) -> Limit:
    """Return a limit on a station's rain, or on its level where the measure asks for values."""
    element = RAIN if measure in (Measure.SUM, Measure.ANTECEDENT) else LEVEL
    return Limit(
        key=Key(station, hazard),
        series=(measured_at or station, element),
        measure=measure,
        window=0 if measure in (Measure.LAST, Measure.ANTECEDENT) else window,
        colour=colour,
        value=value,
        threshold_id=number,
        together=together,
        policy=policy or Policy(),
    )


def columns(rows: Sequence[Row], *, second: int = 0) -> Columns:
    """Return rows as columns, each measured at a second of its slot."""
    return columns_of(
        [
            (station, element, (slot * 300 + second) * 1_000_000, value)
            for station, element, slot, value in rows
        ]
    )


def fill(table: LimitTable, rows: Sequence[Row]) -> LimitTable:
    """Put rows into a table slot by slot and return it."""
    for step in steps_of(columns(rows)):
        table.put(step)
    return table


def table_with(limits: Sequence[Limit], rows: Sequence[Row]) -> LimitTable:
    """Return a table of limits that has seen these rows."""
    return fill(LimitTable(limits), rows)


def colours_at(table: LimitTable, slot: int = NOW) -> dict[Key, int]:
    """Return the colour that each key reaches at a slot, with nothing standing."""
    found = table.look(slot, standing={})
    assert all(hit.at == moment_of(slot) for hit in found.higher.values())
    return {key: hit.limit.colour for key, hit in found.higher.items()}


class Plain:
    """The same from its definition: every question goes through every reading."""

    def __init__(self, limits: Sequence[Limit], rows: Sequence[Row]) -> None:
        self.limits = list(limits)
        self.by_series: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for station, element, slot, value in sorted(rows, key=lambda row: row[2]):
            self.by_series.setdefault((station, element), []).append((slot, value))

    def level(self, series: tuple[int, int], slot: int) -> float:
        """Return the value that stood at a slot, NaN before the first."""
        known = [value for at, value in self.by_series.get(series, []) if at <= slot]
        return known[-1] if known else float("nan")

    def measured(self, limit: Limit, slot: int) -> float:
        """Return what a limit is held against at a slot."""
        window, series = limit.window, limit.series
        if limit.measure is Measure.SUM:
            rows = self.by_series.get(series, [])
            return round(sum(value for at, value in rows if slot - window < at <= slot), 6)
        now = self.level(series, slot)
        if limit.measure is Measure.LAST:
            return now
        if limit.measure is Measure.MEAN:
            return float(np.mean([self.level(series, slot - ago) for ago in range(window)]))
        rise = now - self.level(series, slot - window)
        return rise if limit.measure is Measure.RISE else -rise

    def over(self, slot: int) -> dict[tuple[object, ...], bool]:
        """Return of each alternative whether all its conditions hold at a slot."""
        found: dict[tuple[object, ...], bool] = {}
        for each in self.limits:
            holds = self.measured(each, slot) >= each.value
            found[each.alternative] = found.get(each.alternative, True) and holds
        return found

    def shared(self, slot: int) -> dict[tuple[object, ...], bool]:
        """Return of each alternative whether enough stations of its version stand over as well."""
        over = self.over(slot)
        found = {}
        for each in self.limits:
            stations = {
                other.key.station_id
                for other in self.limits
                if over[other.alternative]
                and other.policy.version == each.policy.version
                and other.colour >= each.colour
            }
            is_enough = len(stations) >= each.policy.needed
            found[each.alternative] = over[each.alternative] and is_enough
        return found

    def colours(self, slot: int) -> dict[Key, int]:
        """Return the colour that each key reaches at a slot."""
        backs: Mapping[int, dict[tuple[object, ...], bool]] = {}
        longest = max((each.policy.for_s for each in self.limits), default=0) // 300
        backs = {ago: self.shared(slot - ago) for ago in range(longest + 1)}
        found: dict[Key, int] = {}
        for each in self.limits:
            ago = range(each.policy.for_s // 300 + 1)
            if all(backs[back][each.alternative] for back in ago):
                found[each.key] = max(found.get(each.key, 0), each.colour)
        return found
