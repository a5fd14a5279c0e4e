"""Compute the national forest fire weather index HTZ of LY/T 1172-95 and its class.

HTZ = A + B + C + D - E: points for the day's highest temperature, its lowest humidity, the last
rain and the days since, and its strongest wind, less points for green plants or snow. The points
are tables, passed in as data, because the print of the standard was not at hand.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Rain below this, in mm a day, counts as none.
LEAST_RAIN_MM = 0.3


@dataclass(frozen=True, slots=True)
class HtzTables:
    """Points by step, where the steps came from, and how far they can be trusted.

    A step holds values up to and with its bound, as printed: temperature and rain to 0.1, wind to
    0.1 m/s, humidity to 1 %. `humidity_pct` holds the lowest humidity of each step, falling.
    `rain_points` has a row for each amount and a column for the days since: the same day, 1, 2
    and so on, the last for that many or more. `cover` has rows of green share, snow share and
    points: either share suffices. `classes` holds the highest index of classes 1 to 4.
    """

    temperature_c: tuple[float, ...]
    temperature_points: tuple[int, ...]
    humidity_pct: tuple[float, ...]
    humidity_points: tuple[int, ...]
    rain_mm: tuple[float, ...]
    rain_points: tuple[tuple[int, ...], ...]
    wind_m_s: tuple[float, ...]
    wind_points: tuple[int, ...]
    cover: tuple[tuple[float, float, int], ...]
    classes: tuple[int, int, int, int]
    source: str
    mark: str

    def __post_init__(self) -> None:
        """Raise ValueError unless each table has a point for each step."""
        steps = (
            (self.temperature_c, self.temperature_points),
            (self.humidity_pct, self.humidity_points),
            (self.rain_mm, self.rain_points),
            (self.wind_m_s, self.wind_points),
        )
        if any(len(points) != len(bounds) + 1 for bounds, points in steps):
            raise ValueError("each table of points has one more entry than bounds")
        if len({len(row) for row in self.rain_points}) != 1:
            raise ValueError("each amount of rain has points for the same days")


LYT_1172_95 = HtzTables(
    temperature_c=(5.0, 10.0, 15.0, 20.0, 25.0),
    temperature_points=(0, 4, 8, 12, 16, 20),
    humidity_pct=(71.0, 61.0, 51.0, 41.0, 31.0),
    humidity_points=(0, 4, 8, 12, 16, 20),
    rain_mm=(2.0, 5.0, 10.0),
    rain_points=(
        (10, 15, 20, 25, 30, 35, 40, 45, 50),
        (5, 10, 15, 20, 25, 30, 35, 40, 45),
        (0, 5, 10, 15, 20, 25, 30, 35, 40),
        (0, 0, 5, 10, 15, 20, 25, 30, 35),
    ),
    wind_m_s=(0.2, 1.5, 3.3, 5.4, 7.9, 10.7, 13.8, 17.1),
    wind_points=(0, 5, 10, 15, 20, 25, 30, 35, 40),
    cover=((1.0, 0.9, 20), (0.75, 0.6, 15), (0.5, 0.3, 10), (0.2, 0.1, 5)),
    classes=(25, 50, 72, 90),
    source=(
        "LY/T 1172-95, from second hand. All tables: the fire page of the Huanglongshan reserve, "
        "Shaanxi (github.com/tossgoon/travel, WeatherAction.java). A, D and the steps of B also: "
        "Lü Weiwei et al. 2020, doi 10.12677/wjf.2020.93016, tables 5, 6, 9, where B has other "
        "bounds for the humidity at 14 h. QX/T 77-2007 has the same points divided by 1.3."
    ),
    mark="confirmed by two public uses (A, D), one (B, C, E); the standard itself not seen",
)

# Smaller steps of A and B that are handed down too: those of QX/T 77-2007, divided by 1.3 and
# rounded, beside C and D undivided. They give up to 10 points less and so warn later.
LYT_1172_95_SMALL_STEPS = replace(
    LYT_1172_95,
    temperature_points=(0, 4, 6, 9, 13, 15),
    humidity_points=(0, 3, 6, 9, 12, 15),
    source="A and B from memory; they look like QX/T 77-2007 divided by 1.3. The rest as above.",
    mark="not confirmed: contradicted by the sources of the default tables",
)


class LastRain(NamedTuple):
    """Amount in mm of the last day with rain, 0 where none is known, and whole days since."""

    amount_mm: Floats
    days_since: Integers


def htz_index(
    max_temperature_c: ArrayLike,
    *,
    min_humidity_pct: ArrayLike,
    last_rain: LastRain,
    max_wind_m_s: ArrayLike,
    green_share: ArrayLike = 0.0,
    snow_share: ArrayLike = 0.0,
    tables: HtzTables = LYT_1172_95,
) -> Floats:
    """Return the index HTZ in points; all arguments broadcast, and NaN gives NaN.

    Temperature in C and humidity in % are the day's extremes, the wind is the day's strongest at
    10 m in m/s, the shares of ground under green plants and under snow are 0 to 1. Where no rain
    is known the driest entry of C counts. Raises ValueError for values out of range.
    """
    temperature, humidity, wind, rain, days, green, snow = np.broadcast_arrays(
        _checked("temperature", max_temperature_c, low=-70.0, high=60.0, decimals=1),
        _checked("humidity", min_humidity_pct, low=0.0, high=105.0, decimals=0),
        _checked("wind", max_wind_m_s, low=0.0, high=120.0, decimals=1),
        _checked("rain", last_rain.amount_mm, low=0.0, high=2000.0, decimals=1),
        _checked("days since rain", last_rain.days_since, low=0.0, high=np.inf, decimals=0),
        _checked("green share", green_share, low=0.0, high=1.0, decimals=3),
        _checked("snow share", snow_share, low=0.0, high=1.0, decimals=3),
    )
    hot = _points(temperature, bounds=tables.temperature_c, points=tables.temperature_points)
    bounds = tuple(-bound for bound in tables.humidity_pct)
    dry = _points(-humidity, bounds=bounds, points=tables.humidity_points)
    windy = _points(wind, bounds=tables.wind_m_s, points=tables.wind_points)
    index = hot + dry + _rain_points(rain, days, tables=tables) + windy
    return np.asarray(index - _cover_points(green, snow, tables=tables), dtype=np.float64)


def htz_class(index: ArrayLike, *, tables: HtzTables = LYT_1172_95) -> Integers:
    """Return the class, 1 (none) to 5 (extreme), of each index; 0 where it is missing.

    1 cannot burn, 2 hardly, 3 rather easily, 4 easily, 5 most easily.
    """
    points = np.asarray(index, dtype=np.float64)
    found = 1 + np.digitize(points, tables.classes, right=True)
    return np.where(np.isnan(points), 0, found).astype(np.int64)


def last_rain(rain_mm: ArrayLike, *, before: LastRain | None = None) -> LastRain:
    """Return for each day the last rain and the days since, of daily rain (days, stations).

    A day with less than 0.3 mm, or with no reading (NaN), counts as dry: so danger is not played
    down. `before` is what stood at the end of the day before the first, each of shape
    (stations,): give yesterday's last row and today alone to go on. Without it no rain is known.
    Raises ValueError for negative rain or another shape.
    """
    rain = _checked("rain", rain_mm, low=0.0, high=2000.0, decimals=1)
    if rain.ndim != 2:
        raise ValueError("rain has two axes: days and stations")
    days, stations = rain.shape
    amount, since = before or LastRain(np.zeros(stations), np.zeros(stations, dtype=np.int64))
    rained = rain >= LEAST_RAIN_MM
    row = np.arange(1, days + 1)[:, np.newaxis]
    # Row 0 stands for what was before; each day looks back to the newest row with rain.
    newest = np.maximum.accumulate(np.where(rained, row, 0), axis=0)
    amounts = np.vstack([amount, rain])
    return LastRain(
        np.take_along_axis(amounts, newest, axis=0),
        np.where(newest > 0, row - newest, since + row).astype(np.int64),
    )


def _points(values: Floats, *, bounds: tuple[float, ...], points: tuple[int, ...]) -> Floats:
    """Return the points of the step of each value; NaN for NaN."""
    found = np.asarray(points, dtype=np.float64)[np.digitize(values, bounds, right=True)]
    return np.where(np.isnan(values), np.nan, found)


def _rain_points(rain: Floats, days: Floats, *, tables: HtzTables) -> Floats:
    """Return C, the driest entry where less than 0.3 mm are known."""
    points = np.asarray(tables.rain_points, dtype=np.float64)
    column = np.nan_to_num(np.minimum(days, points.shape[1] - 1)).astype(np.intp)
    found = points[np.digitize(rain, tables.rain_mm, right=True), column]
    found = np.where(rain < LEAST_RAIN_MM, points.max(), found)
    return np.where(np.isnan(rain) | np.isnan(days), np.nan, found)


def _cover_points(green: Floats, snow: Floats, *, tables: HtzTables) -> Floats:
    """Return E, the most points of those whose green or snow share is reached."""
    reached = [
        np.where((green >= green_share) | (snow >= snow_share), float(points), 0.0)
        for green_share, snow_share, points in tables.cover
    ]
    return np.where(np.isnan(green) | np.isnan(snow), np.nan, np.max(reached, axis=0))


def _checked(name: str, values: ArrayLike, *, low: float, high: float, decimals: int) -> Floats:
    """Return values as the tables print them; raise ValueError where one is out of range."""
    numbers = np.asarray(values, dtype=np.float64)
    if np.any((numbers < low) | (numbers > high)):
        raise ValueError(f"{name} lies between {low:g} and {high:g}, or is NaN where it is missing")
    return np.round(numbers, decimals)
