"""A rule run over what was measured fires as it would have fired then."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.monitoring.core.backtest import BackTest, Firing, events_of
from anlan.monitoring.core.exceedances import changes_of
from anlan.monitoring.core.judging import LimitTable, moment_of
from anlan.monitoring.core.limits import HOLD, Key, Policy, Standing
from anlan.monitoring.data import Measure
from tests.core.slots import (
    FLOOD,
    LEVEL,
    NOON,
    NOW,
    ORANGE,
    RAIN,
    RED,
    YELLOW,
    columns,
    fill,
    limit,
)
from tests.core.test_judging_plainly import (
    limits_from,
    one_policy_a_version,
    random_limits,
    random_rows,
)

KEY = Key(1, FLOOD)
HOURLY = [limit(20.0), limit(30.0, colour=ORANGE, number=2), limit(50.0, colour=RED, number=3)]


def run(limits, rows, *, start=NOW - 50, stop=NOW + 60, wetness=None):
    test = BackTest()
    test.walk(LimitTable(limits), columns(rows), start=start, stop=stop, wetness=wetness)
    return test


def at(step):
    return moment_of(NOW + step)


def test_a_firing_lasts_from_the_first_colour_to_the_holding_time_after_the_last():
    rows = [(1, RAIN, NOW, 22.0), (1, RAIN, NOW + 1, 10.0), (1, RAIN, NOW + 2, 3.0)]
    (firing,) = run(HOURLY, rows).end()
    assert firing == Firing(
        key=KEY,
        colour=ORANGE,
        since=at(0),
        until=at(12) + HOLD,
        limit_id=2,
        against=30.0,
        peak=35.0,
    )


def test_what_still_stands_at_the_end_has_no_end():
    test = run(HOURLY, [(1, RAIN, NOW, 22.0)], stop=NOW + 3)
    (firing,) = test.end()
    assert firing.until is None
    assert [each for each, _below in test.standing] == [firing]


def test_dry_weather_and_no_weather_fire_nothing():
    assert run(HOURLY, []).end() == []
    assert run(HOURLY, [(1, RAIN, NOW + step, 0.0) for step in range(12)]).end() == []


def test_the_time_before_the_start_fills_the_windows_and_fires_nothing():
    rows = [(1, RAIN, NOW - 5, 25.0), (1, RAIN, NOW + 30, 1.0)]
    (firing,) = run(HOURLY, rows, start=NOW).end()
    assert firing.since == at(0)
    assert run(HOURLY, rows, start=NOW + 10).end() == []


def test_a_level_that_moves_into_a_window_fires_without_a_reading():
    rise = [limit(0.5, measure=Measure.RISE, window=12)]
    rows = [(1, LEVEL, NOW - 30, 101.0), (1, LEVEL, NOW, 100.4), (1, LEVEL, NOW + 3, 100.95)]
    (firing,) = run(rise, rows).end()
    assert firing.since == at(12)  # when the low of an hour ago is what it rose from
    held = [limit(102.0, measure=Measure.LAST, policy=Policy(version=1, for_s=1800))]
    (firing,) = run(held, [(1, LEVEL, NOW, 102.5)]).end()
    assert firing.since == at(6)


def test_the_soil_of_each_day_counts_from_its_morning_on():
    wet = [limit(50.0, measure=Measure.ANTECEDENT)]
    days = {NOW - 48: np.array([0.0]), NOW + 24: np.array([45.0])}
    rows = [(1, RAIN, NOW, 30.0), (1, RAIN, NOW + 30, 4.9), (1, RAIN, NOW + 40, 0.1)]
    (firing,) = run(wet, rows, wetness=days).end()
    assert firing.since == at(40)


def live(limits, rows, *, start, stop):
    """Judge slot by slot as the present is judged; return when each key was raised and ended."""
    standing: dict[Key, Standing] = {}
    table, number, told = LimitTable(limits), 0, []
    for slot in range(start, stop):
        fill(table, [row for row in rows if row[2] == slot])
        found = table.look(slot, standing=standing)
        done = changes_of(
            found.higher,
            found.still_up,
            standing=standing,
            now=moment_of(slot),
            waits=table.waits,
        )
        for key, one in list(standing.items()):
            if one.id in done.sinking:
                standing[key] = replace(one, below_since=moment_of(slot))
            if one.id in done.recovered:
                standing[key] = replace(one, below_since=None)
            if one.id in done.ended:
                told.append((moment_of(slot), key, 0))
                del standing[key]
        for hit, _before in done.raised:
            number += 1
            standing[hit.limit.key] = Standing(number, hit.limit.colour, None)
            told.append((moment_of(slot), hit.limit.key, hit.limit.colour))
    return told


@settings(max_examples=60)
@given(random_limits, one_policy_a_version, random_rows)
def test_it_fires_when_the_present_would_have(rows_of_limits, versions, rows):
    limits = limits_from(rows_of_limits, versions)
    start, stop = NOW - 41, NOW + 30
    told = live(limits, rows, start=start, stop=stop)
    firings = run(limits, rows, start=start, stop=stop).end()
    begun = {(one.since, one.key) for one in firings}
    ended = {(one.until, one.key) for one in firings if one.until is not None}
    assert ended == {(moment, key) for moment, key, colour in told if not colour}
    for key in {key for _moment, key, _colour in told}:
        mine = [(moment, colour) for moment, each, colour in told if each == key]
        starts = [mine[0][0]] + [
            moment for (_m, before), (moment, _c) in pairwise(mine) if not before
        ]
        assert {(moment, key) for moment in starts} == {each for each in begun if each[1] == key}


@settings(max_examples=40)
@given(random_limits, one_policy_a_version, random_rows, st.integers(NOW - 40, NOW + 20))
def test_in_two_stretches_it_is_the_same(rows_of_limits, versions, rows, cut):
    limits = limits_from(rows_of_limits, versions)
    start, stop = NOW - 41, NOW + 30
    whole = run(limits, rows, start=start, stop=stop).end()
    first = run(limits, rows, start=start, stop=cut)
    second = BackTest(first.standing)
    second.walk(LimitTable(limits), columns(rows), start=cut, stop=stop)
    assert sorted(first.fired + second.end(), key=lambda x: (x.since, x.key)) == whole


def firing(begin, end, *, station=1, colour=YELLOW):
    return Firing(
        key=Key(station, FLOOD),
        colour=colour,
        since=NOON + timedelta(hours=begin),
        until=None if end is None else NOON + timedelta(hours=end),
        limit_id=1,
        against=20.0,
        peak=21.0,
    )


@pytest.mark.parametrize(
    ("spans", "counts"),
    [
        ([], []),
        ([(0, 2)], [1]),
        ([(0, 2), (14, 15)], [2]),
        ([(0, 2), (14.5, 15)], [1, 1]),
        ([(0, 20), (1, 2), (31, 33), (60, 61)], [3, 1]),
        ([(0, None), (90, 91)], [2]),
    ],
)
def test_firings_less_than_half_a_day_apart_are_one_event(spans, counts):
    firings = [firing(begin, end, station=n) for n, (begin, end) in enumerate(spans, start=1)]
    events = events_of(firings)
    assert [len(event.firings) for event in events] == counts
    assert [event.stations for event in events] == counts


def test_an_event_spans_its_firings_and_has_their_worst_colour():
    (event,) = events_of([firing(2, 3, colour=RED), firing(0, 1), firing(1, 9)])
    assert event.since == NOON
    assert event.until == NOON + timedelta(hours=9)
    assert (event.colour, event.stations) == (RED, 1)
