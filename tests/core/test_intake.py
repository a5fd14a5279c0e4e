"""Which readings enter, in what quality, and where the others go."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.columns import NO_MOMENT, Columns, columns_of, joined
from anlan.monitoring.core.intake import (
    FREE,
    FUTURE_TOLERANCE,
    OLDEST,
    Bounds,
    Memory,
    judge,
    micros_of,
)
from anlan.monitoring.core.ranges import POSSIBLE_RANGES
from anlan.monitoring.data import EXCLUDED_FROM, Quality, Verdict

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
RAIN, LEVEL = 0x22, 0x39
BOUNDS = {RAIN: Bounds(0.0, 120.0), LEVEL: Bounds(-20.0, 9_000.0)}


def rows(*given):
    """Return rows of (minutes from now, value), of station 1 and rain unless they say so."""
    full = [(*row, 1, RAIN)[:4] if len(row) == 2 else (*row, RAIN)[:4] for row in given]
    return columns_of(
        [
            (station, element, micros_of(NOW + timedelta(minutes=minutes)), value)
            for minutes, value, station, element in full
        ]
    )


def memory_of(batch, bounds=BOUNDS):
    memory = Memory()
    learn(memory, batch, bounds)
    return memory


def learn(memory, batch, bounds=BOUNDS):
    unknown = memory.unknown(batch.codes)
    memory.learn(
        {int(code): (NO_MOMENT, float("nan")) for code in unknown},
        {int(code): bounds.get(int(code) & 0xFFFF, FREE) for code in unknown},
    )


def judged(batch, *, memory=None, bounds=BOUNDS):
    memory = memory or memory_of(batch, bounds)
    learn(memory, batch, bounds)
    return judge(batch, memory=memory, now=NOW)


def stored(found):
    """Return what enters the store: a value at most for a series and instant."""
    return joined((found.fresh, found.late))


def taken(batch, *, memory, bounds=BOUNDS):
    """Judge a batch and remember what was stored; return its qualities."""
    found = judged(batch, memory=memory, bounds=bounds)
    memory.remember(stored(found))
    return [Quality(value) for value in stored(found).quality.tolist()]


batches = st.lists(
    st.tuples(
        st.sampled_from([-700_000, -10, -5, 0, 5, 6, 60]),
        st.sampled_from([-1.0, 0.0, 1.5, 3.0, 500.0]),
        st.integers(1, 2),
        st.sampled_from([RAIN, LEVEL]),
    ),
    max_size=25,
)


@given(batches)
def test_every_row_ends_in_exactly_one_place(batch):
    given_rows = rows(*batch)
    found = judged(given_rows)
    aside = sum(len(part) for part, _verdict in found.aside)
    assert len(found.fresh) + len(found.late) + aside + found.repeated == len(given_rows)


@given(batches)
def test_what_enters_is_one_value_an_instant_neither_future_nor_too_old(batch):
    found = stored(judged(rows(*batch)))
    names = set(zip(found.codes.tolist(), found.micros.tolist(), strict=True))
    assert len(names) == len(found)
    assert (found.micros <= micros_of(NOW + FUTURE_TOLERANCE)).all()
    assert (found.micros >= micros_of(NOW - OLDEST)).all()


@given(batches)
def test_what_counts_is_possible(batch):
    found = stored(judged(rows(*batch)))
    for element, value, quality in zip(
        found.elements.tolist(), found.values.tolist(), found.quality.tolist(), strict=True
    ):
        bounds = BOUNDS[element]
        is_possible = bounds.low <= value <= bounds.high
        assert (quality < EXCLUDED_FROM) == is_possible


@given(batches)
def test_the_same_batch_again_brings_nothing_fresh(batch):
    given_rows = rows(*batch)
    memory = memory_of(given_rows)
    memory.remember(stored(judged(given_rows, memory=memory)))
    assert len(judged(given_rows, memory=memory).fresh) == 0


@given(batches, st.integers(0, 25))
def test_cutting_a_batch_in_two_stores_the_same(batch, cut):
    whole = stored(judged(rows(*batch)))
    memory = memory_of(rows(*batch))
    parts = []
    for part in (rows(*batch[:cut]), rows(*batch[cut:])):
        found = judged(part, memory=memory)
        memory.remember(stored(found))
        parts.append(stored(found))
    # The store itself lets the first value of an instant stand.
    assert first_values(joined(parts)) == first_values(whole)


def first_values(found: Columns) -> dict[tuple[int, int], float]:
    values: dict[tuple[int, int], float] = {}
    for code, micros, value in zip(
        found.codes.tolist(), found.micros.tolist(), found.values.tolist(), strict=True
    ):
        values.setdefault((code, micros), value)
    return values


def test_twice_the_same_is_a_repetition_and_twice_different_is_set_aside():
    found = judged(rows((0, 1.0), (0, 1.0), (0, 2.0)))
    assert stored(found).values.tolist() == [1.0]
    assert found.repeated == 1
    ((part, verdict),) = found.aside
    assert (part.values.tolist(), verdict) == ([2.0], Verdict.REPEATED)


def test_what_is_older_than_the_last_came_late_and_counts():
    memory = memory_of(rows((0, 1.0)))
    assert taken(rows((0, 1.0)), memory=memory) == [Quality.GOOD]
    found = judged(rows((-5, 1.0), (-5, 1.0, 2)), memory=memory)
    assert found.late.quality.tolist() == [Quality.LATE]
    assert found.fresh.stations.tolist() == [2]


@pytest.mark.parametrize(("minutes", "refused"), [(5, False), (5.1, True), (60, True)])
def test_the_future_begins_after_the_tolerance(minutes, refused):
    found = judged(rows((minutes, 1.0)))
    assert [verdict for _part, verdict in found.aside] == ([Verdict.FUTURE] if refused else [])


def test_what_is_older_than_all_that_is_kept_is_set_aside():
    days = 24 * 60
    found = judged(rows((-400 * days, 1.0), (-401 * days, 2.0)))
    assert stored(found).values.tolist() == [1.0]
    assert [(part.values.tolist(), verdict) for part, verdict in found.aside] == [
        ([2.0], Verdict.TOO_OLD)
    ]


@pytest.mark.parametrize("element", sorted(POSSIBLE_RANGES))
def test_each_range_holds_its_ends_and_nothing_beyond(element):
    low, high = POSSIBLE_RANGES[element]
    assert low < high
    bounds = {RAIN: Bounds(low, high)}
    values = (low, high, low - 0.1, high + 0.1)
    found = judged(rows(*[(-n, value) for n, value in enumerate(values)]), bounds=bounds)
    by_value = dict(zip(stored(found).values.tolist(), stored(found).quality.tolist(), strict=True))
    assert [by_value[value] < EXCLUDED_FROM for value in values] == [True, True, False, False]


STEP = {LEVEL: Bounds(step=0.5, step_s=300)}


def level(*given):
    return rows(*[(minutes, value, 1, LEVEL) for minutes, value in given])


def test_what_changes_too_fast_counts_and_is_doubtful():
    memory = memory_of(level((0, 1.0)), STEP)
    assert taken(level((-20, 101.0), (-15, 101.6)), memory=memory, bounds=STEP) == [
        Quality.GOOD,
        Quality.RATE,
    ]
    assert taken(level((-5, 102.6)), memory=memory, bounds=STEP) == [Quality.GOOD]
    assert taken(level((0, 102.0)), memory=memory, bounds=STEP) == [Quality.RATE]


def test_a_change_within_less_than_the_step_is_held_against_the_whole_step():
    memory = memory_of(level((0, 1.0)), STEP)
    found = taken(level((-2, 101.0), (-1, 101.4)), memory=memory, bounds=STEP)
    assert found == [Quality.GOOD, Quality.GOOD]


STUCK = {LEVEL: Bounds(stuck_s=3600)}


def test_what_stands_still_for_too_long_is_stuck_until_it_moves():
    memory = memory_of(level((0, 1.0)), STUCK)
    for minutes, quality in ((-120, "GOOD"), (-90, "GOOD"), (-60, "STUCK"), (-30, "STUCK")):
        assert taken(level((minutes, 101.0)), memory=memory, bounds=STUCK) == [Quality[quality]]
    assert taken(level((-20, 101.1)), memory=memory, bounds=STUCK) == [Quality.GOOD]
    assert taken(level((-10, 101.1)), memory=memory, bounds=STUCK) == [Quality.GOOD]


def test_the_impossible_says_so_before_all_else():
    bounds = {LEVEL: Bounds(0.0, 200.0, step=0.1, step_s=300)}
    memory = memory_of(level((0, 1.0)), bounds)
    assert taken(level((-10, 100.0), (-5, 900.0)), memory=memory, bounds=bounds) == [
        Quality.GOOD,
        Quality.IMPOSSIBLE,
    ]


def test_rows_whose_transaction_may_be_lost_are_learnt_again():
    batch = rows((0, 1.0))
    memory = memory_of(batch)
    assert memory.unknown(batch.codes).size == 0
    memory.expect(batch)
    assert memory.unknown(batch.codes).tolist() == np.unique(batch.codes).tolist()
    memory.expect(batch)
    memory.remember(batch)
    assert memory.unknown(batch.codes).size == 0


def test_the_last_of_several_is_remembered_whatever_their_order():
    batch = rows((0, 3.0), (-10, 1.0), (-5, 2.0))
    memory = memory_of(batch)
    memory.remember(batch)
    assert memory.last_of(1, RAIN) == (micros_of(NOW), 3.0)
    memory.remember(rows((-20, 9.0)))
    assert memory.last_of(1, RAIN) == (micros_of(NOW), 3.0)
