"""Which readings count."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.quality import (
    FUTURE_TOLERANCE,
    POSSIBLE_RANGES,
    Last,
    Sample,
    is_possible,
    judge,
)
from anlan.monitoring.data import Verdict

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
samples = st.lists(
    st.builds(
        Sample,
        station_id=st.integers(1, 2),
        address=st.just("0990701001"),
        element=st.sampled_from(["PN05", "Z"]),
        observed_at=st.integers(-6, 3).map(lambda step: NOW + step * timedelta(minutes=5)),
        value=st.sampled_from([-1.0, 0.0, 1.5, 3.0, 500.0, 99_999.0, float("nan"), float("inf")]),
    ),
    max_size=25,
)


def sample(minutes=0.0, value=1.0, element="PN05", station=1):
    return Sample(station, "0990701001", element, NOW + timedelta(minutes=minutes), value)


def verdicts(*given_samples, latest=None):
    found = judge(given_samples, latest=latest or {}, now=NOW)
    return [verdict for _sample, verdict in found.set_aside]


@given(samples)
def test_every_sample_ends_in_exactly_one_place(batch):
    found = judge(batch, latest={}, now=NOW)
    assert len(found.counted) + len(found.set_aside) + found.repeated == len(batch)


@given(samples)
def test_what_counts_is_possible_not_future_and_rises_in_time(batch):
    found = judge(batch, latest={}, now=NOW)
    seen: dict[tuple[int, str], Sample] = {}
    for one in found.counted:
        assert is_possible(one.element, one.value)
        assert one.observed_at <= NOW + FUTURE_TOLERANCE
        key = (one.station_id, one.element)
        assert key not in seen or one.observed_at > seen[key].observed_at
        seen[key] = one
    assert found.latest == {k: Last(one.observed_at, one.value) for k, one in seen.items()}


@given(samples)
def test_the_same_batch_again_adds_nothing(batch):
    first = judge(batch, latest={}, now=NOW)
    again = judge(batch, latest=first.latest, now=NOW)
    assert again.counted == ()
    assert again.latest == {}


@given(samples, st.integers(0, 25))
def test_cutting_a_batch_in_two_changes_nothing(batch, cut):
    whole = judge(batch, latest={}, now=NOW)
    first = judge(batch[:cut], latest={}, now=NOW)
    second = judge(batch[cut:], latest=first.latest, now=NOW)
    assert first.counted + second.counted == whole.counted
    assert first.repeated + second.repeated == whole.repeated


def test_twice_the_same_is_a_repetition_and_twice_different_is_set_aside():
    found = judge([sample(), sample(), sample(value=2.0)], latest={}, now=NOW)
    assert found.repeated == 1
    assert [(s.value, v) for s, v in found.set_aside] == [(2.0, Verdict.REPEATED)]


def test_what_is_older_than_the_last_is_out_of_order():
    assert verdicts(sample(), sample(-5)) == [Verdict.OUT_OF_ORDER]
    assert verdicts(sample(), sample(-5, station=2)) == []


@pytest.mark.parametrize(("minutes", "refused"), [(5, False), (5.1, True), (60, True)])
def test_the_future_begins_after_the_tolerance(minutes, refused):
    assert verdicts(sample(minutes)) == ([Verdict.FUTURE] if refused else [])


@pytest.mark.parametrize("element", sorted(POSSIBLE_RANGES))
def test_each_range_holds_its_ends_and_nothing_beyond(element):
    low, high = POSSIBLE_RANGES[element]
    assert low < high
    assert is_possible(element, low)
    assert is_possible(element, high)
    assert not is_possible(element, low - 0.1)
    assert not is_possible(element, high + 0.1)
    assert not is_possible(element, float("nan"))


def test_an_impossible_value_does_not_become_the_last_one():
    found = judge([sample(value=-3.0), sample(-5)], latest={}, now=NOW)
    assert [one.value for one in found.counted] == [1.0]
    assert [verdict for _one, verdict in found.set_aside] == [Verdict.IMPOSSIBLE]
