"""Which readings enter the store, in what quality, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from anlan.monitoring.core.columns import (
    NO_MOMENT,
    Bools,
    Columns,
    Floats,
    Ints,
    Places,
    code_of,
)
from anlan.monitoring.data import Quality, Verdict

FUTURE_TOLERANCE = timedelta(minutes=5)
OLDEST = timedelta(days=400)
SECOND: Final = 1_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Bounds:
    """What a value may be; None where nobody set it. Times in seconds."""

    low: float | None = None
    high: float | None = None
    step: float | None = None
    step_s: int = 300
    stuck_s: int | None = None


FREE = Bounds()


@dataclass(frozen=True)
class Judged:
    """A batch told apart.

    `fresh` rows are newer than all that is known of their series, so that they can be no
    repetition; `late` ones are not, and the store must look. `aside` are rows with their verdict,
    `repeated` came twice in the batch itself with the same value.
    """

    fresh: Columns
    late: Columns
    aside: tuple[tuple[Columns, Verdict], ...]
    repeated: int


class Memory:
    """The last value of every series that came, and since when it has stood."""

    def __init__(self) -> None:
        self.places = Places()
        self.micros: Ints = np.empty(0, dtype=np.int64)
        self.values: Floats = np.empty(0, dtype=np.float64)
        self.since: Ints = np.empty(0, dtype=np.int64)
        self._bounds: dict[str, Floats] = {}
        self._open: Ints = np.empty(0, dtype=np.int64)

    def unknown(self, codes: Ints) -> Ints:
        """Return the codes to be learnt: those never met, and those whose rows may be lost."""
        unknown = codes[self.places.find(codes) < 0]
        if self._open.size:
            unknown = np.concatenate([unknown, self._open])
            self._open = self._open[:0]
        return np.unique(unknown)

    def expect(self, stored: Columns) -> None:
        """Take note that rows were written whose transaction has not committed yet."""
        self._open = stored.codes

    def learn(self, last: Mapping[int, tuple[int, float]], bounds: Mapping[int, Bounds]) -> None:
        """Take in series by code: the instant and value of the last reading, and its bounds."""
        codes = np.fromiter(last, dtype=np.int64, count=len(last))
        self.places.add(codes)
        more = len(self.places) - self.micros.size
        self.micros = np.concatenate([self.micros, np.full(more, NO_MOMENT, dtype=np.int64)])
        self.values = np.concatenate([self.values, np.full(more, np.nan)])
        self.since = np.concatenate([self.since, np.full(more, NO_MOMENT, dtype=np.int64)])
        at = self.places.find(codes)
        moments = np.fromiter((x[0] for x in last.values()), dtype=np.int64, count=len(last))
        self.micros[at] = moments
        self.since[at] = moments
        self.values[at] = np.fromiter(
            (x[1] for x in last.values()), dtype=np.float64, count=len(last)
        )
        self._learn_bounds(at, [bounds.get(int(code), FREE) for code in codes])

    def _learn_bounds(self, at: Ints, bounds: list[Bounds]) -> None:
        infinite = float("inf")
        columns = {
            "low": [-infinite if x.low is None else x.low for x in bounds],
            "high": [infinite if x.high is None else x.high for x in bounds],
            "step": [infinite if x.step is None else x.step for x in bounds],
            "step_us": [x.step_s * SECOND for x in bounds],
            "stuck_us": [infinite if x.stuck_s is None else x.stuck_s * SECOND for x in bounds],
        }
        for name, column in columns.items():
            kept = self._bounds.get(name, np.empty(0))
            grown = np.concatenate([kept, np.full(len(self.places) - kept.size, infinite)])
            grown[at] = column
            self._bounds[name] = grown

    def last_of(self, station: int, element: int) -> tuple[int, float]:
        """Return instant and value of a known series' last reading."""
        (at,) = self.places.find(np.array([code_of(station, element)])).tolist()
        return int(self.micros[at]), float(self.values[at])

    def bounds(self, name: str, at: Ints) -> Floats:
        """Return one kind of bound of these places."""
        return self._bounds[name][at]

    def remember(self, stored: Columns) -> None:
        """Take note of rows that are stored for good."""
        self._open = self._open[:0]
        at = self.places.find(stored.codes)
        order = np.lexsort((stored.micros, at))
        at, micros, values = at[order], stored.micros[order], stored.values[order]
        last = np.append(at[1:] != at[:-1], [True]) & (at >= 0)
        at, micros, values = at[last], micros[last], values[last]
        newer = micros > self.micros[at]
        at, micros, values = at[newer], micros[newer], values[newer]
        self.since[at] = np.where(values == self.values[at], self.since[at], micros)
        self.micros[at], self.values[at] = micros, values


