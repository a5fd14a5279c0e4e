"""Compute the Canadian fire weather index from the weather at noon, day after day.

The equations are those of Van Wagner and Pickett (1985), Equations and FORTRAN program for the
Canadian Forest Fire Weather Index System, Canadian Forestry Service, Forestry Technical Report 33,
in the form of the cffdrs package of the Canadian Forest Service, whose moisture constant
(147.27723 for 147.2) and equations 12 and 15 are a little more exact. The index has no official
classes in China: compare it with a place's own history before anybody is warned by it.
"""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

# Cells times days that go through the equations at a time, so that they stay in the cache.
BLOCK = 4096

# What an instrument can have seen. Humidity a little over 100 % is taken as 100 %.
LIMITS = (
    ("temperature", "C", -90.0, 60.0),
    ("humidity", "%", 0.0, 105.0),
    ("wind", "km/h", 0.0, 400.0),
    ("rain", "mm", 0.0, 2000.0),
)

# Effective hours of drying by month, for the duff moisture code, from south to north: 40 S
# (latitude below -30), 20 S (below -10), equator (below 10), 20 N (below 30), 46 N.
# Source: cffdrs, duff_moisture_code.r, after Lawson and Armitage (2008).
LATITUDES_OF_DAY_LENGTH = (-30.0, -10.0, 10.0, 30.0)
DAY_LENGTHS_H = np.array(
    [
        [11.5, 10.5, 9.2, 7.9, 6.8, 6.2, 6.5, 7.4, 8.7, 10.0, 11.2, 11.8],
        [10.1, 9.6, 9.1, 8.5, 8.1, 7.8, 7.9, 8.3, 8.9, 9.4, 9.9, 10.2],
        [9.0] * 12,
        [7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8],
        [6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0],
    ]
)

# Seasonal part of evaporation by month, for the drought code: south of 20 S, between, north of
# 20 N. Source: cffdrs, drought_code.r. (GFWED and xclim after it divide both at 15 degrees and
# take 1.39 between; north of 30 N all agree.)
LATITUDES_OF_EVAPORATION = (-20.0, 20.0)
EVAPORATION = np.array(
    [
        [6.4, 5.0, 2.4, 0.4, -1.6, -1.6, -1.6, -1.6, -1.6, 0.9, 3.8, 5.8],
        [1.4] * 12,
        [-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6],
    ]
)


class FireCodes(NamedTuple):
    """The moisture codes that one day hands to the next; each of shape (cells,) or one number."""

    ffmc: ArrayLike
    dmc: ArrayLike
    dc: ArrayLike


# How a season starts after snow melt or where nothing is known.
START = FireCodes(85.0, 6.0, 15.0)


@dataclass(frozen=True, slots=True)
class FireWeather:
    """Codes and indices, without unit, each of shape (days, cells), and what to carry on."""

    ffmc: Floats
    dmc: Floats
    dc: Floats
    isi: Floats
    bui: Floats
    fwi: Floats
    carried: FireCodes

    @property
    def dsr(self) -> Floats:
        """Return the daily severity rating, equation 31."""
        return np.asarray(0.0272 * self.fwi**1.77, dtype=np.float64)


