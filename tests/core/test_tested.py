"""What a back-test came to: kept as plain values, marked, counted year by year."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.backtest import Firing, events_of
from anlan.monitoring.core.limits import Key
from anlan.monitoring.core.tested import Mark, as_events, as_row, counted, from_row

NEW_YEAR = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
moments = st.integers(0, 60 * 24 * 800).map(lambda n: NEW_YEAR + timedelta(minutes=5 * n))


def firing(since, *, hours=2.0):
    return Firing(
        key=Key(1, "flash_flood", "990701101201"),
        colour=3,
        since=since,
        until=None if hours is None else since + timedelta(hours=hours),
        limit_id=7,
        against=20.0,
        peak=21.5,
    )


@given(moments, st.none() | st.floats(0, 99))
def test_a_firing_is_the_same_after_it_was_kept(since, hours):
    one = firing(since, hours=hours)
    assert from_row(json.loads(json.dumps(as_row(one)))) == one


def marks(*firings, warned=(), known_since=NEW_YEAR):
    events = as_events(events_of(firings), warned=warned, known_since=known_since)
    return [each["mark"] for each in json.loads(json.dumps(events))]


AT = NEW_YEAR + timedelta(days=100)


@pytest.mark.parametrize(
    ("hours", "mark"),
    [
        (-6.1, Mark.FALSE),
        (-6, Mark.BORNE_OUT),
        (0, Mark.BORNE_OUT),
        (8, Mark.BORNE_OUT),
        (8.1, Mark.FALSE),
    ],
)
def test_a_warning_within_six_hours_bears_an_event_out(hours, mark):
    assert marks(firing(AT), warned=[AT + timedelta(hours=hours)]) == [mark.value]


def test_before_any_warning_was_kept_nobody_can_tell():
    assert marks(firing(AT), known_since=None) == [Mark.OPEN.value]
    assert marks(firing(AT), known_since=AT + timedelta(minutes=1)) == [Mark.OPEN.value]
    assert marks(firing(AT), known_since=AT) == [Mark.FALSE.value]


def test_an_event_that_still_stands_is_near_to_what_its_last_firing_is_near_to():
    assert marks(firing(AT, hours=None), warned=[AT + timedelta(hours=5)]) == ["borne out"]


def test_events_count_in_the_year_in_which_they_begin_in_beijing():
    last_evening = NEW_YEAR - timedelta(minutes=5)
    events = as_events(
        events_of([firing(last_evening), firing(AT), firing(AT + timedelta(days=9))]),
        warned=[AT],
        known_since=AT,
    )
    found = [(x.year, x.events, x.false, x.open) for x in counted(events)]
    assert found == [(2024, 1, 0, 1), (2025, 2, 1, 0)]
    assert counted([]) == []
