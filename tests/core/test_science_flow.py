"""Invariants of flow: water is conserved, more rain never makes less flow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.channel import discharge_m3s, stage_m
from anlan.science.muskingum import muskingum_coefficients, route_muskingum
from anlan.science.reservoir import (
    LevelOutOfTable,
    passing_time_s,
    route_level_pool,
    weir_outflow_m3s,
)
from anlan.science.runoff import (
    catchment_flow_m3s,
    curve_number_net_rain_mm,
    nash_sutcliffe,
    nash_unit_hydrograph,
    net_rain_mm,
    storage_constant_h,
)

RAIN = st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=30)
FLOOD = st.lists(st.floats(0, 500, allow_subnormal=False), min_size=2, max_size=40)
LEVELS = np.arange(0, 60.01, 0.05)


@given(st.floats(0.5, 6), st.floats(0.5, 10))
def test_a_unit_hydrograph_holds_one_unit(n, k_h):
    shares = nash_unit_hydrograph(n, k_h=k_h, dt_h=0.5, steps=1200)
    assert np.all(shares >= 0)
    assert shares.sum() == pytest.approx(1.0, abs=1e-6)


@given(RAIN, st.floats(0, 50), st.floats(0, 1))
def test_net_rain_is_never_more_than_rain(rain, loss, share):
    for net in (
        net_rain_mm(rain, initial_loss_mm=loss, coefficient=share),
        curve_number_net_rain_mm(rain, curve_number=30 + 70 * share),
    ):
        assert np.all(net >= -1e-12)
        assert np.all(net <= np.array(rain) + 1e-9)
    total = net_rain_mm(rain, initial_loss_mm=loss, coefficient=share).sum()
    assert total == pytest.approx(max(sum(rain) - loss, 0) * share, abs=1e-9)


def test_a_full_curve_number_loses_nothing():
    assert curve_number_net_rain_mm([0.0, 5.0, 7.0], curve_number=100.0) == pytest.approx([0, 5, 7])


@given(RAIN, st.floats(1, 500))
def test_the_flow_holds_the_water_of_the_rain(rain, area):
    padded = [*rain, *[0.0] * 300]
    flow = catchment_flow_m3s(
        padded,
        area_km2=area,
        dt_h=1.0,
        n=2.0,
        k_h=3.0,
        initial_loss_mm=5.0,
        coefficient=0.7,
        base_flow_m3s=2.0,
    )
    volume_m3 = ((flow - 2.0) * 3600).sum()
    assert volume_m3 == pytest.approx(max(sum(rain) - 5, 0) * 0.7 * area * 1000, rel=1e-6, abs=1e-3)


@given(RAIN)
def test_more_rain_never_makes_less_flow(rain):
    shape = {"area_km2": 20.0, "dt_h": 1.0, "n": 2.0, "k_h": 2.0}
    loss = {"initial_loss_mm": 10.0, "coefficient": 0.6}
    less = catchment_flow_m3s(rain, **shape, **loss)
    more = catchment_flow_m3s(np.array(rain) + 1.0, **shape, **loss)
    assert np.all(more >= less - 1e-9)


def test_catchments_do_not_mix():
    rain = np.array([[0, 10, 20, 5, 0, 0], [0, 0, 30, 0, 0, 0]], dtype=float)
    loss = {"initial_loss_mm": 0.0, "coefficient": 0.5}
    areas, constants = np.array([10.0, 50.0]), np.array([1.0, 2.0])
    both = catchment_flow_m3s(rain, area_km2=areas, dt_h=1.0, n=2.0, k_h=constants, **loss)
    for row in range(2):
        alone = catchment_flow_m3s(
            rain[row], area_km2=areas[row], dt_h=1.0, n=2.0, k_h=constants[row], **loss
        )
        assert both[row] == pytest.approx(alone)


def test_a_larger_catchment_answers_later():
    constants = storage_constant_h([1.0, 10.0, 100.0], reference_area_km2=100.0, reference_k_h=4.0)
    assert np.all(np.diff(constants) > 0)
    assert constants[-1] == pytest.approx(4.0)


def test_efficiency():
    assert nash_sutcliffe([1, 2, 3], simulated=[1, 2, 3]) == 1.0
    assert nash_sutcliffe([1, 2, 3], simulated=[2, 2, 2]) == 0.0
    assert nash_sutcliffe([1, 2, 3, np.nan], simulated=[1, 2, 4, 9]) == 0.5
    with pytest.raises(ValueError, match="never change"):
        nash_sutcliffe([2, 2], simulated=[1, 2])
    with pytest.raises(ValueError, match="one shape"):
        nash_sutcliffe([2, 2], simulated=[1])


def routed(flood):
    return route_level_pool(
        flood,
        levels_m=LEVELS,
        storage_m3=400_000 * LEVELS + 1000 * LEVELS**2,
        outflow_m3s=weir_outflow_m3s(LEVELS, crest_m=1.0, width_m=15.0),
        dt_s=3600.0,
        start_level_m=1.0,
    )


@given(FLOOD)
def test_a_pool_keeps_its_water_and_cuts_the_peak(flood):
    pool = routed(flood)
    entered = np.convolve(flood, [0.5, 0.5], mode="valid") * 3600
    left = np.convolve(pool.outflow_m3s, [0.5, 0.5], mode="valid") * 3600
    assert np.diff(pool.storage_m3) == pytest.approx(entered - left, rel=1e-9, abs=1e-3)
    assert pool.outflow_m3s.max() <= max(flood) + 1e-9


@given(FLOOD)
def test_a_larger_flood_never_leaves_a_lower_pool(flood):
    assert np.all(routed(np.array(flood) + 5).level_m >= routed(flood).level_m - 1e-9)


def test_a_pool_at_rest_stays():
    pool = routed([0.0] * 10)
    assert np.all(pool.level_m == 1.0)
    assert np.all(pool.outflow_m3s == 0.0)


def test_the_peak_lies_where_inflow_falls_through_it():
    flood = 300 * np.exp(-0.5 * ((np.arange(0, 48) - 12) / 4.0) ** 2)
    pool = routed(flood)
    peak = int(pool.outflow_m3s.argmax())
    assert flood.argmax() < peak
    assert flood[peak + 1] < pool.outflow_m3s[peak] < flood[peak - 1]


def test_a_pool_beyond_its_table_is_refused():
    with pytest.raises(LevelOutOfTable) as refused:
        routed([50_000.0] * 20)
    assert refused.value.bound_m == pytest.approx(60.0)
    with pytest.raises(ValueError, match="rise"):
        route_level_pool(
            [1.0],
            levels_m=[0, 1],
            storage_m3=[5, 5],
            outflow_m3s=[0, 1],
            dt_s=60.0,
            start_level_m=0.0,
        )


def test_when_a_level_is_passed():
    levels = [1.0, 2.0, 4.0, 3.0]
    assert passing_time_s(levels, threshold_m=3.0, dt_s=600) == 900.0
    assert passing_time_s(levels, threshold_m=0.5, dt_s=600) == 0.0
    assert passing_time_s(levels, threshold_m=4.5, dt_s=600) is None


@given(FLOOD, st.floats(1, 5), st.floats(0, 0.3))
def test_a_reach_keeps_its_water(flood, k_h, x):
    dt_h = k_h
    assert sum(muskingum_coefficients(k_h, x=x, dt_h=dt_h)) == pytest.approx(1.0)
    padded = np.array([0.0, *flood, *[0.0] * 200])
    out = route_muskingum(padded, k_h=k_h, x=x, dt_h=dt_h)
    assert np.all(out >= 0)
    assert out.sum() == pytest.approx(padded.sum(), rel=1e-9, abs=1e-9)
    assert out.max() <= padded.max() + 1e-9


def test_an_unstable_step_is_refused():
    with pytest.raises(ValueError, match="step"):
        muskingum_coefficients(2.0, x=0.3, dt_h=0.5)
    with pytest.raises(ValueError, match="positive"):
        muskingum_coefficients(-2.0, x=0.3, dt_h=0.5)


@given(
    st.lists(st.floats(0, 3000, allow_subnormal=False), min_size=1, max_size=10),
    st.floats(1, 100),
    st.floats(0, 4),
    st.floats(1e-4, 0.05),
    st.floats(0.02, 0.1),
)
def test_stage_and_discharge_are_inverse(flows, width, side, slope, rough):
    shape = {
        "bottom_width_m": width,
        "side_slope": side,
        "bed_slope": slope,
        "roughness": rough,
    }
    stages = stage_m(flows, **shape)
    assert discharge_m3s(stages, **shape) == pytest.approx(flows, rel=1e-6, abs=1e-12)
    order = np.argsort(flows)
    assert np.all(np.diff(stages[order]) >= 0)


def test_impossible_channels_are_refused():
    shape = {"bottom_width_m": 5.0, "side_slope": 1.0, "bed_slope": 0.01, "roughness": 0.03}
    assert discharge_m3s(-1.0, **shape) == 0.0
    with pytest.raises(ValueError, match="negative"):
        stage_m(-1.0, **shape)
    with pytest.raises(ValueError, match="positive"):
        discharge_m3s(1.0, **{**shape, "roughness": 0.0})