def fire_weather_index(
    temperature_c: ArrayLike,
    *,
    humidity_pct: ArrayLike,
    wind_km_h: ArrayLike,
    rain_mm: ArrayLike,
    month: ArrayLike,
    latitude_deg: ArrayLike,
    start: FireCodes = START,
) -> FireWeather:
    """Return fine fuel, duff and drought codes and the indices made of them for every day.

    The weather is that at local noon, rain that of the 24 hours before, each of shape
    (days, cells); `month` is 1 to 12, of shape (days,), `latitude_deg` of shape (cells,) or one
    number. `start` holds the codes of the day before the first: to append a day, give the
    `carried` of yesterday's result and that day alone, shape (1, cells). A value that is missing
    (NaN) makes all six results of that cell and day NaN, and the next day goes on from the codes
    of the day before. Raises ValueError for other shapes, and weather, months, latitudes or codes
    out of range. The first call of a process loads the compiled loops, which takes seconds where
    no cache of them exists.
    """
    weather = _checked_weather(temperature_c, humidity_pct, wind_km_h, rain_mm)
    days, cells = weather[0].shape
    drying = _Drying(month, latitude_deg, days=days, cells=cells)
    codes = _checked_codes(start, cells=cells)
    values = np.empty((6, days, cells))
    rows = max(1, BLOCK // max(1, cells))
    for begin in range(0, days, rows):
        end = min(begin + rows, days)
        block = np.stack([each[begin:end].ravel() for each in weather])
        _check_limits(block, first_day=begin, cells=cells)
        made = _advance(block, drying=drying.between(begin, end), codes=codes)
        values[:, begin:end] = made.reshape(6, end - begin, cells)
    ffmc, dmc, dc, isi, bui, fwi = values
    return FireWeather(ffmc, dmc, dc, isi, bui, fwi, carried=FireCodes(*codes))


def day_lengths_h(month: ArrayLike, *, latitude_deg: ArrayLike) -> Floats:
    """Return the effective hours of drying; both arguments broadcast.

    Raises ValueError for a month outside 1 to 12 or a latitude outside -90 to 90.
    """
    band = np.digitize(_checked_latitudes(latitude_deg), LATITUDES_OF_DAY_LENGTH)
    return np.asarray(DAY_LENGTHS_H[band, _checked_months(month)], dtype=np.float64)


def evaporation_factors(month: ArrayLike, *, latitude_deg: ArrayLike) -> Floats:
    """Return the seasonal part of the evaporation of the drought code, arguments as above."""
    band = np.digitize(_checked_latitudes(latitude_deg), LATITUDES_OF_EVAPORATION, right=True)
    return np.asarray(EVAPORATION[band, _checked_months(month)], dtype=np.float64)


def _kernels() -> ModuleType:
    """Return the compiled loops; the import of numba waits until they are needed."""
    return import_module("anlan.science._fire_weather_kernels")


def _advance(weather: Floats, *, drying: Floats, codes: Floats) -> Floats:
    """Return codes and indices, shape (6, N), of weather (4, N); bring the codes forward."""
    kernels = _kernels()
    values, fuel = np.empty((6, weather.shape[1])), np.empty_like(weather)
    np.minimum(weather[1], 100.0, out=weather[1])
    kernels.fill_fuel(fuel, weather)
    kernels.carry_codes(values, weather, fuel, drying, codes)
    kernels.fill_indices(values, weather)
    return values


class _Drying:
    """Day length and seasonal evaporation by month and cell."""

    def __init__(self, month: ArrayLike, latitude_deg: ArrayLike, *, days: int, cells: int) -> None:
        self.months = _checked_months(month)
        if self.months.shape != (days,):
            raise ValueError("each day has one month")
        latitudes = np.broadcast_to(_checked_latitudes(latitude_deg), (cells,))
        every_month = np.arange(1, 13)[:, np.newaxis]
        self.table = np.stack(
            [
                day_lengths_h(every_month, latitude_deg=latitudes),
                evaporation_factors(every_month, latitude_deg=latitudes),
            ]
        )

    def between(self, begin: int, end: int) -> Floats:
        """Return both for some days, shape (2, days x cells)."""
        return np.ascontiguousarray(self.table[:, self.months[begin:end]]).reshape(2, -1)


def _checked_weather(*weather: ArrayLike) -> list[Floats]:
    arrays = [np.asarray(each, dtype=np.float64) for each in weather]
    if arrays[0].ndim != 2 or any(each.shape != arrays[0].shape for each in arrays):
        raise ValueError("temperature, humidity, wind and rain have one shape: days, cells")
    return arrays


def _checked_months(month: ArrayLike) -> Integers:
    """Return months counted from 0."""
    months = np.asarray(month)
    if not np.all((months >= 1) & (months <= 12) & (months % 1 == 0)):
        raise ValueError("a month is a whole number from 1 to 12")
    return months.astype(np.intp) - 1


def _checked_latitudes(latitude_deg: ArrayLike) -> Floats:
    latitudes = np.asarray(latitude_deg, dtype=np.float64)
    if not np.all(np.abs(latitudes) <= 90):
        raise ValueError("a latitude lies between -90 and 90 degrees")
    return latitudes


def _checked_codes(start: FireCodes, *, cells: int) -> Floats:
    """Return a copy of the codes as an array of shape (3, cells)."""
    codes = np.empty((3, cells))
    for row, code in enumerate(start):
        codes[row] = np.asarray(code, dtype=np.float64)
    if not (np.all(codes >= 0) and np.all(np.isfinite(codes)) and np.all(codes[0] <= 101)):
        raise ValueError("codes to start from are not negative, and the FFMC is at most 101")
    return codes


def _check_limits(block: Floats, *, first_day: int, cells: int) -> None:
    """Raise ValueError, naming the first value of a block (4, N) that cannot be true."""
    if not _kernels().is_out_of_range(block, np.array([limit[2:] for limit in LIMITS])):
        return
    for (name, unit, low, high), values in zip(LIMITS, block, strict=True):
        for place in np.flatnonzero((values < low) | (values > high)):
            day, cell = divmod(int(place), cells)
            raise ValueError(
                f"{name} on day {first_day + day} in cell {cell} is {values[place]:g} {unit}: "
                f"it lies between {low:g} and {high:g} {unit}, or is NaN where it is missing"
            )
