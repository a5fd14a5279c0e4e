"""HTZ: hotter, drier, windier and longer without rain never means less danger."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science.fire_danger_htz import (
    LYT_1172_95,
    LastRain,
    htz_class,
    htz_index,
    last_rain,
)

DAY = st.fixed_dictionaries(
    {
        "max_temperature_c": st.floats(-20, 45),
        "min_humidity_pct": st.floats(0, 100),
        "amount_mm": st.floats(0, 80),
        "days_since": st.integers(0, 40),
        "max_wind_m_s": st.floats(0, 40),
        "green_share": st.floats(0, 1),
        "snow_share": st.floats(0, 1),
    }
)
SERIES = arrays(
    np.float64,
    st.tuples(st.integers(1, 25), st.integers(1, 4)),
    elements=st.sampled_from([0.0, 0.1, 0.2, 0.3, 4.0, 30.0, np.nan]),
)


def index_of(day: dict[str, Any]) -> float:
    values = dict(day)
    rain = LastRain(np.asarray(values.pop("amount_mm")), np.asarray(values.pop("days_since")))
    return float(htz_index(values.pop("max_temperature_c"), last_rain=rain, **values))


@given(DAY, st.floats(0, 15), st.floats(0, 1), st.integers(0, 10))
def test_more_of_what_burns_never_lowers_the_index(day, degrees, share, days):
    base = index_of(day)
    worse = {
        "max_temperature_c": day["max_temperature_c"] + degrees,
        "min_humidity_pct": day["min_humidity_pct"] * share,
        "amount_mm": day["amount_mm"] * share,
        "days_since": day["days_since"] + days,
        "max_wind_m_s": day["max_wind_m_s"] + degrees,
        "green_share": day["green_share"] * share,
        "snow_share": day["snow_share"] * share,
    }
    for name, value in worse.items():
        assert index_of(day | {name: value}) >= base
    assert htz_class(index_of(day | worse)) >= htz_class(base) >= 1


@given(DAY, st.sampled_from(["max_temperature_c", "min_humidity_pct", "amount_mm", "green_share"]))
def test_what_is_missing_has_no_class(day, name):
    assert np.isnan(index_of(day | {name: np.nan}))
    assert htz_class(index_of(day | {name: np.nan})) == 0


def test_stations_and_days_broadcast():
    rain = LastRain(np.array([0.0, 3.0]), np.array([0, 2]))
    day: dict[str, Any] = {
        "min_humidity_pct": 20.0,
        "max_wind_m_s": [[1.0], [9.0]],
        "last_rain": rain,
    }
    assert htz_index(26.0, **day).tolist() == [[95.0, 60.0], [115.0, 80.0]]


@given(SERIES)
def test_the_last_rain_is_the_newest_wet_day(rain):
    found = last_rain(rain)
    for day, station in np.ndindex(*rain.shape):
        wet = [i for i in range(day + 1) if rain[i, station] >= 0.3]
        assert found.amount_mm[day, station] == (rain[wet[-1], station] if wet else 0.0)
        assert found.days_since[day, station] == (day - wet[-1] if wet else day + 1)


@given(SERIES, st.data())
def test_a_day_is_added_to_what_was_known_yesterday(rain, data):
    cut = data.draw(st.integers(0, len(rain)))
    whole, first = last_rain(rain), last_rain(rain[:cut])
    before = LastRain(first.amount_mm[-1], first.days_since[-1]) if cut else None
    rest = last_rain(rain[cut:], before=before)
    assert np.array_equal(np.vstack([first.amount_mm, rest.amount_mm]), whole.amount_mm)
    assert np.array_equal(np.vstack([first.days_since, rest.days_since]), whole.days_since)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("max_temperature_c", 70.0, "temperature"),
        ("min_humidity_pct", -1.0, "humidity"),
        ("amount_mm", -0.5, "rain"),
        ("days_since", -1, "days since rain"),
        ("max_wind_m_s", 200.0, "wind"),
        ("green_share", 50.0, "green share"),
        ("snow_share", -0.1, "snow share"),
    ],
)
def test_impossible_values_are_refused(name, value, words):
    day = {
        "max_temperature_c": 20.0,
        "min_humidity_pct": 40.0,
        "amount_mm": 1.0,
        "days_since": 1,
        "max_wind_m_s": 3.0,
    }
    with pytest.raises(ValueError, match=words):
        index_of(day | {name: value})


def test_tables_and_series_of_another_form_are_refused():
    with pytest.raises(ValueError, match="one more"):
        replace(LYT_1172_95, wind_points=(0, 5))
    with pytest.raises(ValueError, match="same days"):
        replace(LYT_1172_95, rain_points=((1, 2), (1, 2), (1, 2), (1,)))
    with pytest.raises(ValueError, match="two axes"):
        last_rain([1.0, 2.0])
