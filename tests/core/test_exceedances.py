"""When a station stands over a limit, steps up, holds on and has fallen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.exceedances import (
    HOLD,
    Limit,
    LimitTable,
    Standing,
    changes_of,
    limits_of,
)
from anlan.monitoring.core.windows import Windows

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)
KEY = (1, "flash_flood")
YELLOW, ORANGE, RED = 2, 3, 4
RAIN_LIMITS = [
    Limit(number, 1, "flash_flood", "PN05", hours, colour, value)
    for number, (hours, colour, value) in enumerate(
        [(1, YELLOW, 20.0), (1, ORANGE, 30.0), (1, RED, 50.0), (3, ORANGE, 60.0)], start=1
    )
]
LEVEL_LIMITS = [
    Limit(11, 1, "river_flood", "Z", 0, YELLOW, 102.0),
    Limit(12, 1, "river_flood", "Z", 0, RED, 104.0),
]


def held(*, rain=(), level=None, limits=RAIN_LIMITS, standing=None):
    """Return what the limits say of rain in steps of five minutes, the last one now."""
    windows = Windows([1])
    windows.move_to(NOW)
    windows.apply(
        (1, "PN05", NOW - (len(rain) - 1 - number) * STEP, value)
        for number, value in enumerate(rain)
    )
    if level is not None:
        windows.apply([(1, "Z", NOW, level)])
    return LimitTable(limits, windows=windows).hits(windows, standing=standing or {})


@pytest.mark.parametrize(
    ("total", "colour"),
    [(19.9, None), (20.0, YELLOW), (29.9, YELLOW), (30.0, ORANGE), (50.0, RED), (80.0, RED)],
)
def test_a_limit_is_reached_at_its_value(total, colour):
    worst, _still = held(rain=[total])
    assert (worst[KEY].limit.colour if worst else None) == colour


def test_the_worst_of_several_windows_counts_with_its_own_value():
    worst, _still = held(rain=[2.0] * 35)
    assert worst[KEY].limit.window_h == 3
    assert worst[KEY].limit.colour == ORANGE
    assert worst[KEY].value == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("total", "is_up"), [(18.0, True), (17.9, False), (0.0, False), (25.0, True)]
)
def test_a_sum_has_fallen_under_nine_tenths(total, is_up):
    _worst, still = held(rain=[total], standing={KEY: Standing(5, YELLOW, None)})
    assert (KEY in still) == is_up


@pytest.mark.parametrize(
    ("level", "colour", "is_up"),
    [(101.89, None, False), (101.95, None, True), (102.0, YELLOW, True), (104.5, RED, True)],
)
def test_a_level_has_fallen_a_tenth_of_a_metre_lower(level, colour, is_up):
    key = (1, "river_flood")
    worst, _still = held(level=level, limits=LEVEL_LIMITS)
    standing = {key: Standing(5, RED, None)}
    _worst, still = held(level=level, limits=LEVEL_LIMITS, standing=standing)
    assert (worst[key].limit.colour if worst else None) == colour
    assert (key in still) == is_up


def test_a_gauge_that_never_spoke_stands_over_nothing():
    assert held(limits=RAIN_LIMITS + LEVEL_LIMITS) == ({}, set())
    assert held(limits=[]) == ({}, set())


def changes(rain, standing, *, now=NOW):
    worst, still = held(rain=rain, standing=standing)
    return changes_of(worst, still, standing=standing, now=now)


def test_the_first_crossing_is_raised_and_the_same_again_is_not():
    first = changes([25.0], {})
    assert [(hit.limit.colour, before) for hit, before in first.raised] == [(YELLOW, None)]
    again = changes([25.0], {KEY: Standing(5, YELLOW, None)})
    assert again.raised == again.sinking == again.recovered == again.ended == ()


def test_a_worse_colour_follows_the_standing_one_and_a_milder_changes_nothing():
    standing = Standing(5, ORANGE, None)
    assert [(h.limit.colour, b) for h, b in changes([60.0], {KEY: standing}).raised] == [
        (RED, standing)
    ]
    assert changes([25.0], {KEY: standing}).raised == ()


def test_it_sinks_holds_and_ends_only_after_the_holding_time():
    assert changes([], {KEY: Standing(5, ORANGE, None)}).sinking == (5,)
    young = Standing(5, ORANGE, NOW - HOLD + timedelta(seconds=1))
    assert changes([], {KEY: young}).ended == ()
    assert changes([], {KEY: Standing(5, ORANGE, NOW - HOLD)}).ended == (5,)


def test_rain_that_comes_back_starts_the_holding_time_anew():
    sinking = Standing(5, YELLOW, NOW - timedelta(minutes=50))
    found = changes([19.0], {KEY: sinking})
    assert found.recovered == (5,)
    assert found.ended == ()
    assert found.raised == ()


totals = st.lists(st.sampled_from([0.0, 1.0, 2.5, 6.0, 12.0]), min_size=1, max_size=60)


@given(totals)
def test_through_any_rain_one_stands_and_its_colour_never_falls(rain):
    standing: dict[tuple[int, str], Standing] = {}
    windows, number = Windows([1]), 0
    table = LimitTable(RAIN_LIMITS, windows=windows)
    for step, value in enumerate([*rain, *[0.0] * 60]):
        now = NOW + step * STEP
        windows.move_to(now)
        windows.apply([(1, "PN05", now, value)])
        worst, still = table.hits(windows, standing=standing)
        found = changes_of(worst, still, standing=standing, now=now)
        for hit, before in found.raised:
            assert before is None or hit.limit.colour > before.colour
            number += 1
            standing[KEY] = Standing(number, hit.limit.colour, None)
        for key, one in list(standing.items()):
            if one.id in found.sinking:
                standing[key] = Standing(one.id, one.colour, now)
            if one.id in found.recovered:
                standing[key] = Standing(one.id, one.colour, None)
            if one.id in found.ended:
                del standing[key]
        anew, _still = table.hits(windows, standing=standing)
        assert anew == {}
    assert standing == {}


def test_a_station_with_its_own_limits_has_none_of_the_defaults_of_that_hazard():
    own = Limit(1, 7, "flash_flood", "PN05", 1, RED, 40.0)
    default = Limit(2, 0, "flash_flood", "PN05", 1, RED, 50.0)
    other = Limit(3, 0, "geohazard", "PN05", 24, RED, 120.0)
    found = limits_of(
        [own], defaults=[default, other], covered={"flash_flood": [7, 8], "geohazard": [7]}
    )
    assert sorted((x.station_id, x.hazard, x.value) for x in found) == [
        (7, "flash_flood", 40.0),
        (7, "geohazard", 120.0),
        (8, "flash_flood", 50.0),
    ]
