"""What a station is held against, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from anlan.monitoring.data import Measure

FALLS_TO = 0.9  # a sum has fallen when it is under nine tenths of its threshold
FALLS_BY = 0.1  # a level has fallen when it is so far under its threshold, in its unit
HOLD = timedelta(hours=1)  # and stays there for this long

SUMS = frozenset({Measure.SUM, Measure.ANTECEDENT})

DRY, NORMAL, WET = 0.2, 0.5, 0.8
"""Antecedent rain as a share of what the soil can hold, at which the three limits apply."""


@dataclass(frozen=True, order=True)
class Key:
    """What an exceedance stands for: a station in a hazard, and one village or all it covers."""

    station_id: int
    hazard: str
    village: str = ""


@dataclass(frozen=True)
class Policy:
    """How a version of a rule is judged; version 0 is the house's own way."""

    version: int = 0
    for_s: int = 0
    needed: int = 1
    falls_to: float = FALLS_TO
    falls_by: float = FALLS_BY
    clear_after: timedelta = HOLD

    @property
    def is_special(self) -> bool:
        """Tell whether one station's values at one moment do not decide alone."""
        return self.for_s > 0 or self.needed > 1


PLAIN = Policy()


@dataclass(frozen=True)
class Limit:
    """One condition as it applies to one key: a measure of a series at or over a value.

    `series` is the station and element that is measured. `by_wetness` are the limits for dry,
    normal and wet soil, with what the soil can hold; then `value` is the driest.
    """

    key: Key
    series: tuple[int, int]
    measure: Measure
    window: int
    colour: int
    value: float
    threshold_id: int = 0
    critical_rain_id: int = 0
    together: str = ""
    by_wetness: tuple[float, float, float, float] | None = None
    policy: Policy = PLAIN

    @property
    def alternative(self) -> tuple[object, ...]:
        """Return what names the conditions that hold only together with this one."""
        own = (self.threshold_id, self.critical_rain_id, self.colour) if not self.together else ()
        return (self.key, self.policy.version, self.colour, self.together, own)


@dataclass(frozen=True)
class Hit:
    """The limit by which a key reaches a colour, the value that reaches it, and its instant."""

    limit: Limit
    value: float
    against: float
    at: datetime


@dataclass(frozen=True)
class Standing:
    """An open exceedance."""

    id: int
    colour: int
    below_since: datetime | None


def limits_of(
    own: Sequence[Limit], *, defaults: Sequence[Limit], covered: Mapping[str, Sequence[int]]
) -> list[Limit]:
    """Return every limit that applies: own ones first, defaults where a station has none.

    `defaults` carry station 0; `covered` names the stations that speak for a hazard. A default
    gives way to a station's own limits of the same rule only.
    """
    has_own = {(x.key.station_id, x.key.hazard, x.policy.version) for x in own}
    applied = list(own)
    for default in defaults:
        hazard = default.key.hazard
        for station_id in covered.get(hazard, ()):
            if (station_id, hazard, default.policy.version) not in has_own:
                measured_at = default.series[0] or station_id
                applied.append(
                    replace(
                        default,
                        key=replace(default.key, station_id=station_id),
                        series=(measured_at, default.series[1]),
                    )
                )
    return applied


def in_season(day: str, *, start: str, until: str) -> bool:
    """Tell whether a day (MM-DD) lies in a season that may run over the turn of the year."""
    if not start:
        return True
    return start <= day <= until if start <= until else day >= start or day <= until
