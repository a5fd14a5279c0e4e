"""The fire weather index keeps to its equations, carries its codes and loads late."""

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science import _fire_weather_kernels as kernels
from anlan.science.fire_weather import (
    BLOCK,
    START,
    FireCodes,
    FireWeather,
    day_lengths_h,
    evaporation_factors,
    fire_weather_index,
)

NAMES = ("ffmc", "dmc", "dc", "isi", "bui", "fwi")
TEMPERATURE, HUMIDITY = st.floats(-30, 45), st.floats(0, 100)
WIND, RAIN = st.floats(0, 90), st.just(0.0) | st.floats(0, 120)
LENGTH_JULY_N, EVAPORATION_JULY_N = 12.4, 6.4
CODES = st.tuples(st.floats(0, 101), st.floats(0, 400), st.floats(0, 1200))


def plain_day(codes, t, h, w, p):
    """Return codes and indices of a day in July in the north, written down line by line."""
    f0, d0, c0 = codes
    k = 147.27723
    m = min(k * (101 - f0) / (59.5 + f0), 250)
    if p > 0.5:
        rf = p - 0.5
        wet = m + 42.5 * rf * math.exp(-100 / (251 - m)) * (1 - math.exp(-6.93 / rf))
        m = min(wet + (0.0015 * (m - 150) ** 2 * math.sqrt(rf) if m > 150 else 0), 250)
    warm = 0.18 * (21.1 - t) * (1 - math.exp(-0.115 * h))
    ed = 0.942 * h**0.679 + 11 * math.exp((h - 100) / 10) + warm
    ew = 0.618 * h**0.753 + 10 * math.exp((h - 100) / 10) + warm
    share = h / 100 if m > ed else 1 - h / 100
    rate = 0.424 * (1 - share**1.7) + 0.0694 * math.sqrt(w) * (1 - share**8)
    left = 10 ** (-rate * 0.581 * math.exp(0.0365 * t))
    m = ed + (m - ed) * left if m > ed else ew - (ew - m) * left if m < ew else m
    ffmc = min(max(59.5 * (250 - m) / (k + m), 0), 101)
    if p > 1.5:
        rw = 0.92 * p - 1.27
        b = 100 / (0.5 + 0.3 * d0) if d0 <= 33 else 14 - 1.3 * math.log(d0)
        b = 6.2 * math.log(d0) - 17.2 if d0 > 65 else b
        mr = 20 + 280 / math.exp(0.023 * d0) + 1000 * rw / (48.77 + b * rw)
        d0 = max(0, 43.43 * (5.6348 - math.log(mr - 20)))
    dmc = d0 + (0 if t < -1.1 else 1.894 * (t + 1.1) * (100 - h) * LENGTH_JULY_N * 1e-4)
    if p > 2.8:
        q = 800 * math.exp(-c0 / 400)
        c0 = max(0, c0 - 400 * math.log(1 + 3.937 * (0.83 * p - 1.27) / q))
    dc = c0 + max(0, (0.36 * (max(t, -2.8) + 2.8) + EVAPORATION_JULY_N) / 2)
    return (ffmc, dmc, dc, *plain_indices(ffmc, dmc, dc, w))


def plain_indices(ffmc, dmc, dc, w):
    m = 147.27723 * (101 - ffmc) / (59.5 + ffmc)
    fine = 91.9 * math.exp(-0.1386 * m) * (1 + m**5.31 / 4.93e7)
    isi = 0.208 * math.exp(0.05039 * w) * fine
    bui = 0.8 * dmc * dc / (dmc + 0.4 * dc) if dmc + dc > 0 else 0
    if dmc > 0.4 * dc:
        bui = dmc - (1 - 0.8 * dc / (dmc + 0.4 * dc)) * (0.92 + (0.0114 * dmc) ** 1.7)
    bui = max(0, bui)
    duff = 0.626 * bui**0.809 + 2 if bui <= 80 else 1000 / (25 + 108.64 * math.exp(-0.023 * bui))
    b = 0.1 * isi * duff
    return isi, bui, b if b <= 1 else math.exp(2.72 * (0.434 * math.log(b)) ** 0.647)


