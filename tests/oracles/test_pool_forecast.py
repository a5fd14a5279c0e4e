"""A forecast of a pool against the routed flood that it should foresee."""

from typing import Any

import numpy as np
import pytest

from anlan.science.reservoir import (
    forecast_pool,
    inflow_from_levels_m3s,
    route_level_pool,
    time_to_level_s,
    weir_outflow_m3s,
)

# The prism of test_flood_routing: 500,000 m2, a weir of 20 m and m = 1.7 at 0 m, hourly steps.
LEVELS = np.arange(0, 6.0005, 0.001)
TABLE: dict[str, Any] = {
    "levels_m": LEVELS,
    "storage_m3": 500_000 * LEVELS,
    "outflow_m3s": weir_outflow_m3s(LEVELS, crest_m=0.0, width_m=20.0, coefficient=1.7),
}
INFLOW = [0, 60, 180, 300, 360, 320, 240, 160, 100, 60, 30, 10, 0, 0, 0]


def test_levels_give_back_the_inflow_that_made_them():
    routed = route_level_pool(INFLOW, **TABLE, dt_s=3600.0, start_level_m=0.0)
    found = inflow_from_levels_m3s(routed.level_m, **TABLE, dt_s=3600.0)
    assert found == pytest.approx(np.convolve(INFLOW, [0.5, 0.5], mode="valid"), abs=1e-6)


def test_a_steady_inflow_is_foreseen_to_the_minute():
    steady = route_level_pool([120.0] * 97, **TABLE, dt_s=300.0, start_level_m=1.0)
    forecast = forecast_pool(steady.level_m[:25], **TABLE, dt_s=300.0)
    assert forecast.time_s[-1] == 6 * 3600
    assert forecast.inflow_m3s == pytest.approx(np.full(73, 120.0), abs=1.0)
    assert forecast.level_m == pytest.approx(steady.level_m[24:], abs=0.005)
    assert not forecast.is_at_least.any()
    limit = float(steady.level_m[48])
    assert time_to_level_s(forecast, level_m=limit) == pytest.approx(24 * 300, abs=180)
    # The pool tends to the level that lets 120 m3/s out, and never gets higher.
    assert time_to_level_s(forecast, level_m=(120 / 34) ** (2 / 3) + 0.01) is None


def test_rain_to_come_is_added():
    rain = np.concatenate([np.zeros(3), np.full(4, 200.0)])
    forecast = forecast_pool([1.0, 1.0, 1.0], **TABLE, dt_s=3600.0, rain_inflow_m3s=rain)
    expected = route_level_pool(34 + rain, **TABLE, dt_s=3600.0, start_level_m=1.0)
    assert forecast.level_m == pytest.approx(expected.level_m, abs=1e-6)
    passed = time_to_level_s(forecast, level_m=1.5)
    assert passed is not None
    assert 2 * 3600 < passed < 4 * 3600
    assert np.interp(passed, forecast.time_s, forecast.level_m) == pytest.approx(1.5)


def test_a_pool_that_outgrows_its_table_is_at_least_so_high():
    table = {name: column[:3001] for name, column in TABLE.items()}
    levels = route_level_pool([300.0] * 4, **TABLE, dt_s=900.0, start_level_m=1.0).level_m
    forecast = forecast_pool(levels, **table, dt_s=900.0)
    truth = route_level_pool(
        forecast.inflow_m3s, **TABLE, dt_s=900.0, start_level_m=float(levels[-1])
    )
    leaves = forecast.leaves_table_s
    assert leaves is not None
    assert leaves == pytest.approx(time_to_level_s(forecast, level_m=3.0))
    assert np.interp(leaves, forecast.time_s, truth.level_m) == pytest.approx(3.0, abs=0.02)
    assert forecast.is_at_least.tolist() == (forecast.time_s >= leaves).tolist()
    assert forecast.level_m[forecast.is_at_least] == pytest.approx(3.0)
    assert np.all(forecast.level_m <= truth.level_m + 1e-9)
    assert time_to_level_s(forecast, level_m=4.0) == leaves
