"""Every limit held against every series at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from anlan.monitoring.core.columns import Places, code_of
from anlan.monitoring.core.limits import DRY, HOLD, NORMAL, SUMS, WET, Hit, Key, Limit, Standing
from anlan.monitoring.core.rings import RING, SLOT_S, Floats, Ints, Rings
from anlan.monitoring.data import Measure

Bools = npt.NDArray[np.bool_]
Series = tuple[int, int]
Held = dict[tuple[int, int, int], datetime]
"""Since when a condition that needs time has held: by version, station and colour."""

_VALUES = frozenset({Measure.LAST, Measure.RISE, Measure.FALL, Measure.MEAN})


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


class LimitTable:
    """Limits as arrays over the series that they need.

    `wetness_mm` is the effective antecedent rain of earlier days of each rain series, and
    `day_slot` where the present rain day began; both change once a day.
    """

    def __init__(self, limits: Sequence[Limit]) -> None:
        limits = sorted(limits, key=lambda limit: limit.measure in _VALUES)
        self.limits = list(limits)
        self.sum_rows: dict[Series, int] = {}
        self.value_rows: dict[Series, int] = {}
        for limit in self.limits:
            rows = self.value_rows if limit.measure in _VALUES else self.sum_rows
            rows.setdefault(limit.series, len(rows))
        self.sums = Rings(len(self.sum_rows), is_sum=True)
        self.values = Rings(len(self.value_rows), is_sum=False)
        self._rings = (
            (Places(code_of(*each) for each in self.sum_rows), self.sums),
            (Places(code_of(*each) for each in self.value_rows), self.values),
        )
        self.wetness_mm = np.zeros(len(self.sum_rows))
        self.day_slot = 0
        self._lay_out()

    def _lay_out(self) -> None:
        split = sum(limit.measure not in _VALUES for limit in self.limits)
        self._split = split
        self._sum_row = _ints(self.sum_rows[x.series] for x in self.limits[:split])
        self._value_row = _ints(self.value_rows[x.series] for x in self.limits[split:])
        self._windows = _ints(x.window for x in self.limits)
        self._antecedent = np.flatnonzero(
            [x.measure is Measure.ANTECEDENT for x in self.limits[:split]]
        )
        self._by_measure = {
            measure: np.flatnonzero([x.measure is measure for x in self.limits[split:]])
            for measure in _VALUES
        }
        self._limits = np.array([x.value for x in self.limits], dtype=np.float64)
        self._dynamic = np.flatnonzero([x.by_wetness is not None for x in self.limits])
        self._wet = np.array(
            [x.by_wetness for x in self.limits if x.by_wetness is not None], dtype=np.float64
        ).reshape(-1, 4)
        self._is_sum = np.array([x.measure in SUMS for x in self.limits], dtype=bool)
        self._falls_to = np.array([x.policy.falls_to for x in self.limits])
        self._falls_by = np.array([x.policy.falls_by for x in self.limits])
        self._lay_out_alternatives()

    def _lay_out_alternatives(self) -> None:
        numbers: dict[tuple[object, ...], int] = {}
        member = _ints(numbers.setdefault(x.alternative, len(numbers)) for x in self.limits)
        self._order = np.argsort(member, kind="stable")
        self._starts = np.searchsorted(member[self._order], np.arange(len(numbers)))
        first = self._order[self._starts] if self.limits else self._order
        self._first = first
        keys: dict[Key, int] = {}
        self._key = _ints(keys.setdefault(self.limits[at].key, len(keys)) for at in first)
        self.keys = list(keys)
        self.key_number = keys
        self._colour = _ints(self.limits[at].colour for at in first)
        self._special = np.flatnonzero([self.limits[at].policy.is_special for at in first])
        self._touches = self._first_rows()

    def _first_rows(self) -> tuple[Ints, Ints]:
        """Return, for looks at the past, which row of each ring every limit reads (-1 for none)."""
        none = np.full(len(self.limits), -1, dtype=np.int64)
        sums, values = none.copy(), none.copy()
        sums[: self._split] = self._sum_row
        values[self._split :] = self._value_row
        return sums, values

    @cached_property
    def elements(self) -> set[int]:
        """Return the elements that any limit needs."""
        return {element for _station, element in (*self.sum_rows, *self.value_rows)}

    @cached_property
    def waits(self) -> dict[Key, float]:
        """Return the holding time in seconds of keys that have another than the house's."""
        found: dict[Key, float] = {}
        for limit in self.limits:
            wait = limit.policy.clear_after.total_seconds()
            found[limit.key] = max(found.get(limit.key, 0.0), wait)
        return {key: wait for key, wait in found.items() if wait != HOLD.total_seconds()}

    def put(self, codes: Ints, slot: int, *, amounts: Floats, values: Floats) -> None:
        """Take in distinct series at one slot: what fell in it, and the value at its end.

        Series that no limit needs are left.
        """
        for (places, rings), column in zip(self._rings, (amounts, values), strict=True):
            rows = places.find(codes)
            needed = rows >= 0
            if needed.any():
                rings.put(rows[needed], slot, column[needed])

    def look(
        self,
        slot: int,
        *,
        standing: Mapping[Key, Standing],
        held: Held,
        touched: Ints | None = None,
    ) -> Found:
        """Return what stands at a slot, above `standing` and still up.

        `touched` narrows the look to limits of series with these codes, for a moment that has
        passed: then nothing is said of what has fallen. `held` is brought up to date.
        """
        if not self.limits:
            return Found()
        measured = self._measured(slot)
        against = self._against(slot)
        over = np.logical_and.reduceat((measured >= against)[self._order], self._starts)
        if touched is not None:
            over &= np.logical_or.reduceat(self._is_touched(touched)[self._order], self._starts)
        if self._special.size:
            over = self._decided(over, slot=slot, held=held, is_past=touched is not None)
        found = Found(higher=self._higher(over, measured, against, slot, standing))
        if touched is None:
            found.still_up = self._up(measured, against) & standing.keys()
        return found

    def _measured(self, slot: int) -> Floats:
        measured = np.full(len(self.limits), np.nan)
        split = self._split
        if split:
            sums = self.sums.sums(self._sum_row, slot, self._windows[:split])
            if self._antecedent.size:
                rows = self._sum_row[self._antecedent]
                sums[self._antecedent] = self._antecedent_rain(rows, slot)
            measured[:split] = sums
        if split < len(self.limits):
            measured[split:] = self._of_values(slot)
        return measured

    def _antecedent_rain(self, rows: Ints, slot: int) -> Floats:
        """Return the rain of this rain day and the weakened rain of those before, in mm."""
        today = self.sums.sums(rows, slot, np.full(rows.size, max(slot - self.day_slot, 0)))
        return self.wetness_mm[rows] + today

    def _of_values(self, slot: int) -> Floats:
        rows, windows = self._value_row, self._windows[self._split :]
        now = self.values.at(rows, slot)
        found = now.copy()
        for measure, sign in ((Measure.RISE, 1.0), (Measure.FALL, -1.0)):
            at = self._by_measure[measure]
            if at.size:
                earlier = self.values.at(rows[at], slot - windows[at])
                found[at] = sign * (now[at] - earlier)
        for place in self._by_measure[Measure.MEAN].tolist():
            steps = slot - np.arange(min(int(windows[place]), RING - 1))
            row = np.full(steps.size, rows[place])
            found[place] = float(np.mean(self.values.at(row, steps)))
        return found

    def _against(self, slot: int) -> Floats:
        """Return the limits of this moment: those of villages fall as the soil wets."""
        if not self._dynamic.size:
            return self._limits
        limits = self._limits.copy()
        dry, normal, wet, soil = self._wet.T
        rows = self._sum_row[self._dynamic]
        share = self._antecedent_rain(rows, slot) / soil
        low = dry + (normal - dry) * np.clip((share - DRY) / (NORMAL - DRY), 0, 1)
        high = normal + (wet - normal) * np.clip((share - NORMAL) / (WET - NORMAL), 0, 1)
        limits[self._dynamic] = np.where(share <= NORMAL, low, high)
        return limits

    def _is_touched(self, touched: Ints) -> Bools:
        sums, values = self._touches
        (sum_places, _sums), (value_places, _values) = self._rings
        return np.isin(sums, _there(sum_places, touched)) | np.isin(
            values, _there(value_places, touched)
        )

    def _decided(self, over: Bools, *, slot: int, held: Held, is_past: bool) -> Bools:
        """Return what holds at enough stations and for long enough; of the past nothing waits."""
        before = over.copy()
        for place in self._special[over[self._special]].tolist():
            policy = self.limits[self._first[place]].policy
            over[place] = not (is_past and policy.for_s) and self._is_shared(place, before)
        return over if is_past else self._waited(over, slot=slot, held=held)

    def _is_shared(self, place: int, over: Bools) -> bool:
        """Tell whether enough stations of the rule stand over."""
        limit = self.limits[self._first[place]]
        if limit.policy.needed <= 1:
            return True
        same = {
            self.limits[self._first[other]].key.station_id
            for other in self._special.tolist()
            if over[other]
            and self.limits[self._first[other]].policy.version == limit.policy.version
            and self._colour[other] >= limit.colour
        }
        return bool(len(same) >= limit.policy.needed)

    def _waited(self, over: Bools, *, slot: int, held: Held) -> Bools:
        """Return what has held for long enough, and note since when each has held."""
        moment = moment_of(slot)
        holding: dict[tuple[int, int, int], list[int]] = {}
        for place in self._special.tolist():
            limit = self.limits[self._first[place]]
            if limit.policy.for_s:
                name = (limit.policy.version, limit.key.station_id, limit.colour)
                holding.setdefault(name, []).append(place)
        for name, places in holding.items():
            if not over[places].any():
                held.pop(name, None)
                continue
            since = held.setdefault(name, moment)
            wait = self.limits[self._first[places[0]]].policy.for_s
            if (moment - since).total_seconds() < wait:
                over[places] = False
        return over

    def _higher(
        self,
        over: Bools,
        measured: Floats,
        against: Floats,
        slot: int,
        standing: Mapping[Key, Standing],
    ) -> dict[Key, Hit]:
        reached = np.flatnonzero(over)
        if not reached.size:
            return {}
        worst = np.zeros(len(self.keys), dtype=np.int64)
        np.maximum.at(worst, self._key[reached], self._colour[reached])
        stands = np.zeros(len(self.keys), dtype=np.int64)
        for key, open_one in standing.items():
            number = self.key_number.get(key)
            if number is not None:
                stands[number] = open_one.colour
        decisive = reached[
            (self._colour[reached] == worst[self._key[reached]])
            & (worst[self._key[reached]] > stands[self._key[reached]])
        ]
        hits: dict[Key, Hit] = {}
        for place in decisive.tolist():
            at = int(self._first[place])
            key = self.keys[int(self._key[place])]
            if key not in hits:
                hits[key] = Hit(
                    limit=self.limits[at],
                    value=float(measured[at]),
                    against=float(against[at]),
                    at=moment_of(slot),
                )
        return hits

    def _up(self, measured: Floats, against: Floats) -> set[Key]:
        """Return the keys with a condition that has not yet fallen, less the hysteresis."""
        falls = np.where(self._is_sum, against * self._falls_to, against - self._falls_by)
        up = np.logical_and.reduceat((measured >= falls)[self._order], self._starts)
        return {self.keys[number] for number in set(self._key[up].tolist())}


def _there(places: Places, codes: Ints) -> Ints:
    found = places.find(codes)
    return found[found >= 0]


def _ints(values: object) -> Ints:
    return np.fromiter(values, dtype=np.int64)  # type: ignore[call-overload, no-any-return]  # any iterable of numbers
