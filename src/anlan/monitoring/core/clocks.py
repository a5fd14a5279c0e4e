"""How far a station's clock is off, and whether its readings may be dated by it.

A clock that runs ahead is wrong: nothing arrives before it is sent. A send time in the past may
also be an old report that waited for the network, which a station that was cut off sends when it
is back. It is taken for that as long as the clock was right when last known, until reports come
that stay behind by the same time: then it is the clock.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

CLOCK_LIMIT: Final = timedelta(minutes=5)  # SL 651-2014: beyond it a clock is set in two steps
STEADY_AFTER_S: Final = 60.0
STEADY_WITHIN_S: Final = 30.0


class ClockSaid(NamedTuple):
    """What a send time tells: seconds off (fast is plus) and whether that is wrong."""

    drift_s: float | None
    is_wrong: bool


@dataclass
class _Known:
    """What is known of a clock; `behind` is when a late report came, and how late it was."""

    was_right: bool | None = None
    behind: tuple[datetime, float] | None = None


class Clocks:
    """What is known of the clocks of the stations that speak to this process."""

    def __init__(self, limit: timedelta = CLOCK_LIMIT) -> None:
        self.limit_s = limit.total_seconds()
        self._known: dict[int, _Known] = {}

    def strangers(self, stations: Collection[int]) -> list[int]:
        """Return the stations of which nothing is known here yet."""
        return [station for station in stations if station not in self._known]

    def learn(self, stations: Collection[int], drifts: Mapping[int, float | None]) -> None:
        """Take in the drifts that were last known of stations."""
        for station in stations:
            drift = drifts.get(station)
            right = None if drift is None else abs(drift) <= self.limit_s
            self._known[station] = _Known(was_right=right)

    def judge(self, station: int, *, sent_at: datetime | None, now: datetime) -> ClockSaid:
        """Return what a send time says of its station's clock."""
        if sent_at is None:
            return ClockSaid(None, is_wrong=False)
        known = self._known.setdefault(station, _Known())
        drift = (sent_at - now).total_seconds()
        if abs(drift) <= self.limit_s:
            known.was_right, known.behind = True, None
            return ClockSaid(drift, is_wrong=False)
        if drift < 0 and known.was_right and not _is_steady(known, drift, now=now):
            return ClockSaid(None, is_wrong=False)
        known.was_right, known.behind = False, None
        return ClockSaid(drift, is_wrong=True)


def _is_steady(known: _Known, drift: float, *, now: datetime) -> bool:
    """Tell whether reports have stayed behind by the same time for a while."""
    if known.behind is None:
        known.behind = (now, drift)
        return False
    since, before = known.behind
    if (now - since).total_seconds() < STEADY_AFTER_S:
        return False
    known.behind = (now, drift)
    return abs(drift - before) <= STEADY_WITHIN_S
