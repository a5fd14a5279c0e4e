"""Fewer points: no peak vanishes, the order holds, there are never more than asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.downsampling import (
    BAR_STEPS_S,
    DAY_S,
    HOUR_S,
    LINE_STEPS_S,
    MOST_BREAKS,
    MOST_POINTS,
    bar_step_s,
    breaks_in,
    extremes_kept,
    line_step_s,
    summed,
    table_step_s,
)

FINITE = st.floats(-1e6, 1e6, allow_nan=False)
ROWS = st.lists(FINITE, max_size=400).map(np.array)
SPANS = st.floats(60, 20 * 365 * DAY_S)


@given(values=ROWS, most=st.integers(4, 60))
def test_ends_and_extremes_stay_in_order_within_the_limit(values: np.ndarray, most: int) -> None:
    places = extremes_kept(values, most=most)
    assert len(places) <= max(most, 0)
    assert (np.diff(places) > 0).all()
    if values.size:
        assert values[places].max() == values.max()
        assert values[places].min() == values.min()
        assert places[0] == 0
        assert places[-1] == values.size - 1


@given(values=ROWS, most=st.integers(4, 60))
def test_few_values_all_stay_and_thinning_twice_changes_nothing(
    values: np.ndarray, most: int
) -> None:
    places = extremes_kept(values, most=most)
    if values.size <= most:
        assert places.tolist() == list(range(values.size))
    assert extremes_kept(values[places], most=most).size == places.size


@given(
    values=st.lists(FINITE, min_size=200, max_size=400).map(np.array),
    at=st.integers(1, 198),
    up=st.booleans(),
)
def test_a_single_spike_stays_at_its_place(values: np.ndarray, at: int, up: bool) -> None:
    values[at] = 2e6 if up else -2e6
    assert at in extremes_kept(values, most=50)


def test_fewer_than_four_points_are_refused() -> None:
    with pytest.raises(ValueError, match="four"):
        extremes_kept(np.zeros(9), most=3)


@given(span=SPANS)
def test_a_chart_has_room_for_any_span(span: float) -> None:
    assert span / bar_step_s(span) <= MOST_POINTS
    assert 2 * (span / line_step_s(span) + 1) <= MOST_POINTS
    assert span / table_step_s(span, most=24) <= 24
    assert bar_step_s(span) in BAR_STEPS_S or bar_step_s(span) % DAY_S == 0


@given(first=SPANS, second=SPANS)
def test_a_longer_span_has_no_finer_step(first: float, second: float) -> None:
    short, long = sorted((first, second))
    assert bar_step_s(short) <= bar_step_s(long)
    assert line_step_s(short) <= line_step_s(long)


@pytest.mark.parametrize(
    ("days", "bar"), [(0.25, 300), (1, 300), (3, 300), (7, HOUR_S), (30, HOUR_S), (365, DAY_S)]
)
def test_bars_of_the_usual_spans(days: float, bar: int) -> None:
    assert bar_step_s(days * DAY_S) == bar
    assert bar_step_s(days * DAY_S, own_s=HOUR_S) == max(bar, HOUR_S)


def test_every_run_is_whole_days_or_divides_one() -> None:
    for step in (*BAR_STEPS_S, *LINE_STEPS_S):
        assert DAY_S % step == 0


@given(
    rows=st.lists(st.tuples(st.integers(0, 10**9), st.floats(0, 100)), max_size=200),
    step=st.sampled_from(BAR_STEPS_S),
)
def test_sums_lose_nothing(rows: list[tuple[int, float]], step: int) -> None:
    micros = np.array(sorted(each[0] for each in rows), dtype=np.int64) * 1_000_000
    values = np.array([each[1] for each in rows], dtype=np.float64)
    begins, sums = summed(micros, values, step_s=step)
    assert sums.sum() == pytest.approx(values.sum())
    assert (np.diff(begins) > 0).all()
    assert (begins % (step * 1_000_000) == 0).all()


def test_rain_told_on_the_hour_fell_in_the_hour_before() -> None:
    hour = HOUR_S * 1_000_000
    begins, sums = summed(
        np.array([hour, hour + 1, 2 * hour]), np.array([1.0, 2.0, 4.0]), step_s=HOUR_S
    )
    assert begins.tolist() == [0, hour]
    assert sums.tolist() == [1.0, 6.0]


@given(gaps=st.lists(st.integers(1, 100), min_size=1, max_size=500))
def test_a_line_is_broken_where_nothing_was_heard(gaps: list[int]) -> None:
    micros = np.cumsum([0, *gaps]).astype(np.int64) * 1_000_000
    found = breaks_in(micros, longest_s=60)
    silences = [place for place, gap in enumerate(gaps) if gap > 60]
    assert len(found) == min(len(silences), MOST_BREAKS)
    assert set(found.tolist()) <= set(silences)
    left = [gaps[place] for place in silences if place not in found]
    assert not left or max(left) <= min(gaps[place] for place in found)
