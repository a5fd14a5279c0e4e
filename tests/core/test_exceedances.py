"""When an exceedance is raised, steps up, sinks, recovers and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.exceedances import changes_of
from anlan.monitoring.core.judging import LimitTable, moment_of
from anlan.monitoring.core.limits import HOLD, Key, Policy, Standing
from anlan.monitoring.core.past import Episode, stood_at
from tests.core.slots import FIVE, FLOOD, NOON, NOW, ORANGE, RAIN, RED, YELLOW, fill, limit

KEY = Key(1, FLOOD)
LIMITS = [
    limit(20.0),
    limit(30.0, colour=ORANGE, number=2),
    limit(50.0, colour=RED, number=3),
    limit(60.0, window=36, colour=ORANGE, number=4),
]


def changes(total, standing, *, limits=LIMITS, waits=None):
    table = fill(LimitTable(limits), [(1, RAIN, NOW, total)])
    found = table.look(NOW, standing=standing)
    return changes_of(found.higher, found.still_up, standing=standing, now=NOON, waits=waits)


def test_the_first_crossing_is_raised_and_the_same_again_is_not():
    first = changes(25.0, {})
    assert [(hit.limit.colour, before) for hit, before in first.raised] == [(YELLOW, None)]
    again = changes(25.0, {KEY: Standing(5, YELLOW, None)})
    assert again.raised == again.sinking == again.recovered == again.ended == ()


def test_a_worse_colour_follows_the_standing_one_and_a_milder_changes_nothing():
    standing = Standing(5, ORANGE, None)
    assert [
        (hit.limit.colour, before) for hit, before in changes(60.0, {KEY: standing}).raised
    ] == [(RED, standing)]
    assert changes(25.0, {KEY: standing}).raised == ()


def test_it_sinks_holds_and_ends_only_after_the_holding_time():
    assert changes(0.0, {KEY: Standing(5, ORANGE, None)}).sinking == (5,)
    young = Standing(5, ORANGE, NOON - HOLD + timedelta(seconds=1))
    assert changes(0.0, {KEY: young}).ended == ()
    assert changes(0.0, {KEY: Standing(5, ORANGE, NOON - HOLD)}).ended == (5,)


@pytest.mark.parametrize("minutes", [0, 20, 180])
def test_a_rule_says_itself_how_long_it_holds(minutes):
    rule = Policy(version=4, clear_after=timedelta(minutes=minutes))
    limits = [replace(each, policy=rule) for each in LIMITS]
    waits = LimitTable(limits).waits
    assert waits == {KEY: minutes * 60}
    if minutes:
        young = Standing(5, ORANGE, NOON - timedelta(minutes=minutes, seconds=-1))
        assert changes(0.0, {KEY: young}, limits=limits, waits=waits).ended == ()
    old = Standing(5, ORANGE, NOON - timedelta(minutes=minutes))
    assert changes(0.0, {KEY: old}, limits=limits, waits=waits).ended == (5,)


def test_of_several_holding_times_at_one_station_the_longest_counts():
    rule = Policy(version=4, clear_after=timedelta(minutes=5))
    assert LimitTable([LIMITS[0], replace(LIMITS[1], policy=rule)]).waits == {}


def test_rain_that_comes_back_starts_the_holding_time_anew():
    sinking = Standing(5, YELLOW, NOON - timedelta(minutes=50))
    found = changes(19.0, {KEY: sinking})
    assert found.recovered == (5,)
    assert found.ended == ()
    assert found.raised == ()


def test_what_no_limit_asks_any_more_ends_as_well():
    gone = Key(9, FLOOD)
    assert changes(0.0, {gone: Standing(8, RED, NOON - HOLD)}).ended == (8,)


totals = st.lists(st.sampled_from([0.0, 1.0, 2.5, 6.0, 12.0]), min_size=1, max_size=60)


@given(totals)
def test_through_any_rain_one_stands_and_its_colour_never_falls(rain):
    standing: dict[Key, Standing] = {}
    table, number = LimitTable(LIMITS), 0
    for step, value in enumerate([*rain, *[0.0] * 60]):
        now = moment_of(NOW + step)
        fill(table, [(1, RAIN, NOW + step, value)])
        found = table.look(NOW + step, standing=standing)
        done = changes_of(found.higher, found.still_up, standing=standing, now=now)
        for hit, before in done.raised:
            assert before is None or hit.limit.colour > before.colour
            number += 1
            standing[KEY] = Standing(number, hit.limit.colour, None)
        for key, one in list(standing.items()):
            if one.id in done.sinking:
                standing[key] = Standing(one.id, one.colour, now)
            if one.id in done.recovered:
                standing[key] = Standing(one.id, one.colour, None)
            if one.id in done.ended:
                del standing[key]
        assert table.look(NOW + step, standing=standing).higher == {}
    assert standing == {}


@pytest.mark.parametrize(
    ("minutes", "colour"),
    [(-21, None), (-20, YELLOW), (0, ORANGE), (10, ORANGE), (30, ORANGE), (31, None)],
)
def test_what_stood_then_is_the_worst_of_what_went_on(minutes, colour):
    episodes = {
        KEY: [
            Episode(NOON - 4 * FIVE, NOON + 2 * FIVE, YELLOW),
            Episode(NOON, NOON + 6 * FIVE, ORANGE),
        ]
    }
    found = stood_at(NOON + timedelta(minutes=minutes), episodes)
    assert (found[KEY].colour if found else None) == colour
