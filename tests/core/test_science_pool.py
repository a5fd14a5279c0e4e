"""A pool's forecast always answers, and never promises more time than there is."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.reservoir import (
    forecast_pool,
    inflow_from_levels_m3s,
    time_to_level_s,
    weir_outflow_m3s,
)

LEVELS = np.arange(90, 110.01, 0.5)
TABLE: dict[str, Any] = {
    "levels_m": LEVELS,
    "storage_m3": 2e5 * (LEVELS - 90) + 2e3 * (LEVELS - 90) ** 2,
    "outflow_m3s": weir_outflow_m3s(LEVELS, crest_m=100.0, width_m=12.0),
}
LEVEL = st.floats(80, 120) | st.just(float("nan"))
SERIES = st.lists(LEVEL, min_size=1, max_size=30).filter(lambda row: not np.isnan(row).all())
STEP = st.sampled_from([300.0, 900.0, 3600.0])


@given(SERIES, STEP, st.floats(0.5, 24))
def test_any_levels_have_a_forecast(series, dt_s, hours):
    made = forecast_pool(series, **TABLE, dt_s=dt_s, hours=hours)
    newest = [level for level in series if not np.isnan(level)][-1]
    assert made.time_s[0] == 0
    assert made.time_s[-1] == pytest.approx(np.ceil(hours * 3600 / dt_s - 1e-9) * dt_s)
    assert np.all(np.isfinite(made.level_m))
    assert made.level_m[0] == pytest.approx(max(newest, LEVELS[0]))
    assert np.all(made.level_m >= LEVELS[0])
    assert np.all(made.inflow_m3s >= 0)
    assert made.is_at_least.any() <= (made.leaves_table_s is not None)
    assert made.is_at_least[0] == (newest > LEVELS[-1] or made.leaves_table_s == 0)


@given(SERIES, STEP, st.floats(85, 115), st.floats(0, 10))
def test_a_higher_level_is_reached_no_earlier(series, dt_s, level, more):
    made = forecast_pool(series, **TABLE, dt_s=dt_s)
    lower, higher = (time_to_level_s(made, level_m=each) for each in (level, level + more))
    assert higher is None or (lower is not None and lower <= higher)
    if lower is None:
        assert made.level_m.max() < level


@given(SERIES, STEP, st.floats(0, 300), st.floats(91, 109))
def test_rain_to_come_never_gives_more_time(series, dt_s, rain, level):
    dry = forecast_pool(series, **TABLE, dt_s=dt_s)
    added = np.full(dry.time_s.size, rain)
    wet = forecast_pool(series, **TABLE, dt_s=dt_s, rain_inflow_m3s=added)
    assert np.all(wet.level_m >= dry.level_m - 1e-9)
    in_dry, in_wet = (time_to_level_s(each, level_m=level) for each in (dry, wet))
    assert in_dry is None or (in_wet is not None and in_wet <= in_dry + 1e-6)


def test_one_level_stands_still():
    made = forecast_pool([102.0], **TABLE, dt_s=3600.0)
    assert made.level_m == pytest.approx(np.full(7, 102.0))
    assert made.inflow_m3s[0] == pytest.approx(weir_outflow_m3s(102.0, crest_m=100, width_m=12))


def test_a_missing_reading_does_not_change_a_steady_rise():
    rising = 95 + 0.02 * np.arange(13)
    gaps = rising.copy()
    gaps[[5, 11]] = np.nan
    one = forecast_pool(rising, **TABLE, dt_s=300.0)
    other = forecast_pool(gaps, **TABLE, dt_s=300.0)
    assert other.level_m == pytest.approx(one.level_m, abs=0.02)
    # The newest reading is missing: time counts from the one before.
    late = forecast_pool([*rising, np.nan], **TABLE, dt_s=300.0)
    assert np.array_equal(late.level_m, one.level_m)
    # Only two readings in a day: they are the trend.
    sparse = np.full(289, np.nan)
    sparse[[0, 288]] = 95.0, 99.8
    assert forecast_pool(sparse, **TABLE, dt_s=300.0).inflow_m3s[0] > 0


def test_a_falling_pool_has_no_inflow_and_stays_over_its_bottom():
    made = forecast_pool([92.0, 91.5, 91.0], **TABLE, dt_s=3600.0)
    assert made.inflow_m3s[0] == 0
    assert np.all(made.level_m >= 90)
    assert time_to_level_s(made, level_m=92.0) is None
    assert time_to_level_s(made, level_m=90.5) == 0


def test_a_pool_over_its_table_is_told_at_once():
    made = forecast_pool([111.0, 111.5], **TABLE, dt_s=3600.0)
    assert made.leaves_table_s == 0
    assert made.is_at_least.all()
    assert made.level_m == pytest.approx(np.full(7, 111.5))
    assert time_to_level_s(made, level_m=113.0) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level_m": [np.nan]}, "one at least is known"),
        ({"level_m": [np.inf]}, "finite"),
        ({"level_m": 100.0}, "one axis"),
        ({"dt_s": 0.0}, "positive"),
        ({"hours": -1.0}, "positive"),
        ({"rain_inflow_m3s": [1.0]}, "7 values"),
        ({"rain_inflow_m3s": [np.nan] * 7}, "missing"),
        ({"storage_m3": TABLE["storage_m3"][::-1]}, "rise"),
    ],
)
def test_impossible_values_are_refused(change, words):
    call = {"level_m": [100.0, 100.1], "dt_s": 3600.0} | TABLE | change
    with pytest.raises(ValueError, match=words):
        forecast_pool(call.pop("level_m"), **call)
    with pytest.raises(ValueError, match="one axis"):
        inflow_from_levels_m3s([[1.0]], **TABLE, dt_s=60.0)
