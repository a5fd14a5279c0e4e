"""Invariants of rain: sums are bounds, splitting loses nothing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science.disaggregate import cascade_weights, disaggregate_hourly, ramp_weights
from anlan.science.rain import window_sums
from anlan.science.storm_field import storm_weights

AMOUNT = st.floats(0, 300, allow_subnormal=False)
SERIES = st.lists(AMOUNT | st.just(float("nan")), min_size=1, max_size=60)
OPEN_UNIT = st.floats(1e-6, 1 - 1e-6)
HOURS = st.integers(1, 12)


@given(SERIES, st.integers(1, 70))
def test_a_window_is_the_plain_sum_of_what_is_there(rain, steps):
    sums, complete = window_sums(rain, steps=steps)
    for end in range(len(rain)):
        window = np.array(rain[max(0, end + 1 - steps) : end + 1])
        assert sums[end] == pytest.approx(np.nansum(window), rel=1e-12, abs=1e-12)
        assert complete[end] == (len(window) == steps and not np.isnan(window).any())


@given(SERIES, st.integers(1, 30))
def test_a_longer_window_never_holds_less(rain, steps):
    shorter, _ = window_sums(rain, steps=steps)
    longer, _ = window_sums(rain, steps=steps + 1)
    assert np.all(longer >= shorter - 1e-9)
    assert np.all(shorter >= 0)


@given(SERIES, st.integers(1, 30))
def test_a_missing_interval_only_lowers_the_sum(rain, steps):
    known = np.nan_to_num(rain)
    lower, _ = window_sums(rain, steps=steps)
    full, _ = window_sums(known, steps=steps)
    assert np.all(lower <= full)


@given(
    st.lists(
        SERIES.filter(lambda row: len(row) >= 5).map(lambda row: row[:5]), min_size=2, max_size=3
    )
)
def test_stations_do_not_mix(rows):
    together, complete = window_sums(rows, steps=3)
    for row, sums, whole in zip(rows, together, complete, strict=True):
        alone, alone_whole = window_sums(row, steps=3)
        assert np.array_equal(alone, sums)
        assert np.array_equal(alone_whole, whole)


@pytest.mark.parametrize("rain", [[-0.1], [float("inf")], 3.0])
def test_impossible_rain_is_refused(rain):
    with pytest.raises(ValueError, match="rain"):
        window_sums(rain, steps=1)
    with pytest.raises(ValueError, match="step"):
        window_sums([1.0], steps=0)


@given(
    HOURS.flatmap(
        lambda n: st.tuples(
            arrays(float, n, elements=AMOUNT), arrays(float, (n, 11), elements=OPEN_UNIT)
        )
    )
)
def test_splitting_an_hour_loses_nothing(drawn):
    hourly, draws = drawn
    cascade = cascade_weights(draws)
    assert np.allclose(cascade.sum(axis=1), 1.0, rtol=1e-12)
    assert np.all(cascade >= 0)
    for weights in (cascade, cascade * ramp_weights(hourly), np.zeros_like(cascade)):
        parts = disaggregate_hourly(hourly, weights=weights)
        assert parts.shape == (12 * len(hourly),)
        assert np.all(parts >= 0)
        assert np.allclose(parts.reshape(-1, 12).sum(axis=1), hourly, rtol=1e-13, atol=1e-300)


def test_a_missing_hour_stays_missing():
    parts = disaggregate_hourly([1.0, np.nan], weights=np.ones((2, 12)))
    assert np.isnan(parts).tolist() == [False] * 12 + [True] * 12


def test_the_cascade_follows_its_draws():
    # 0.5 everywhere splits into equal halves and quarters.
    shares = cascade_weights(np.full((1, 11), 0.5))[0].reshape(4, 3)
    assert shares.sum(axis=1) == pytest.approx([0.25] * 4)
    # A draw at the edge leaves one half of the hour dry.
    edge = np.full((1, 11), 0.5)
    edge[0, 0] = 0.01
    assert cascade_weights(edge)[0, :6].sum() == 0.0
    assert cascade_weights(edge)[0, 6:].sum() == pytest.approx(1.0)


def test_a_cascade_is_even_on_average():
    draws = np.random.default_rng(7).uniform(1e-9, 1 - 1e-9, (20_000, 11))
    assert cascade_weights(draws).mean(axis=0) == pytest.approx([1 / 12] * 12, rel=0.03)


def test_a_ramp_rises_towards_the_wetter_hour():
    weights = ramp_weights([1.0, 5.0, 1.0])
    assert np.all(np.diff(weights[0]) >= 0)
    assert np.all(np.diff(weights[2]) <= 0)
    assert ramp_weights([]).shape == (0, 12)
    assert np.all(ramp_weights([0.0, 0.0]) == 1.0)


def test_bad_weights_and_draws_are_refused():
    with pytest.raises(ValueError, match="twelve"):
        disaggregate_hourly([1.0], weights=np.ones((1, 11)))
    with pytest.raises(ValueError, match="negative"):
        disaggregate_hourly([1.0], weights=-np.ones((1, 12)))
    with pytest.raises(ValueError, match="11 draws"):
        cascade_weights(np.full((1, 3), 0.5))
    with pytest.raises(ValueError, match="between"):
        cascade_weights(np.zeros((1, 11)))
    with pytest.raises(ValueError, match="concentration"):
        cascade_weights(np.full((1, 11), 0.5), concentration=0.0)


KM = st.floats(-80, 80)


@given(
    st.integers(1, 20).flatmap(
        lambda n: st.tuples(
            arrays(float, n, elements=KM),
            arrays(float, n, elements=KM),
            arrays(float, n, elements=st.floats(0.5, 2.0)),
        )
    ),
    st.floats(0, 360),
    st.floats(0.01, 1.0),
)
def test_the_mean_of_a_storm_is_the_recorded_mean(points, azimuth, floor):
    x, y, orographic = points
    weights = storm_weights(
        x,
        y,
        np.arange(6.0),
        track=[[0, -100, 0], [5, 100, 20]],
        major_km=40,
        minor_km=15,
        azimuth_deg=azimuth,
        orographic=orographic,
        floor=floor,
    )
    assert weights.shape == (6, len(x))
    assert np.all(weights > 0)
    assert weights.mean(axis=1) == pytest.approx(np.ones(6), rel=1e-12)


def test_it_rains_most_where_the_storm_is():
    x = np.array([-20.0, 0.0, 20.0])
    shape: dict[str, Any] = {
        "major_km": 30,
        "minor_km": 8,
        "floor": 0.1,
        "orographic": np.ones(3),
    }
    weights = storm_weights(
        x, np.zeros(3), [0, 1, 2], track=[[0, -20, 0], [2, 20, 0]], azimuth_deg=0, **shape
    )
    assert weights.argmax(axis=1).tolist() == [0, 1, 2]
    # Turned to the east, the long axis wets the outer points more.
    turned = storm_weights(x, np.zeros(3), [1], track=[[0, 0, 0]], azimuth_deg=90, **shape)
    upright = storm_weights(x, np.zeros(3), [1], track=[[0, 0, 0]], azimuth_deg=0, **shape)
    assert turned[0, 0] > upright[0, 0]
    with pytest.raises(ValueError, match="track"):
        storm_weights(x, x, [0], track=[[1, 0, 0], [0, 0, 0]], azimuth_deg=0, **shape)
    with pytest.raises(ValueError, match="floor"):
        storm_weights(x, x, [0], track=[[0, 0, 0]], azimuth_deg=0, **{**shape, "floor": 0.0})