def one_day(codes: tuple[float, float, float], t: float, h: float, w: float, p: float) -> Any:
    return fire_weather_index(
        [[t]],
        humidity_pct=[[h]],
        wind_km_h=[[w]],
        rain_mm=[[p]],
        month=[7],
        latitude_deg=40.0,
        start=FireCodes(*codes),
    )


@settings(max_examples=300)
@given(CODES, TEMPERATURE, HUMIDITY, WIND, RAIN)
def test_every_day_follows_the_equations(codes, t, h, w, p):
    made = one_day(codes, t, h, w, p)
    for name, expected in zip(NAMES, plain_day(codes, t, h, w, p), strict=True):
        assert getattr(made, name)[0, 0] == pytest.approx(expected, rel=1e-10, abs=1e-10), name
    assert made.dsr[0, 0] == pytest.approx(0.0272 * made.fwi[0, 0] ** 1.77)


@given(CODES, TEMPERATURE, HUMIDITY, WIND, RAIN, st.floats(0, 30))
def test_more_rain_never_dries_and_a_dry_day_never_wets_the_deep_layers(codes, t, h, w, p, more):
    less, wetter = one_day(codes, t, h, w, p), one_day(codes, t, h, w, p + more)
    for name, slack in (("ffmc", 1e-9), ("dmc", 1e-3), ("dc", 1e-9)):
        assert getattr(wetter, name)[0, 0] <= getattr(less, name)[0, 0] + slack
    dry = one_day(codes, t, h, w, 0.0)
    assert dry.dmc[0, 0] >= codes[1]
    assert dry.dc[0, 0] >= codes[2]
    assert 0 <= dry.ffmc[0, 0] <= 101


def season(days: int, cells: int) -> dict[str, Any]:
    chance = np.random.default_rng(days * cells)
    return {
        "temperature_c": chance.normal(16, 8, (days, cells)),
        "humidity_pct": chance.uniform(15, 100, (days, cells)),
        "wind_km_h": chance.uniform(0, 40, (days, cells)),
        "rain_mm": np.maximum(chance.normal(-5, 9, (days, cells)), 0.0),
        "month": np.arange(days) // 30 % 12 + 1,
        "latitude_deg": np.linspace(-60, 60, cells),
    }


def part(weather: dict[str, Any], days: slice, cells: slice = slice(None)) -> dict[str, Any]:
    cut = {name: value[days, cells] for name, value in weather.items() if value.ndim == 2}
    return cut | {
        "month": weather["month"][days],
        "latitude_deg": weather["latitude_deg"][cells],
    }


def assert_same(one: FireWeather, other: FireWeather) -> None:
    for name in NAMES:
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True), name


