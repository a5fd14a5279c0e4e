"""A rule run over what was measured before: when it would have fired, where and how high."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from anlan.monitoring.core.columns import Columns, Floats
from anlan.monitoring.core.exceedances import Changes, changes_of
from anlan.monitoring.core.judging import LimitTable, moment_of
from anlan.monitoring.core.limits import Hit, Key, Limit, Standing
from anlan.monitoring.core.stepping import Step, counting, steps_of
from anlan.monitoring.data import Measure

# Between two firings further apart than this another event begins.
APART: Final = timedelta(hours=12)
# These change while nothing comes, because their window moves on.
_MOVING: Final = frozenset({Measure.RISE, Measure.FALL, Measure.MEAN})


@dataclass(frozen=True)
class Firing:
    """A key stood over from a moment until another, or to the end of the test.

    `colour` is the worst it reached, `limit_id` the threshold by which, `against` its value then
    and `peak` the highest that was measured for it.
    """

    key: Key
    colour: int
    since: datetime
    until: datetime | None
    limit_id: int
    against: float
    peak: float


@dataclass(frozen=True)
class Event:
    """Firings that belong to one storm: none begins long after all others have ended."""

    since: datetime
    until: datetime | None
    colour: int
    firings: tuple[Firing, ...]

    @property
    def stations(self) -> int:
        """Return how many stations fired."""
        return len({firing.key.station_id for firing in self.firings})


class BackTest:
    """A run of one rule along time: the very look and the very changes that judge the present.

    It goes stretch by stretch, each with the limits in season then, their rings filled with what
    came before it. `standing` firings are handed from one stretch, and one process, to the next.
    """

    def __init__(self, standing: Iterable[tuple[Firing, datetime | None]] = ()) -> None:
        standing = list(standing)
        self.fired: list[Firing] = []
        self._open = {firing.key: firing for firing, _below_since in standing}
        self._standing = {
            firing.key: Standing(number, firing.colour, below_since)
            for number, (firing, below_since) in enumerate(standing, start=1)
        }
        self._last = len(self._standing)
        self._limits: dict[tuple[Key, int], Limit] = {}

    @property
    def standing(self) -> list[tuple[Firing, datetime | None]]:
        """Return the firings that have not ended, by key, and since when each is below."""
        return [(self._open[key], self._standing[key].below_since) for key in sorted(self._open)]

    def walk(
        self,
        table: LimitTable,
        rows: Columns,
        *,
        start: int,
        stop: int,
        wetness: Mapping[int, Floats] | None = None,
    ) -> None:
        """Go through the slots from `start` up to, not including, `stop`.

        `rows` are the readings of the stretch and of as long before it as the limits look back.
        `wetness` holds the effective rain of earlier days of each sum row, by the slot at which
        the rain day begins; from there on it stands.
        """
        days = wetness or {}
        steps = {step.slot: step for step in steps_of(counting(rows)) if step.slot < stop}
        for slot in sorted(slot for slot in steps if slot < start):
            table.put(steps[slot])
        before = max((slot for slot in days if slot <= start), default=None)
        if before is not None:
            _begin_day(table, before, days)
        self._limits = {(limit.key, _id_of(limit)): limit for limit in table.limits}
        always = _moves_on(table)
        for slot in range(start, stop):
            step = steps.get(slot)
            stirs = always or slot == start or slot in days or _stirs(table, step)
            if step is not None:
                table.put(step)
            if slot in days:
                _begin_day(table, slot, days)
            if stirs or self._standing:
                self._look(table, slot)

    def end(self) -> list[Firing]:
        """Return every firing, by time: those that still stand last to no end."""
        return sorted([*self.fired, *self._open.values()], key=_order)

    def _look(self, table: LimitTable, slot: int) -> None:
        now = moment_of(slot)
        found = table.look(slot, standing=self._standing)
        changes = changes_of(
            found.higher, found.still_up, standing=self._standing, now=now, waits=table.waits
        )
        if self._open:
            self._follow_peaks(table, slot)
        self._settle(changes, now=now)
        for hit, _before in changes.raised:
            self._raise(hit)

    def _settle(self, changes: Changes, *, now: datetime) -> None:
        numbers = {one.id: key for key, one in self._standing.items()}
        for number in changes.sinking:
            self._standing[numbers[number]] = replace(
                self._standing[numbers[number]], below_since=now
            )
        for number in changes.recovered:
            self._standing[numbers[number]] = replace(
                self._standing[numbers[number]], below_since=None
            )
        for number in changes.ended:
            key = numbers[number]
            del self._standing[key]
            self.fired.append(replace(self._open.pop(key), until=now))

    def _raise(self, hit: Hit) -> None:
        key, limit = hit.limit.key, hit.limit
        before = self._open.get(key)
        self._last += 1
        self._standing[key] = Standing(self._last, limit.colour, None)
        self._open[key] = Firing(
            key=key,
            colour=limit.colour,
            since=before.since if before else hit.at,
            until=None,
            limit_id=_id_of(limit),
            against=hit.against,
            peak=hit.value,
        )

    def _follow_peaks(self, table: LimitTable, slot: int) -> None:
        for key, firing in self._open.items():
            limit = self._limits.get((key, firing.limit_id))
            if limit is not None and (value := table.value_of(limit, slot)) > firing.peak:
                self._open[key] = replace(firing, peak=value)


def events_of(firings: Sequence[Firing], *, apart: timedelta = APART) -> list[Event]:
    """Return firings gathered into events by time, each whole."""
    gathered: list[list[Firing]] = []
    end: datetime | None = None
    for firing in sorted(firings, key=_order):
        if gathered and (end is None or firing.since <= end + apart):
            gathered[-1].append(firing)
        else:
            gathered.append([firing])
            end = firing.since
        end = None if end is None or firing.until is None else max(end, firing.until)
    return [_event(ones) for ones in gathered]


def _event(firings: Sequence[Firing]) -> Event:
    ends = [firing.until for firing in firings]
    return Event(
        since=firings[0].since,
        until=None if None in ends else max(end for end in ends if end is not None),
        colour=max(firing.colour for firing in firings),
        firings=tuple(firings),
    )


def _moves_on(table: LimitTable) -> bool:
    """Tell whether a limit may be reached at a slot in which nothing comes."""
    return any(limit.measure in _MOVING or limit.policy.for_s for limit in table.limits)


def _stirs(table: LimitTable, step: Step | None) -> bool:
    """Tell whether a step may bring a limit within reach: rain in it, or any value."""
    return step is not None and (bool(table.value_rows) or bool((step.amounts > 0).any()))


def _begin_day(table: LimitTable, slot: int, days: Mapping[int, Floats]) -> None:
    table.day_slot, table.wetness_mm = slot, np.asarray(days[slot])


def _order(firing: Firing) -> tuple[datetime, Key]:
    return firing.since, firing.key


def _id_of(limit: Limit) -> int:
    return limit.threshold_id or limit.critical_rain_id
