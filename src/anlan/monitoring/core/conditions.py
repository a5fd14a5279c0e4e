"""Limits as arrays, the conditions that hold only together side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np

from anlan.monitoring.core.columns import Bools, Floats, Ints
from anlan.monitoring.core.limits import SUMS, Key, Limit
from anlan.monitoring.core.rings import SLOT_S
from anlan.monitoring.data import Measure

# Measures that are held against values; the others are held against amounts.
OF_VALUES: Final = frozenset({Measure.LAST, Measure.RISE, Measure.FALL, Measure.MEAN})
_NUMBER: Final = {measure: number for number, measure in enumerate(Measure)}
_STATIC: Final = (np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Conditions:
    """N conditions in M alternatives: an alternative holds where all its conditions do.

    By condition: its limit's number, measure, ring row, window in slots, value, by how much it
    falls, and the limits by wetness with what the soil can hold (NaN without). By alternative: its
    number, where its conditions begin, key, colour, version, station, how many stations of the
    version must hold, and for how many slots.
    """

    limit: Ints
    measure: Ints
    row: Ints
    window: Ints
    value: Floats
    falls_to: Floats
    falls_by: Floats
    wet: Floats
    alternative: Ints
    start: Ints
    key: Ints
    colour: Ints
    version: Ints
    station: Ints
    needed: Ints
    slots: Ints

    def __len__(self) -> int:
        return int(self.alternative.size)

    def part(self, alternatives: Ints) -> "Conditions":
        """Return some of the alternatives with their conditions, by their places here."""
        ends = np.append(self.start[1:], self.limit.size)
        sizes = (ends - self.start)[alternatives]
        start = np.concatenate(([0], np.cumsum(sizes)[:-1])) if sizes.size else sizes
        inner = np.arange(int(sizes.sum())) - np.repeat(start, sizes)
        conditions = np.repeat(self.start[alternatives], sizes) + inner
        by_condition = {
            each.name: getattr(self, each.name)[conditions] for each in fields(self)[:8]
        }
        by_alternative = {
            each.name: getattr(self, each.name)[alternatives]
            for each in fields(self)[8:]
            if each.name != "start"
        }
        return Conditions(**by_condition, **by_alternative, start=start)

    @cached_property
    def at(self) -> Mapping[Measure, Ints]:
        """Return the places of the conditions of each measure that occurs."""
        found = {each: np.flatnonzero(self.measure == _NUMBER[each]) for each in Measure}
        return {measure: places for measure, places in found.items() if places.size}

    @cached_property
    def of_values(self) -> Bools:
        """Tell of each condition whether it is held against values."""
        return np.isin(self.measure, [_NUMBER[each] for each in OF_VALUES])

    @cached_property
    def is_sum(self) -> Bools:
        """Tell of each condition whether it falls by a share of its value."""
        return np.isin(self.measure, [_NUMBER[each] for each in SUMS])

    @cached_property
    def dynamic(self) -> Ints:
        """Return the places of the conditions whose value falls as the soil wets."""
        return np.flatnonzero(~np.isnan(self.wet[:, 0]))

    @cached_property
    def is_special(self) -> Bools:
        """Tell of each alternative whether one station at one moment does not decide alone."""
        return (self.needed > 1) | (self.slots > 0)

    def all_of(self, holds: Bools) -> Bools:
        """Return for each alternative whether all its conditions hold."""
        return np.logical_and.reduceat(holds, self.start) if len(self) else np.zeros(0, dtype=bool)

    def any_of(self, holds: Bools) -> Bools:
        """Return for each alternative whether any of its conditions holds."""
        return np.logical_or.reduceat(holds, self.start) if len(self) else np.zeros(0, dtype=bool)


def in_alternatives(limits: Sequence[Limit]) -> list[Limit]:
    """Return limits with those that hold only together side by side, sums before values."""
    limits = sorted(limits, key=lambda limit: limit.measure in OF_VALUES)
    numbers: dict[tuple[object, ...], int] = {}
    for limit in limits:
        numbers.setdefault(limit.alternative, len(numbers))
    return sorted(limits, key=lambda limit: numbers[limit.alternative])


def conditions_of(
    limits: Sequence[Limit], *, rows: Sequence[int], keys: Mapping[Key, int]
) -> Conditions:
    """Return limits in the order of their alternatives as arrays; `rows` are their ring rows."""
    names = [limit.alternative for limit in limits]
    start = [at for at, name in enumerate(names) if not at or name != names[at - 1]]
    first = [limits[at] for at in start]
    return Conditions(
        limit=np.arange(len(limits)),
        measure=_ints(_NUMBER[x.measure] for x in limits),
        row=_ints(rows),
        window=_ints(x.window for x in limits),
        value=np.array([x.value for x in limits], dtype=np.float64),
        falls_to=np.array([x.policy.falls_to for x in limits], dtype=np.float64),
        falls_by=np.array([x.policy.falls_by for x in limits], dtype=np.float64),
        wet=np.array([x.by_wetness or _STATIC for x in limits], dtype=np.float64).reshape(-1, 4),
        alternative=np.arange(len(first)),
        start=_ints(start),
        key=_ints(keys[x.key] for x in first),
        colour=_ints(x.colour for x in first),
        version=_ints(x.policy.version for x in first),
        station=_ints(x.key.station_id for x in first),
        needed=_ints(x.policy.needed for x in first),
        slots=_ints(-(-x.policy.for_s // SLOT_S) for x in first),
    )


def _ints(values: object) -> Ints:
    return np.fromiter(values, dtype=np.int64)  # type: ignore[call-overload, no-any-return]  # any iterable of numbers
