"""HTZ of LY/T 1172-95 against a worked day and every entry of its tables."""

from typing import Any

import numpy as np
import pytest

from anlan.science.fire_danger_htz import (
    LYT_1172_95,
    LYT_1172_95_SMALL_STEPS,
    HtzTables,
    LastRain,
    htz_class,
    htz_index,
)

CALM_DAY: dict[str, Any] = {"min_humidity_pct": 80.0, "max_wind_m_s": 0.0, "green_share": 0.0}


def rain(amount: float, days: int) -> LastRain:
    return LastRain(np.asarray(amount), np.asarray(days))


@pytest.mark.parametrize(("tables", "expected"), [(LYT_1172_95, 67), (LYT_1172_95_SMALL_STEPS, 60)])
def test_a_worked_day(tables: HtzTables, expected: int):
    # 22 C, 38 %, 6 mm five days ago, force 4, half green: 16 + 16 + 25 + 20 - 10, or with the
    # small steps 13 + 12 + 25 + 20 - 10.
    index = htz_index(
        22.0,
        min_humidity_pct=38.0,
        last_rain=rain(6.0, 5),
        max_wind_m_s=6.5,
        green_share=0.5,
        tables=tables,
    )
    assert index == expected
    assert htz_class(index) == 3


def test_the_classes_at_their_edges():
    index = [-20, 25, 26, 50, 51, 72, 73, 90, 91, 130, np.nan]
    assert htz_class(index).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0]


@pytest.mark.parametrize(
    ("temperature", "points"),
    [
        *((-9.0, 0), (5.0, 0), (5.04, 0), (5.1, 4), (10.0, 4), (10.1, 8), (15.0, 8)),
        *((15.1, 12), (20.0, 12), (20.1, 16), (25.0, 16), (25.1, 20), (41.0, 20)),
    ],
)
def test_points_for_temperature(temperature, points):
    assert htz_index(temperature, last_rain=rain(11, 0), **CALM_DAY) == points


@pytest.mark.parametrize(
    ("humidity", "points"),
    [
        *((100, 0), (71, 0), (70, 4), (61, 4), (60, 8), (51, 8), (50, 12), (41, 12)),
        *((40, 16), (31, 16), (30, 20), (5, 20)),
    ],
)
def test_points_for_humidity(humidity, points):
    day = CALM_DAY | {"min_humidity_pct": humidity}
    assert htz_index(0.0, last_rain=rain(11, 0), **day) == points


@pytest.mark.parametrize(
    ("wind", "points"),
    [
        *((0.2, 0), (0.3, 5), (1.6, 10), (3.4, 15), (5.5, 20), (8.0, 25), (10.8, 30)),
        *((17.1, 35), (17.2, 40), (40.0, 40)),
    ],
)
def test_points_for_wind(wind, points):
    day = CALM_DAY | {"max_wind_m_s": wind}
    assert htz_index(0.0, last_rain=rain(11, 0), **day) == points


@pytest.mark.parametrize(
    ("amount", "first"), [(0.3, 10), (2.0, 10), (2.1, 5), (5.0, 5), (5.1, 0), (10.0, 0)]
)
def test_points_for_rain_grow_by_five_a_day(amount, first):
    points = htz_index(0.0, last_rain=LastRain(np.full(12, amount), np.arange(12)), **CALM_DAY)
    assert points.tolist() == [first + 5 * min(day, 8) for day in range(12)]


def test_points_for_much_rain_begin_a_day_later():
    points = htz_index(0.0, last_rain=LastRain(np.full(10, 10.1), np.arange(10)), **CALM_DAY)
    assert points.tolist() == [0, 0, 5, 10, 15, 20, 25, 30, 35, 35]


def test_no_rain_known_is_as_dry_as_can_be():
    assert htz_index(0.0, last_rain=rain(0.2, 0), **CALM_DAY) == 50


@pytest.mark.parametrize(
    ("green", "snow", "points"),
    [
        *((1.0, 0, 20), (0.99, 0, 15), (0, 0.9, 20), (0.5, 0.6, 15), (0.2, 0.3, 10)),
        *((0.1, 0.1, 5), (0.19, 0.09, 0)),
    ],
)
def test_points_for_cover(green, snow, points):
    day = CALM_DAY | {"green_share": green, "snow_share": snow}
    assert htz_index(0.0, last_rain=rain(0, 0), **day) == 50 - points
