"""Antecedent rain: a day added to yesterday equals the whole series; wetter never means safer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.science.antecedent_rain import (
    CAINE_1980,
    GUZZETTI_2008,
    IntensityDuration,
    RainEvents,
    antecedent_index_mm,
    critical_rain_mm,
    effective_rain,
    rain_events,
    slide_level,
)

AMOUNT = st.floats(0, 200, allow_subnormal=False) | st.sampled_from([0.0, 0.4, 0.5, np.nan])
SHAPE = st.tuples(st.integers(1, 4), st.integers(1, 30))
RAIN = SHAPE.flatmap(lambda shape: arrays(np.float64, shape, elements=AMOUNT))
K = st.floats(0.5, 0.95)


@given(RAIN, K, st.integers(1, 15))
def test_effective_rain_is_the_weighted_sum_of_what_is_there(rain, k, days):
    made = effective_rain(rain, k=k, days=days)
    for station, day in np.ndindex(*rain.shape):
        window = [rain[station, day - ago] for ago in range(days + 1) if ago <= day]
        weighted = [k**ago * mm for ago, mm in enumerate(window) if not np.isnan(mm)]
        assert made.effective_mm[station, day] == pytest.approx(sum(weighted), rel=1e-12)
        is_whole = len(window) == days + 1 and not np.isnan(window).any()
        assert made.is_complete[station, day] == is_whole


@given(RAIN, K, st.integers(1, 15))
def test_effective_rain_goes_on_from_yesterday(rain, k, days):
    whole = effective_rain(rain, k=k, days=days)
    recent = None
    for day in range(rain.shape[1]):
        today = effective_rain(rain[:, day : day + 1], k=k, days=days, before=recent)
        recent = today.recent_mm
        assert np.array_equal(today.effective_mm[:, 0], whole.effective_mm[:, day])
        assert np.array_equal(today.is_complete[:, 0], whole.is_complete[:, day])
    assert recent is not None
    assert np.array_equal(recent, whole.recent_mm, equal_nan=True)


@given(RAIN, K, st.floats(20, 150), st.floats(0, 200))
def test_the_index_goes_on_from_yesterday_and_stays_in_the_soil(rain, k, capacity, start):
    whole = antecedent_index_mm(rain, k=k, capacity_mm=capacity, start_mm=start)
    assert np.all((whole >= 0) & (whole <= capacity))
    at = whole[:, 0]
    for day in range(rain.shape[1]):
        made = antecedent_index_mm(rain[:, day : day + 1], k=k, capacity_mm=capacity, start_mm=at)
        at = made[:, -1]
        assert np.array_equal(at, whole[:, day + 1])
        silent = np.isnan(rain[:, day])
        assert np.array_equal(at[silent], whole[silent, day])
    more = antecedent_index_mm(rain + 1.0, k=k, capacity_mm=capacity, start_mm=start)
    assert np.all(more >= whole - 1e-9)


@given(
    st.lists(st.floats(0, 300), min_size=2, max_size=8),
    st.lists(st.floats(1, 100), min_size=3, max_size=3, unique=True).map(sorted),
    st.lists(st.floats(1, 300), min_size=3, max_size=3).map(lambda row: sorted(row, reverse=True)),
)
def test_wetter_soil_never_raises_the_critical_rain(wetness, soil, critical):
    made = critical_rain_mm(sorted(wetness), soil_mm=soil, critical_mm=critical)
    assert np.all(np.diff(made) <= 0)
    assert np.all((made >= critical[2] - 1e-9) & (made <= critical[0] + 1e-9))
    unknown = critical_rain_mm(np.nan, soil_mm=soil, critical_mm=critical)
    assert unknown == pytest.approx(critical[2])


def test_villages_and_durations_broadcast():
    critical = np.array([[[60, 50, 40], [90, 80, 60]], [[70, 60, 55], [99, 88, 77]]], dtype=float)
    soil = np.array([[[10, 30, 50]], [[20, 40, 60]]], dtype=float)
    made = critical_rain_mm(np.array([[40.0], [20.0]]), soil_mm=soil, critical_mm=critical)
    assert made.tolist() == [[45.0, 70.0], [70.0, 99.0]]


def plain_events(rain):
    """Return total and duration hour by hour, by looking back at the whole series."""
    found = []
    for hour in range(len(rain)):
        wet = [i for i in range(hour + 1) if rain[i] >= 0.5]
        if not wet or hour - wet[-1] >= 6:
            found.append((0.0, 0.0))
            continue
        begin = wet[-1]
        for i in reversed(wet):
            if begin - i > 6:
                break
            begin = i
        total = float(np.nansum(rain[begin : hour + 1]))
        found.append((total, float(hour - begin + 1)))
    return found


@given(RAIN)
def test_events_are_what_a_reader_of_the_hours_sees(rain):
    made = rain_events(rain)
    for station, row in enumerate(rain):
        for hour, (total, duration) in enumerate(plain_events(row)):
            assert made.duration_h[station, hour] == duration
            assert made.total_mm[station, hour] == pytest.approx(total)


@given(RAIN)
def test_events_go_on_from_the_last_hour(rain):
    whole, before = rain_events(rain), None
    for hour in range(rain.shape[1]):
        before = rain_events(rain[:, hour : hour + 1], before=before)
        for made, expected in zip(before, whole, strict=True):
            assert np.array_equal(made[:, 0], expected[:, hour])


@given(RAIN, st.floats(1, 5))
def test_more_rain_in_the_same_hours_never_lowers_the_level(rain, factor):
    events = rain_events(rain)
    more = RainEvents(events.total_mm * factor, events.duration_h, events.dry_h)
    for curve in (CAINE_1980, GUZZETTI_2008):
        level = slide_level(events, curve=curve)
        assert np.all(slide_level(more, curve=curve) >= level)
        assert np.all(level[events.duration_h == 0] == 0)
        assert np.all((level >= 0) & (level <= 4))


def test_levels_at_the_curve():
    curve = IntensityDuration(10.0, 0.0, 1.0, 100.0, "flat, for the test")
    hours = np.array([2.0, 2.0, 2.0, 2.0, 2.0, 200.0])
    events = RainEvents(np.array([19.9, 20.0, 30.0, 40.0, 60.0, 9999.0]), hours, np.zeros(6))
    assert slide_level(events, curve=curve).tolist() == [0, 1, 2, 3, 4, 0]
    assert slide_level(events, curve=curve, factors=[0.5]).tolist() == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: effective_rain([1.0], k=1.0), "k lies"),
        (lambda: effective_rain([1.0], days=0), "window"),
        (lambda: effective_rain([-1.0]), "negative"),
        (lambda: effective_rain(1.0), "time axis"),
        (lambda: effective_rain([1.0], days=3, before=[1.0]), "one value a day"),
        (lambda: antecedent_index_mm([1.0], k=0.8, capacity_mm=0.0, start_mm=0.0), "capacity"),
        (lambda: antecedent_index_mm([1.0], k=0.8, capacity_mm=9.0, start_mm=np.nan), "start"),
        (lambda: critical_rain_mm(1.0, soil_mm=[1, 2], critical_mm=[3, 2]), "one value each"),
        (lambda: critical_rain_mm(1.0, soil_mm=[1, 1, 2], critical_mm=[3, 2, 1]), "rises"),
        (lambda: critical_rain_mm(1.0, soil_mm=[1, 2, 3], critical_mm=[3, 2, 4]), "never rises"),
        (lambda: slide_level(rain_events([1.0]), curve=CAINE_1980, factors=[2, 1]), "rise"),
        (lambda: rain_events([np.inf]), "infinite"),
    ],
)
def test_impossible_values_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
