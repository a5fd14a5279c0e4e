"""Every limit held against every series at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from anlan.monitoring.core.columns import Bools, Floats, Ints, Places, code_of
from anlan.monitoring.core.conditions import (
    OF_VALUES,
    Conditions,
    conditions_of,
    in_alternatives,
)
from anlan.monitoring.core.limits import DRY, HOLD, NORMAL, WET, Hit, Key, Limit, Standing
from anlan.monitoring.core.rings import RING, SLOT_S, Rings
from anlan.monitoring.core.stepping import Step
from anlan.monitoring.data import Measure
from anlan.science.antecedent_rain import critical_rain_mm

Series = tuple[int, int]
SOIL_SHARES: Final = np.array([DRY, NORMAL, WET])


def slot_of(moment: datetime) -> int:
    """Return the slot in which a moment lies."""
    return int(moment.timestamp()) // SLOT_S


def moment_of(slot: int) -> datetime:
    """Return the instant at which a slot begins and its five-minute rain ends."""
    return datetime.fromtimestamp(slot * SLOT_S, tz=UTC)


@dataclass
class Found:
    """What one look found: hits above what stands, and the keys that have not fallen."""

    higher: dict[Key, Hit] = field(default_factory=dict)
    still_up: set[Key] = field(default_factory=set)


class _Look(NamedTuple):
    """Conditions at one slot: measured, held against what, and which alternatives hold."""

    slot: int
    measured: Floats
    against: Floats
    over: Bools


class LimitTable:
    """Limits over the series that they need, as they stand at any slot that the rings reach.

    `wetness_mm` is the effective antecedent rain of earlier days of each rain series, and
    `day_slot` where the present rain day began; both change once a day.
    """

    def __init__(self, limits: Sequence[Limit]) -> None:
        self.limits = in_alternatives(limits)
        self.sum_rows: dict[Series, int] = {}
        self.value_rows: dict[Series, int] = {}
        rows = []
        for limit in self.limits:
            of = self.value_rows if limit.measure in OF_VALUES else self.sum_rows
            rows.append(of.setdefault(limit.series, len(of)))
        self.sums = Rings(len(self.sum_rows), is_sum=True)
        self.values = Rings(len(self.value_rows), is_sum=False)
        self._sum_places = Places(code_of(*each) for each in self.sum_rows)
        self._value_places = Places(code_of(*each) for each in self.value_rows)
        self.wetness_mm = np.zeros(len(self.sum_rows))
        self.day_slot = 0
        self.key_number: dict[Key, int] = {}
        for limit in self.limits:
            self.key_number.setdefault(limit.key, len(self.key_number))
        self.keys = list(self.key_number)
        self._whole = conditions_of(self.limits, rows=rows, keys=self.key_number)

    @cached_property
    def elements(self) -> set[int]:
        """Return the elements that any limit needs."""
        return {element for _station, element in (*self.sum_rows, *self.value_rows)}

    @cached_property
    def needs_soil(self) -> bool:
        """Tell whether any limit asks how wet the soil is."""
        return bool(self._whole.dynamic.size or Measure.ANTECEDENT in self._whole.at)

    @cached_property
    def waits(self) -> dict[Key, float]:
        """Return the holding time in seconds of keys that have another than the house's."""
        found: dict[Key, float] = {}
        for limit in self.limits:
            wait = limit.policy.clear_after.total_seconds()
            found[limit.key] = max(found.get(limit.key, 0.0), wait)
        return {key: wait for key, wait in found.items() if wait != HOLD.total_seconds()}

    def put(self, step: Step) -> None:
        """Take in what came for a slot; series that no limit needs are left."""
        for places, rings, column in (
            (self._sum_places, self.sums, step.amounts),
            (self._value_places, self.values, step.values),
        ):
            rows = places.find(step.codes)
            needed = rows >= 0
            if needed.any():
                rings.put(rows[needed], step.slot, column[needed], when_ms=step.when_ms[needed])

    def look(self, slot: int, *, standing: Mapping[Key, Standing]) -> Found:
        """Return what stands at a slot above `standing`, and what has not fallen."""
        if not self.limits:
            return Found()
        look = self._look(self._whole, slot)
        found = Found(higher=self._higher(self._whole, look, standing=standing))
        if standing:
            found.still_up = self._up(look) & standing.keys()
        return found

    def touched(self, codes: Ints) -> Conditions:
        """Return the alternatives that need one of these series, and those that share with them."""
        whole = self._whole
        sums, values = _there(self._sum_places, codes), _there(self._value_places, codes)
        needs = np.where(whole.of_values, np.isin(whole.row, values), np.isin(whole.row, sums))
        chosen = whole.any_of(needs)
        shared = np.unique(whole.version[chosen & (whole.needed > 1)])
        chosen |= (whole.needed > 1) & np.isin(whole.version, shared)
        return whole.part(np.flatnonzero(chosen))

    def look_back(
        self, slot: int, *, at: Conditions, standing: Mapping[Key, Standing]
    ) -> dict[Key, Hit]:
        """Return what stood at a slot that has passed above `standing`, among some alternatives."""
        if not len(at):
            return {}
        return self._higher(at, self._look(at, slot), standing=standing)

    def value_of(self, limit: Limit, slot: int) -> float:
        """Return what is measured for one of the limits at a slot, NaN where that is not known."""
        of = self.value_rows if limit.measure in OF_VALUES else self.sum_rows
        row = of.get(limit.series)
        if row is None:
            return float("nan")
        rows, windows = np.array([row]), np.array([limit.window])
        return float(self._measure(limit.measure, rows, windows, slot)[0])

    def _look(self, at: Conditions, slot: int) -> _Look:
        measured, against, over = self._over(at, slot)
        asked = over & at.is_special
        if asked.any():
            over = over & (~at.is_special | self._decided(at, asked, slot=slot))
        return _Look(slot, measured, against, over)

    def _over(self, at: Conditions, slot: int) -> tuple[Floats, Floats, Bools]:
        measured, against = self._measured(at, slot), self._against(at, slot)
        return measured, against, at.all_of(measured >= against)

    def _measured(self, at: Conditions, slot: int) -> Floats:
        found = np.full(at.limit.size, np.nan)
        for measure, places in at.at.items():
            rows, windows = at.row[places], at.window[places]
            found[places] = self._measure(measure, rows, windows, slot)
        return found

    def _measure(self, measure: Measure, rows: Ints, windows: Ints, slot: int) -> Floats:
        if measure is Measure.SUM:
            return self.sums.sums(rows, slot, windows)
        if measure is Measure.ANTECEDENT:
            return self._antecedent_rain(rows, slot)
        if measure is Measure.MEAN:
            return self._means(rows, windows, slot)
        now = self.values.at(rows, slot)
        if measure is Measure.LAST:
            return now
        earlier = self.values.at(rows, slot - windows)
        return now - earlier if measure is Measure.RISE else earlier - now

    def _means(self, rows: Ints, windows: Ints, slot: int) -> Floats:
        found = np.empty(rows.size)
        for window in np.unique(windows).tolist():
            same = windows == window
            slots = slot - np.arange(min(window, RING - 1))
            found[same] = self.values.at(rows[same][:, np.newaxis], slots).mean(axis=1)
        return found

    def _antecedent_rain(self, rows: Ints, slot: int) -> Floats:
        """Return the rain of this rain day and the weakened rain of those before, in mm."""
        today = self.sums.sums(rows, slot, np.full(rows.size, max(slot - self.day_slot, 0)))
        return np.asarray(self.wetness_mm[rows] + today)

    def _against(self, at: Conditions, slot: int) -> Floats:
        """Return the limits of this moment: those of villages fall as the soil wets."""
        places = at.dynamic
        if not places.size:
            return at.value
        limits = at.value.copy()
        critical_mm, soil_mm = at.wet[places, :3], at.wet[places, 3:]
        limits[places] = critical_rain_mm(
            self._antecedent_rain(at.row[places], slot),
            soil_mm=soil_mm * SOIL_SHARES,
            critical_mm=critical_mm,
        )
        return limits

    def _decided(self, at: Conditions, asked: Bools, *, slot: int) -> Bools:
        """Return of each alternative whether it held at enough stations for long enough.

        The rings are asked and no note is kept, so that it is the same after a restart and for a
        moment that has passed.
        """
        versions = np.unique(at.version[asked])
        whole = self._whole
        ours = whole.part(np.flatnonzero(whole.is_special & np.isin(whole.version, versions)))
        holds = np.ones(len(ours), dtype=bool)
        for back in range(int(ours.slots.max()) + 1):
            _measured, _against, over = self._over(ours, slot - back)
            holds &= _shared(ours, over) | (ours.slots < back)
            if not holds.any():
                break
        held = np.zeros(len(whole), dtype=bool)
        held[ours.alternative] = holds
        return held[at.alternative]

    def _higher(
        self, at: Conditions, look: _Look, *, standing: Mapping[Key, Standing]
    ) -> dict[Key, Hit]:
        """Return for each key that reaches a colour above the standing one by what it does."""
        reached = np.flatnonzero(look.over)
        if not reached.size:
            return {}
        key, colour = at.key[reached], at.colour[reached]
        worst = np.zeros(len(self.keys), dtype=np.int64)
        np.maximum.at(worst, key, colour)
        stands = np.zeros(len(self.keys), dtype=np.int64)
        for each, one in standing.items():
            number = self.key_number.get(each)
            if number is not None:
                stands[number] = one.colour
        decisive = reached[(colour == worst[key]) & (worst[key] > stands[key])]
        hits: dict[Key, Hit] = {}
        for place in decisive.tolist():
            first = int(at.start[place])
            hits.setdefault(
                self.keys[int(at.key[place])],
                Hit(
                    limit=self.limits[int(at.limit[first])],
                    value=float(look.measured[first]),
                    against=float(look.against[first]),
                    at=moment_of(look.slot),
                ),
            )
        return hits

    def _up(self, look: _Look) -> set[Key]:
        """Return the keys with a condition that has not yet fallen, less the hysteresis."""
        whole = self._whole
        falls = np.where(whole.is_sum, look.against * whole.falls_to, look.against - whole.falls_by)
        up = whole.all_of(look.measured >= falls)
        return {self.keys[number] for number in set(whole.key[up].tolist())}


def _shared(at: Conditions, over: Bools) -> Bools:
    """Return which alternatives stand over at enough stations of their version.

    A station over a worse colour counts for the milder ones.
    """
    many = at.needed > 1
    found = over.copy()
    for version, colour in set(
        zip(at.version[many].tolist(), at.colour[many].tolist(), strict=True)
    ):
        ours = many & (at.version == version)
        stations = np.unique(at.station[ours & over & (at.colour >= colour)])
        here = ours & (at.colour == colour)
        found[here] &= stations.size >= at.needed[here]
    return found


def _there(places: Places, codes: Ints) -> Ints:
    found = places.find(codes)
    return found[found >= 0]
