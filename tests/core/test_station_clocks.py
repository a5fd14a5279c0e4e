"""Whether a station's clock is believed: fast is wrong, slow may be an old report."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.clocks import CLOCK_LIMIT, Clocks

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)


def known(drift=None):
    clocks = Clocks()
    clocks.learn([1], {1: drift})
    return clocks


def judged(clocks, *, off_s, after_s=0):
    now = NOW + timedelta(seconds=after_s)
    return clocks.judge(1, sent_at=now + timedelta(seconds=off_s), now=now)


@given(st.floats(-300, 300))
def test_within_the_limit_every_clock_is_right(off_s):
    said = judged(known(9_999.0), off_s=off_s)
    assert not said.is_wrong
    assert said.drift_s == pytest.approx(off_s, abs=1e-3)


@given(st.floats(301, 1e6), st.sampled_from([None, 0.0, -9_999.0]))
def test_a_fast_clock_is_wrong_whatever_was_known(off_s, before):
    assert judged(known(before), off_s=off_s).is_wrong


@pytest.mark.parametrize(("before", "is_wrong"), [(None, True), (-600.0, True), (20.0, False)])
def test_a_report_of_the_past_is_believed_when_the_clock_was_right_before(before, is_wrong):
    said = judged(known(before), off_s=-3_600)
    assert said.is_wrong is is_wrong
    assert said.drift_s == (-3_600 if is_wrong else None)


def test_old_reports_that_catch_up_are_believed():
    clocks = known(0.0)
    said = [judged(clocks, off_s=-3_600 + 300 * k, after_s=2 * k) for k in range(12)]
    said += [judged(clocks, off_s=-2_000 + 61 * k, after_s=90 + 61 * k) for k in range(3)]
    assert not any(each.is_wrong for each in said)


def test_reports_that_stay_behind_by_the_same_time_show_a_slow_clock():
    clocks = known(0.0)
    said = [judged(clocks, off_s=-3_600, after_s=after_s) for after_s in (0, 30, 60, 90)]
    assert [each.is_wrong for each in said] == [False, False, True, True]
    assert not judged(clocks, off_s=0, after_s=120).is_wrong
    assert not judged(clocks, off_s=-3_600, after_s=130).is_wrong


def test_a_report_without_a_time_says_nothing():
    clocks = known(0.0)
    assert clocks.judge(1, sent_at=None, now=NOW) == (None, False)
    assert clocks.strangers([1, 2]) == [2]
    assert clocks.judge(2, sent_at=NOW - 2 * CLOCK_LIMIT, now=NOW).is_wrong