@pytest.mark.parametrize(("days", "cells"), [(40, 7), (3, BLOCK), (3, BLOCK + 5), (2000, 3)])
def test_a_day_is_appended_to_the_codes_of_yesterday(days, cells):
    weather = season(days, cells)
    weather["rain_mm"][days // 2, 0] = np.nan
    whole = fire_weather_index(**weather)
    cut = days // 2 + 1
    first = fire_weather_index(**part(weather, slice(cut)))
    rest = fire_weather_index(**part(weather, slice(cut, days)), start=first.carried)
    for name in NAMES:
        joined = np.concatenate([getattr(first, name), getattr(rest, name)])
        assert joined == pytest.approx(getattr(whole, name), rel=1e-12, nan_ok=True), name
    assert np.array_equal(rest.carried.dc, rest.dc[-1])


def test_cells_do_not_mix():
    weather = season(50, 9)
    whole = fire_weather_index(**weather)
    alone = fire_weather_index(**part(weather, slice(50), slice(4, 5)))
    assert alone.fwi[:, 0] == pytest.approx(whole.fwi[:, 4], rel=1e-12)


@given(
    arrays(np.bool_, (12, 3)),
    st.sampled_from(["temperature_c", "humidity_pct", "wind_km_h", "rain_mm"]),
)
def test_a_missing_day_is_nan_and_the_codes_wait(is_missing, name):
    weather = season(12, 3)
    weather[name] = np.where(is_missing, np.nan, weather[name])
    made = fire_weather_index(**weather)
    for result in NAMES:
        assert np.array_equal(np.isnan(getattr(made, result)), is_missing)
    for cell in range(3):
        there = ~is_missing[:, cell]
        kept = part(weather, there, slice(cell, cell + 1))
        assert fire_weather_index(**kept).fwi[:, 0] == pytest.approx(made.fwi[there, cell])
    if is_missing.all():
        assert np.all(made.carried.ffmc == START.ffmc)


def test_bands_of_latitude():
    at = [-31, -30, -11, -10, 9, 10, 29, 30, 55]
    assert day_lengths_h(6, latitude_deg=at).tolist() == [
        6.2, 7.8, 7.8, 9.0, 9.0, 10.2, 10.2, 13.9, 13.9,
    ]  # fmt: skip
    assert evaporation_factors([1, 7], latitude_deg=[33, 33]).tolist() == [-1.6, 6.4]
    assert evaporation_factors(7, latitude_deg=[-20, -19, 20, 21]).tolist() == [-1.6, 1.4, 1.4, 6.4]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("temperature_c", -91.0, "temperature on day 1 in cell 2 is -91 C"),
        ("humidity_pct", 106.0, "humidity on day 1 in cell 2 is 106 %"),
        ("wind_km_h", -0.1, "wind on day 1 in cell 2"),
        ("rain_mm", math.inf, "rain on day 1 in cell 2"),
    ],
)
def test_impossible_weather_is_named(name, value, words):
    weather = season(3, 4)
    weather[name][1, 2] = value
    with pytest.raises(ValueError, match=words):
        fire_weather_index(**weather)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"month": [1, 2, 13]}, "month"),
        ({"month": [1, 2]}, "one month"),
        ({"month": [1, 2, 2.5]}, "month"),
        ({"latitude_deg": 91.0}, "latitude"),
        ({"latitude_deg": math.nan}, "latitude"),
        ({"rain_mm": np.zeros((3, 5))}, "one shape"),
        ({"start": FireCodes(102.0, 6.0, 15.0)}, "FFMC"),
        ({"start": FireCodes(85.0, -1.0, 15.0)}, "codes"),
        ({"start": FireCodes(85.0, 6.0, math.nan)}, "codes"),
    ],
)
def test_other_errors_are_told(change, words):
    with pytest.raises(ValueError, match=words):
        fire_weather_index(**(season(3, 4) | change))


def test_a_humidity_a_little_over_100_is_100():
    assert_same(one_day((85, 6, 15), 10, 104.0, 5, 0), one_day((85, 6, 15), 10, 100.0, 5, 0))


def test_nothing_in_is_nothing_out():
    assert fire_weather_index(**part(season(5, 3), slice(0))).fwi.shape == (0, 3)
    assert fire_weather_index(**part(season(5, 3), slice(5), slice(0))).fwi.shape == (5, 0)


def test_numba_waits_until_it_is_needed():
    program = "import sys, anlan.science.fire_weather; print('numba' in sys.modules)"
    asked = [sys.executable, "-c", program]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_loops_compile_where_no_cache_can_be_kept(monkeypatch):
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [])

    def double(x: float) -> float:
        return 2.0 * x

    assert kernels.compiled("f8(f8)")(double)(21.0) == 42.0


def test_the_disk_being_full_does_not_stop_the_loops(monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)

    def treble(x: float) -> float:
        return 3.0 * x

    assert kernels.compiled("f8(f8)")(treble)(14.0) == 42.0