def judge(
    rows: Columns, *, memory: Memory, now: datetime, oldest: datetime | None = None
) -> Judged:
    """Tell a batch apart; every series of it must be known to the memory.

    A second value for the same instant is set aside, the same value again only counted. An
    instant beyond the tolerance or before `oldest` (400 days) is set aside. What is impossible is
    stored and excluded; what changed too fast or stands still is stored, counts, and says so.
    """
    now_us = micros_of(now)
    future = rows.micros > now_us + _us(FUTURE_TOLERANCE)
    too_old = rows.micros < micros_of(oldest or now - OLDEST)
    aside = [
        (rows.at(where), verdict)
        for where, verdict in ((future, Verdict.FUTURE), (too_old, Verdict.TOO_OLD))
        if where.any()
    ]
    rows = rows.at(~(future | too_old)) if aside else rows
    at = memory.places.find(rows.codes)
    order = np.lexsort((rows.micros, at))
    rows, at = rows.at(order), at[order]
    same = np.append([False], (at[1:] == at[:-1]) & (rows.micros[1:] == rows.micros[:-1]))
    if same.any():
        first = np.maximum.accumulate(np.where(same, 0, np.arange(len(rows))))
        changed = same & (rows.values != rows.values[first])
        if changed.any():
            aside.append((rows.at(changed), Verdict.REPEATED))
        repeated = int(same.sum() - changed.sum())
        rows, at = rows.at(~same), at[~same]
    else:
        repeated = 0
    late = rows.micros <= memory.micros[at]
    rows = rows.marked(_qualities(rows, at, late=late, memory=memory))
    return Judged(rows.at(~late), rows.at(late), tuple(aside), repeated)


def _qualities(rows: Columns, at: Ints, *, late: Bools, memory: Memory) -> Ints:
    """Return the quality of each row; rows stand in order of series and time."""
    quality = np.where(late, int(Quality.LATE), rows.quality)
    impossible = (rows.values < memory.bounds("low", at)) | (
        rows.values > memory.bounds("high", at)
    )
    before_us, before = _previous(rows, at, memory=memory)
    gap = rows.micros - before_us
    allowed = memory.bounds("step", at)
    finite = np.isfinite(allowed)
    if finite.any():
        scaled = allowed * np.maximum(1.0, gap / memory.bounds("step_us", at))
        quality[finite & ~late & (np.abs(rows.values - before) > scaled)] = Quality.RATE
    stuck = (rows.values == memory.values[at]) & (
        rows.micros - memory.since[at] >= memory.bounds("stuck_us", at)
    )
    quality[stuck & ~late] = Quality.STUCK
    quality[impossible] = Quality.IMPOSSIBLE
    return quality


def _previous(rows: Columns, at: Ints, *, memory: Memory) -> tuple[Ints, Floats]:
    """Return instant and value before each row: the row before it, or what was remembered."""
    micros, values = memory.micros[at].copy(), memory.values[at].copy()
    follows = np.flatnonzero(at[1:] == at[:-1]) + 1
    micros[follows], values[follows] = rows.micros[follows - 1], rows.values[follows - 1]
    return micros, values


def micros_of(moment: datetime) -> int:
    """Return an instant in µs since 1970 UTC."""
    whole = int(moment.timestamp())
    return whole * SECOND + moment.microsecond


def moment_of(micros: int) -> datetime:
    """Return the instant of µs since 1970 UTC."""
    return EPOCH + timedelta(microseconds=micros)


def _us(span: timedelta) -> int:
    return int(span.total_seconds()) * SECOND
