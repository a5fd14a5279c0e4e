"""Which station stands over which threshold, and what that changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from anlan.monitoring.core.windows import LEVEL, Floats, Windows

SUM_HYSTERESIS = 0.9  # a sum has fallen when it is under nine tenths of the lowest threshold
LEVEL_HYSTERESIS_M = 0.1  # a level has fallen when it is so far under the lowest threshold
HOLD = timedelta(hours=1)  # and stays there for this long

Key = tuple[int, str]
"""A station and a hazard."""


@dataclass(frozen=True)
class Limit:
    """One threshold as it applies to one station."""

    threshold_id: int
    station_id: int
    hazard: str
    element: str
    window_h: int
    colour: int
    value: float


@dataclass(frozen=True)
class Standing:
    """An open exceedance."""

    id: int
    colour: int
    below_since: datetime | None


@dataclass(frozen=True)
class Hit:
    """The worst limit that a station reaches in a hazard, and the value that reaches it."""

    limit: Limit
    value: float


@dataclass(frozen=True)
class Changes:
    """What one evaluation changes."""

    raised: tuple[tuple[Hit, Standing | None], ...]
    sinking: tuple[int, ...]
    recovered: tuple[int, ...]
    ended: tuple[int, ...]


class LimitTable:
    """Limits as arrays, so that every station is held against every limit at once."""

    def __init__(self, limits: Sequence[Limit], *, windows: Windows) -> None:
        self.limits = [limit for limit in limits if limit.station_id in windows.index]
        self.hours = sorted({x.window_h for x in self.limits if x.window_h > 0})
        place = {hours: number for number, hours in enumerate(self.hours)}
        self._rows = np.array([windows.index[x.station_id] for x in self.limits], dtype=np.int64)
        self._columns = np.array([place.get(x.window_h, 0) for x in self.limits], dtype=np.int64)
        self._is_level = np.array([x.element == LEVEL for x in self.limits], dtype=bool)
        self._values = np.array([x.value for x in self.limits], dtype=np.float64)
        self._falls = np.where(
            self._is_level, self._values - LEVEL_HYSTERESIS_M, self._values * SUM_HYSTERESIS
        )
        self._colours = np.array([x.colour for x in self.limits], dtype=np.int64)
        numbers: dict[Key, int] = {}
        self._keys = np.array(
            [numbers.setdefault((x.station_id, x.hazard), len(numbers)) for x in self.limits],
            dtype=np.int64,
        )
        self._key_list = list(numbers)

    def hits(
        self, windows: Windows, *, standing: Mapping[Key, Standing]
    ) -> tuple[dict[Key, Hit], set[Key]]:
        """Return the worst hit of each station and hazard that stands higher than `standing`.

        And of those standing, the ones that have not yet fallen below their lowest limit.
        """
        if not self.limits:
            return {}, set()
        measured = self._measured(windows)
        reached = np.flatnonzero(measured >= self._values)
        worst = np.zeros(len(self._key_list), dtype=np.int64)
        np.maximum.at(worst, self._keys[reached], self._colours[reached])
        up = np.zeros(len(self._key_list), dtype=bool)
        up[self._keys[measured >= self._falls]] = True
        higher: dict[Key, Hit] = {}
        for number in np.flatnonzero(worst):
            key = self._key_list[number]
            if key not in standing or worst[number] > standing[key].colour:
                mine = reached[
                    (self._keys[reached] == number) & (self._colours[reached] == worst[number])
                ]
                limit = self.limits[mine[0]]
                higher[key] = Hit(limit=limit, value=float(measured[mine[0]]))
        still = {key for number, key in enumerate(self._key_list) if up[number]}
        return higher, still & standing.keys()

    def _measured(self, windows: Windows) -> Floats:
        measured = np.full(len(self.limits), np.nan)
        level = self._is_level
        measured[level] = windows.levels[self._rows[level]]
        if self.hours:
            sums = windows.rain_sums(self.hours)
            measured[~level] = sums[self._rows[~level], self._columns[~level]]
        return measured


def limits_of(
    thresholds: Sequence[Limit],
    *,
    defaults: Sequence[Limit],
    covered: Mapping[str, Sequence[int]],
) -> list[Limit]:
    """Return every limit that applies: own ones first, defaults where a station has none.

    `defaults` carry station 0; `covered` names the stations that speak for a hazard.
    """
    own = {(limit.station_id, limit.hazard) for limit in thresholds}
    applied = list(thresholds)
    for default in defaults:
        for station_id in covered.get(default.hazard, ()):
            if (station_id, default.hazard) not in own:
                applied.append(
                    Limit(
                        threshold_id=default.threshold_id,
                        station_id=station_id,
                        hazard=default.hazard,
                        element=default.element,
                        window_h=default.window_h,
                        colour=default.colour,
                        value=default.value,
                    )
                )
    return applied


def changes_of(
    higher: Mapping[Key, Hit],
    still_up: set[Key],
    *,
    standing: Mapping[Key, Standing],
    now: datetime,
) -> Changes:
    """Return what to raise, what begins to sink, what recovers and what has ended.

    `higher` are the hits above what stands. A colour only rises; an exceedance ends when every
    sum and level has stayed below the lowest threshold, less the hysteresis, for the holding time.
    """
    raised = tuple((hit, standing.get(key)) for key, hit in sorted(higher.items()))
    fallen = [open_one for key, open_one in standing.items() if key not in still_up]
    return Changes(
        raised=raised,
        sinking=tuple(x.id for x in fallen if x.below_since is None),
        recovered=tuple(
            x.id
            for key, x in standing.items()
            if key in still_up and x.below_since is not None and key not in higher
        ),
        ended=tuple(
            x.id for x in fallen if x.below_since is not None and now - x.below_since >= HOLD
        ),
    )
