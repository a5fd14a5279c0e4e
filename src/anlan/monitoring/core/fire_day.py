"""The weather of one day as the indices of fire danger ask for it.

A fire day ends at two in the afternoon, when the air is driest: the extremes are those of the 24
hours before. The Canadian index asks for the weather at noon by the sun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from anlan.monitoring.core.columns import Bools, Columns, Floats, Ints

BEIJING: Final = ZoneInfo("Asia/Shanghai")
ENDS_AT: Final = time(14, 0)
RAIN_DAYS: Final = 10
"""How many days are looked back on for the last rain; beyond them the driest step counts anyway."""
NEAR_NOON_US: Final = 90 * 60 * 1_000_000
_MERIDIAN_DEG: Final = 120.0
_US_PER_DEG: Final = 4 * 60 * 1_000_000
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True)
class Elements:
    """The numbers of the elements that a fire day is made of."""

    temperature: int
    humidity: int
    wind: int
    rain: int


@dataclass(frozen=True)
class FireDay:
    """The weather of N stations, NaN where it is not known.

    Temperature in C, humidity in %, wind in m/s, rain in mm. `rain_by_day` has shape
    (RAIN_DAYS, N), the last day in its last row.
    """

    max_temperature: Floats
    min_humidity: Floats
    max_wind: Floats
    rain_by_day: Floats
    noon_temperature: Floats
    noon_humidity: Floats
    noon_wind: Floats
    noon_rain: Floats


def end_of_fire_day(day: date) -> datetime:
    """Return when the fire day of a date ends."""
    return datetime.combine(day, ENDS_AT, tzinfo=BEIJING)


def looked_back_on(day: date) -> datetime:
    """Return from when on the weather of a fire day is asked for."""
    return end_of_fire_day(day) - timedelta(days=RAIN_DAYS)


def fire_day(
    rows: Columns, *, stations: Sequence[int], lons: Floats, end_us: int, of: Elements
) -> FireDay:
    """Return the weather of the stations for the fire day that ends at an instant (µs)."""
    number = np.array(stations, dtype=np.int64)
    order = np.argsort(number)
    at = order[np.searchsorted(number, rows.stations, sorter=order) % max(number.size, 1)]
    last = (rows.micros > end_us - _DAY_US) & (rows.micros <= end_us)
    size = number.size

    def of_last_day(element: int) -> Bools:
        return np.asarray(last & (rows.elements == element))

    noon = end_us - 2 * 3_600_000_000 + ((_MERIDIAN_DEG - lons) * _US_PER_DEG).astype(np.int64)
    return FireDay(
        max_temperature=_extreme(rows, at, of_last_day(of.temperature), size=size, sign=1),
        min_humidity=_extreme(rows, at, of_last_day(of.humidity), size=size, sign=-1),
        max_wind=_extreme(rows, at, of_last_day(of.wind), size=size, sign=1),
        rain_by_day=_by_day(rows, at, rows.elements == of.rain, size=size, end_us=end_us),
        noon_temperature=_nearest(rows, at, rows.elements == of.temperature, noon=noon),
        noon_humidity=_nearest(rows, at, rows.elements == of.humidity, noon=noon),
        noon_wind=_nearest(rows, at, rows.elements == of.wind, noon=noon),
        noon_rain=_before_noon(rows, at, rows.elements == of.rain, noon=noon),
    )


def _extreme(rows: Columns, at: Ints, mine: Bools, *, size: int, sign: int) -> Floats:
    found = np.full(size, -np.inf)
    np.maximum.at(found, at[mine], sign * rows.values[mine])
    return np.where(np.isinf(found), np.nan, sign * found)


def _by_day(rows: Columns, at: Ints, mine: Bools, *, size: int, end_us: int) -> Floats:
    day = RAIN_DAYS - 1 - (end_us - rows.micros) // _DAY_US
    mine = mine & (day >= 0) & (day < RAIN_DAYS)
    cell = (day * size + at)[mine]
    count = RAIN_DAYS * size
    sums = np.bincount(cell, weights=rows.values[mine], minlength=count)
    heard = np.bincount(cell, minlength=count) > 0
    return np.where(heard, sums, np.nan).reshape(RAIN_DAYS, size)


def _nearest(rows: Columns, at: Ints, mine: Bools, *, noon: Ints) -> Floats:
    """Return the value measured nearest to each station's noon, within an hour and a half."""
    found = np.full(noon.size, np.nan)
    away = np.abs(rows.micros - noon[at]) if noon.size else rows.micros
    places = np.flatnonzero(mine & (away <= NEAR_NOON_US))
    # The nearest comes last and stays.
    for place in places[np.argsort(-away[places], kind="stable")].tolist():
        found[at[place]] = rows.values[place]
    return found


def _before_noon(rows: Columns, at: Ints, mine: Bools, *, noon: Ints) -> Floats:
    """Return the rain of the 24 hours before noon; without a reading it is taken for dry."""
    if not noon.size:
        return np.zeros(0)
    ago = noon[at] - rows.micros
    mine = mine & (ago >= 0) & (ago < _DAY_US)
    rain = np.bincount(at[mine], weights=rows.values[mine], minlength=noon.size)
    return np.asarray(rain, dtype=np.float64)
