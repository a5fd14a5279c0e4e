"""Rings against plain sums and last values over the readings themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.rings import LONGEST, RING, Rings

ROWS = 3
START = 5_000_000
amounts = st.integers(0, 200).map(lambda tenths: tenths / 10)
arrivals = st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(0, 400), amounts), max_size=60)
once = st.lists(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, 400), st.integers(0, 299_999), amounts),
    max_size=60,
    unique_by=lambda row: row[:3],
)
windows = st.integers(1, 300)
ALL = np.arange(ROWS)


def put(rings, row, step, value, when_ms=0):
    rings.put(np.array([row]), START + step, np.array([value]), when_ms=np.array([when_ms]))


@given(arrivals, st.integers(0, 410), windows)
def test_a_sum_is_the_plain_sum_whatever_the_order(rows, end, window):
    rings = Rings(ROWS, is_sum=True)
    for row, step, value in rows:
        put(rings, row, step, value)
    found = rings.sums(ALL, START + end, np.full(ROWS, window))
    plain = [
        sum(value for one, step, value in rows if one == row and end - window < step <= end)
        for row in range(ROWS)
    ]
    assert found.tolist() == pytest.approx(plain, abs=1e-9)


@given(once, st.integers(0, 410))
def test_the_value_measured_last_stands_whatever_the_order(rows, at):
    rings = Rings(ROWS, is_sum=False)
    for row, step, when_ms, value in rows:
        put(rings, row, step, value, when_ms)
    for row in range(ROWS):
        known = [
            (step, when, value) for one, step, when, value in rows if one == row and step <= at
        ]
        (found,) = rings.at(np.array([row]), START + at)
        assert found == max(known)[2] if known else np.isnan(found)


@given(arrivals, windows, windows)
def test_a_longer_window_never_holds_less(rows, shorter, longer):
    rings = Rings(ROWS, is_sum=True)
    for row, step, value in rows:
        put(rings, row, step, value)
    shorter, longer = sorted((shorter, longer))
    less = rings.sums(ALL, START + 400, np.full(ROWS, shorter))
    more = rings.sums(ALL, START + 400, np.full(ROWS, longer))
    assert (more >= less).all()


def test_many_rows_at_once_are_what_each_alone_would_be():
    together, alone = Rings(ROWS, is_sum=True), Rings(ROWS, is_sum=True)
    for step in (0, 3, 3, 1, 900):
        values = np.array([1.0, 2.5, 0.1]) + step
        together.put(ALL, START + step, values, when_ms=ALL)
        for row in range(ROWS):
            put(alone, row, step, values[row])
    for window in (1, 12, LONGEST):
        whole = np.full(ROWS, window)
        assert (together.sums(ALL, START + 900, whole) == alone.sums(ALL, START + 900, whole)).all()


def test_sums_of_tenths_meet_their_limit_exactly():
    rings = Rings(1, is_sum=True)
    for step in range(10):
        put(rings, 0, step, 0.1)
    assert rings.sums(np.array([0]), START + 9, np.array([10]))[0] == 1.0


def test_after_a_silence_longer_than_the_ring_the_level_stands_and_the_rain_is_gone():
    rain, level = Rings(1, is_sum=True), Rings(1, is_sum=False)
    for rings in (rain, level):
        put(rings, 0, 0, 103.0)
    row, later = np.array([0]), START + 3 * RING
    assert rain.sums(row, later, np.array([LONGEST]))[0] == 0.0
    assert level.at(row, later)[0] == 103.0
    for rings in (rain, level):
        put(rings, 0, 3 * RING, 1.5)
    assert rain.sums(row, later, np.array([LONGEST]))[0] == 1.5
    assert level.at(row, later)[0] == 1.5
    assert level.at(row, later - 1)[0] == 103.0


def test_what_is_older_than_the_ring_changes_nothing():
    rings = Rings(1, is_sum=False)
    put(rings, 0, RING, 101.0)
    put(rings, 0, 0, 105.0)
    assert rings.at(np.array([0]), START + RING)[0] == 101.0
    assert np.isnan(rings.at(np.array([0]), START + RING - 1)[0])
    assert rings.last_slots(np.array([0]))[0] == START + RING


def test_a_clock_that_is_a_little_fast_does_not_count_yet():
    rings = Rings(1, is_sum=True)
    put(rings, 0, 0, 2.0)
    put(rings, 0, 1, 3.0)
    row, hour = np.array([0]), np.array([12])
    assert rings.sums(row, START, hour)[0] == 2.0
    assert rings.sums(row, START + 1, hour)[0] == 5.0
