"""The slider's steps, levels and counts."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from anlan.web.core import (
    MOST_STEPS,
    STEP,
    levels_by_step,
    packed,
    standing_by_step,
    steps_of,
    without_repeats,
)

START = datetime(2024, 7, 15, 12, 10, tzinfo=UTC)
minutes = st.integers(min_value=0, max_value=60 * 24 * 400)
short = st.integers(min_value=0, max_value=600)
spans = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 4), short, st.none() | short).filter(
        lambda span: span[3] is None or span[3] >= span[2]
    )
)


def at(minute: int) -> datetime:
    """Return the instant so many minutes after the start."""
    return START + timedelta(minutes=minute)


@given(minutes)
def test_steps_hold_the_whole_span_and_never_too_many(length: int) -> None:
    steps = steps_of(START, at(length))
    assert steps[0] <= START < steps[0] + STEP
    assert steps[-1] >= at(length)
    assert 2 <= len(steps) <= MOST_STEPS + 2
    assert len({b - a for a, b in pairwise(steps)}) == 1


@given(spans)
def test_each_step_shows_the_worst_that_stands(
    found: list[tuple[str, int, int, int | None]],
) -> None:
    steps = steps_of(START, at(600))
    rows = levels_by_step(
        [(key, level, at(a), None if b is None else at(b)) for key, level, a, b in found],
        order="abc",
        steps=steps,
    )
    for number, step in enumerate(steps):
        for column, key in enumerate("abc"):
            standing = [
                level
                for name, level, a, b in found
                if name == key and at(a) <= step and (b is None or step < at(b))
            ]
            assert int(rows[number][column]) >= max(standing, default=0)


def test_a_span_shorter_than_a_step_is_seen() -> None:
    steps = steps_of(START, at(120))
    rows = levels_by_step([("a", 3, at(25), at(27))], order="a", steps=steps)
    assert rows.count("3") == 1


def test_a_key_that_is_not_drawn_is_left_out() -> None:
    steps = steps_of(START, at(60))
    assert set(levels_by_step([("z", 4, at(0), None)], order="a", steps=steps)) == {"0"}


@given(st.lists(st.tuples(st.integers(1, 9), short, short)))
def test_counts_rise_and_fall_with_the_spans(found: list[tuple[int, int, int]]) -> None:
    steps = steps_of(START, at(600))
    ordered = [(n, at(min(a, b)), at(max(a, b))) for n, a, b in found]
    counts = standing_by_step(ordered, steps=steps)
    for step, count in zip(steps, counts, strict=True):
        assert count == sum(n for n, a, b in ordered if a <= step < b)


def test_what_never_began_is_not_counted() -> None:
    assert set(standing_by_step([(5, None, None)], steps=steps_of(START, at(60)))) == {0}


@given(st.lists(st.sampled_from(["00", "01", "10"]), min_size=1))
def test_rows_left_out_can_be_put_back(rows: list[str]) -> None:
    last, spread = "", []
    for row in without_repeats(rows):
        last = row or last
        spread.append(last)
    assert spread == rows


def test_outlines_of_every_form_are_packed() -> None:
    ring = [[107.0, 33.0], [107.00012, 33.0], [107.0, 33.0001]]
    wanted = [[1_070_000, 330_000, 1, 0, -1, 1]]
    assert packed(ring) == wanted
    assert packed([ring]) == wanted
    assert packed({"type": "Polygon", "coordinates": [ring]}) == wanted
    assert packed({"type": "MultiPolygon", "coordinates": [[ring], [ring]]}) == wanted * 2
    assert packed(None) == []
