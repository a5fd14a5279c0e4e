"""Random limits on random readings against the plain definition, written apart."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.monitoring.core.judging import LimitTable
from anlan.monitoring.core.limits import Policy
from anlan.monitoring.data import Measure
from tests.core.slots import (
    BLUE,
    LEVEL,
    NOW,
    ORANGE,
    RAIN,
    RED,
    YELLOW,
    Plain,
    colours_at,
    columns,
    fill,
    limit,
    table_with,
)

stations = st.integers(1, 3)
policies = st.builds(
    Policy,
    version=st.integers(1, 2),
    for_s=st.sampled_from([0, 0, 300, 1500]),
    needed=st.integers(1, 2),
)
random_limits = st.lists(
    st.tuples(
        stations,
        st.sampled_from([Measure.SUM, Measure.LAST, Measure.RISE, Measure.FALL, Measure.MEAN]),
        st.integers(1, 12),
        st.sampled_from([BLUE, YELLOW, ORANGE, RED]),
        st.sampled_from([1.0, 3.0, 5.0, 8.0]),
        st.sampled_from(["", "", "a", "b"]),
        stations,
    ),
    min_size=1,
    max_size=10,
)
random_rows = st.lists(
    st.tuples(
        stations,
        st.sampled_from([RAIN, LEVEL]),
        st.integers(NOW - 40, NOW),
        st.sampled_from([0.0, 0.5, 1.0, 2.0, 4.0, 8.0]),
    ),
    max_size=60,
    unique_by=lambda row: row[:3],
)


def limits_from(rows, versions):
    """Return random limits; those of one version are judged in one way."""
    return [
        limit(
            value,
            station=station,
            measure=measure,
            window=window,
            colour=colour,
            number=number,
            together=together,
            measured_at=measured_at,
            policy=versions[number % len(versions)],
        )
        for number, (station, measure, window, colour, value, together, measured_at) in enumerate(
            rows, start=1
        )
    ]


one_policy_a_version = st.lists(
    policies, min_size=1, max_size=2, unique_by=lambda policy: policy.version
)


@settings(max_examples=150)
@given(random_limits, one_policy_a_version, random_rows, st.integers(NOW - 12, NOW + 3))
def test_it_equals_the_plain_definition(rows_of_limits, versions, rows, slot):
    limits = limits_from(rows_of_limits, versions)
    table = table_with(limits, rows)
    plain = Plain(limits, rows).colours(slot)
    assert colours_at(table, slot) == plain
    every = table.touched(np.unique(columns(rows).codes)) if rows else None
    if every is not None:
        back = table.look_back(slot, at=every, standing={})
        for key, hit in back.items():
            assert hit.limit.colour <= plain[key]


@given(random_limits, one_policy_a_version, random_rows, st.randoms())
def test_the_order_in_which_readings_come_changes_nothing(rows_of_limits, versions, rows, chance):
    limits = limits_from(rows_of_limits, versions)
    in_order = table_with(limits, rows)
    shuffled = LimitTable(limits)
    mixed = list(rows)
    chance.shuffle(mixed)
    for row in mixed:
        fill(shuffled, [row])
    for slot in (NOW, NOW - 5, NOW - 20):
        assert colours_at(shuffled, slot) == colours_at(in_order, slot)
