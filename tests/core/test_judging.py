"""Limits held against rings: each measure, together, for minutes, at stations, by season."""

from dataclasses import replace

import numpy as np
import pytest

from anlan.monitoring.core.judging import LimitTable
from anlan.monitoring.core.limits import Key, Policy, Standing, in_season, limits_of
from anlan.monitoring.core.stepping import steps_of
from anlan.monitoring.data import Measure
from tests.core.slots import (
    FLOOD,
    LEVEL,
    NOW,
    ORANGE,
    RAIN,
    RED,
    YELLOW,
    colours_at,
    columns,
    fill,
    limit,
    table_with,
)

KEY = Key(1, FLOOD)
OTHER = Key(2, FLOOD)


def rain(*values, station=1, end=NOW):
    return [
        (station, RAIN, end - len(values) + 1 + step, value) for step, value in enumerate(values)
    ]


def levels(*values, station=1, end=NOW):
    return [(station, LEVEL, row[2], row[3]) for row in rain(*values, station=station, end=end)]


HOURLY = [limit(20.0), limit(30.0, colour=ORANGE, number=2), limit(50.0, colour=RED, number=3)]


@pytest.mark.parametrize(
    ("total", "colour"),
    [(19.9, None), (20.0, YELLOW), (29.9, YELLOW), (30.0, ORANGE), (50.0, RED), (80.0, RED)],
)
def test_a_limit_is_reached_at_its_value(total, colour):
    assert colours_at(table_with(HOURLY, rain(total))).get(KEY) == colour


def test_the_worst_of_several_windows_counts_with_its_own_value():
    table = table_with(
        [*HOURLY, limit(60.0, window=36, colour=ORANGE, number=4)], rain(*[2.0] * 35)
    )
    hit = table.look(NOW, standing={}).higher[KEY]
    assert (hit.limit.window, hit.limit.colour, hit.value, hit.against) == (36, ORANGE, 70.0, 60.0)


@pytest.mark.parametrize(
    ("measure", "values", "found"),
    [
        (Measure.LAST, (101.0, 101.0, 102.5), 102.5),
        (Measure.RISE, (101.0, 101.2, 101.9), 0.9),
        (Measure.FALL, (101.9, 101.2, 101.0), 0.9),
        (Measure.MEAN, (101.0, 102.0, 103.0), 102.5),
    ],
)
def test_what_each_measure_of_a_level_is(measure, values, found):
    table = table_with([limit(0.5, measure=measure, window=2)], levels(*values))
    hit = table.look(NOW, standing={}).higher[KEY]
    assert hit.value == pytest.approx(found)


@pytest.mark.parametrize("measure", [Measure.RISE, Measure.FALL, Measure.MEAN])
def test_what_is_not_known_for_the_whole_window_reaches_nothing(measure):
    table = table_with([limit(-9.0, measure=measure, window=3)], levels(101.0, 102.0))
    assert colours_at(table) == {}


def test_a_level_stands_until_the_next_one():
    table = table_with([limit(102.0, measure=Measure.LAST)], levels(103.0, end=NOW - 500))
    assert colours_at(table) == {KEY: YELLOW}
    assert colours_at(table, NOW - 501) == {}


def test_together_is_and_apart_is_or():
    wet = limit(20.0, together="a")
    high = limit(102.0, measure=Measure.LAST, together="a", number=2, measured_at=2)
    both, rains = [wet, high], rain(25.0)
    assert colours_at(table_with(both, rains)) == {}
    assert colours_at(table_with(both, [*rains, *levels(102.0, station=2)])) == {KEY: YELLOW}
    apart = [replace(each, together="") for each in both]
    assert colours_at(table_with(apart, rains)) == {KEY: YELLOW}
    assert colours_at(table_with(apart, levels(102.0, station=2))) == {KEY: YELLOW}


def test_two_groups_of_one_colour_are_alternatives():
    groups = [
        limit(20.0, together="a"),
        limit(9.0, together="a", window=1, number=2),
        limit(60.0, together="b", window=36, number=3),
    ]
    assert colours_at(table_with(groups, rain(10.0, 10.0, 1.0))) == {}
    assert colours_at(table_with(groups, rain(10.0, 1.0, 9.0))) == {KEY: YELLOW}
    assert colours_at(table_with(groups, rain(*[1.8] * 35))) == {KEY: YELLOW}


HALF_AN_HOUR = Policy(version=7, for_s=1800)


def test_for_thirty_minutes_counts_from_the_first_slot_over():
    table = table_with(
        [limit(102.0, measure=Measure.LAST, policy=HALF_AN_HOUR)],
        levels(101.0, 102.0, end=NOW),
    )
    assert [colours_at(table, NOW + step) for step in (0, 5)] == [{}, {}]
    assert colours_at(table, NOW + 6) == {KEY: YELLOW}


def test_a_moment_below_starts_the_minutes_anew():
    table = table_with(
        [limit(102.0, measure=Measure.LAST, policy=HALF_AN_HOUR)],
        levels(*[102.0] * 5, 101.9, *[102.0] * 6),
    )
    assert colours_at(table) == {}
    assert colours_at(table, NOW + 1) == {KEY: YELLOW}


def test_the_minutes_of_a_worse_colour_run_for_themselves():
    limits = [
        limit(102.0, measure=Measure.LAST, policy=HALF_AN_HOUR),
        limit(103.0, measure=Measure.LAST, policy=HALF_AN_HOUR, colour=RED, number=2),
    ]
    table = table_with(limits, levels(*[102.5] * 6, 103.5))
    assert colours_at(table) == {KEY: YELLOW}
    assert colours_at(table, NOW + 6) == {KEY: RED}


def test_late_values_decide_over_minutes_too():
    limits = [limit(102.0, measure=Measure.LAST, policy=HALF_AN_HOUR)]
    table = table_with(limits, levels(102.5, end=NOW))
    assert colours_at(table) == {}
    fill(table, levels(102.5, end=NOW - 6))
    assert colours_at(table) == {KEY: YELLOW}


TWO_OF_THREE = Policy(version=9, needed=2)


def three(*policies, **options):
    return [
        limit(20.0, station=station, number=station, policy=policies[0], **options)
        for station in (1, 2, 3)
    ]


def test_two_of_three_stations_must_stand_over():
    table = table_with(three(TWO_OF_THREE), rain(25.0))
    assert colours_at(table) == {}
    fill(table, rain(25.0, station=2))
    assert colours_at(table) == {KEY: YELLOW, OTHER: YELLOW}


def test_a_station_over_a_worse_colour_counts_for_the_milder():
    limits = [
        *three(TWO_OF_THREE),
        *[replace(each, colour=RED, value=50.0) for each in three(TWO_OF_THREE)],
    ]
    table = table_with(limits, [*rain(60.0), *rain(25.0, station=2)])
    assert colours_at(table) == {KEY: YELLOW, OTHER: YELLOW}


def test_stations_of_another_version_do_not_count():
    limits = [
        limit(20.0, policy=TWO_OF_THREE),
        limit(20.0, station=2, number=2, policy=Policy(version=8, needed=2)),
    ]
    assert colours_at(table_with(limits, [*rain(25.0), *rain(25.0, station=2)])) == {}


def test_a_look_back_asks_the_other_stations_of_the_rule_too():
    table = table_with(three(TWO_OF_THREE), [*rain(25.0), *rain(25.0, station=2, end=NOW - 3)])
    touched = table.touched(steps_codes(rain(25.0)))
    assert set(table.look_back(NOW, at=touched, standing={})) == {KEY, OTHER}
    assert set(table.look_back(NOW - 1, at=touched, standing={})) == set()


def test_a_look_back_asks_nobody_else():
    limits = [limit(20.0), limit(20.0, station=2, number=2)]
    table = table_with(limits, [*rain(25.0), *rain(25.0, station=2)])
    touched = table.touched(steps_codes(rain(25.0)))
    assert set(table.look_back(NOW, at=touched, standing={})) == {KEY}
    standing = {KEY: Standing(1, YELLOW, None)}
    assert table.look_back(NOW, at=touched, standing=standing) == {}


def steps_codes(rows):
    return np.concatenate([step.codes for step in steps_of(columns(rows))])


@pytest.mark.parametrize(
    ("total", "is_up"), [(18.0, True), (17.9, False), (0.0, False), (25.0, True)]
)
def test_a_sum_has_fallen_under_nine_tenths(total, is_up):
    standing = {KEY: Standing(5, YELLOW, None)}
    found = table_with(HOURLY, rain(total)).look(NOW, standing=standing)
    assert (KEY in found.still_up) == is_up


@pytest.mark.parametrize(("level", "is_up"), [(101.89, False), (101.9, True), (102.0, True)])
def test_a_level_has_fallen_a_tenth_of_a_metre_lower(level, is_up):
    standing = {KEY: Standing(5, YELLOW, None)}
    table = table_with([limit(102.0, measure=Measure.LAST)], levels(level))
    assert (KEY in table.look(NOW, standing=standing).still_up) == is_up


def test_a_rule_says_itself_when_it_has_fallen():
    policy = Policy(version=3, falls_to=0.5, falls_by=1.0)
    standing = {KEY: Standing(5, YELLOW, None)}
    for limits, rows, is_up in (
        ([limit(20.0, policy=policy)], rain(10.0), True),
        ([limit(20.0, policy=policy)], rain(9.9), False),
        ([limit(102.0, measure=Measure.LAST, policy=policy)], levels(101.0), True),
        ([limit(102.0, measure=Measure.LAST, policy=policy)], levels(100.9), False),
    ):
        found = table_with(limits, rows).look(NOW, standing=standing)
        assert (KEY in found.still_up) == is_up


def test_conditions_together_have_fallen_when_one_of_them_has():
    both = [
        limit(20.0, together="a"),
        limit(102.0, measure=Measure.LAST, together="a", number=2),
    ]
    standing = {KEY: Standing(5, YELLOW, None)}
    for level, is_up in ((102.0, True), (101.0, False)):
        found = table_with(both, [*rain(25.0), *levels(level)]).look(NOW, standing=standing)
        assert (KEY in found.still_up) == is_up


def test_effective_rain_is_today_and_the_weakened_rain_before():
    table = table_with([limit(50.0, measure=Measure.ANTECEDENT)], rain(*[5.0] * 6))
    table.day_slot = NOW - 4
    table.wetness_mm[:] = 29.9
    assert colours_at(table) == {}
    table.wetness_mm[:] = 30.0
    assert colours_at(table) == {KEY: YELLOW}


@pytest.mark.parametrize(
    ("wetness", "against"),
    [
        (0.0, 60.0),
        (20.0, 60.0),
        (35.0, 50.0),
        (50.0, 40.0),
        (65.0, 30.0),
        (80.0, 20.0),
        (100.0, 20.0),
    ],
)
def test_a_villages_critical_rain_falls_as_its_soil_wets(wetness, against):
    of_village = replace(
        limit(60.0, window=12),
        key=Key(1, FLOOD, "990701101201"),
        by_wetness=(60.0, 40.0, 20.0, 100.0),
        threshold_id=0,
        critical_rain_id=4,
    )
    table = table_with([of_village], rain(60.0))
    table.day_slot = NOW  # the rain of the hour is of the day before
    table.wetness_mm[:] = wetness
    hit = table.look(NOW, standing={}).higher[of_village.key]
    assert hit.against == pytest.approx(against)


def test_a_station_with_its_own_limits_has_none_of_the_defaults_of_that_hazard():
    own = limit(40.0, station=7, colour=RED)
    default = limit(50.0, station=0, colour=RED, number=2)
    other = limit(120.0, station=0, colour=RED, number=3, hazard="geohazard")
    ruled = limit(45.0, station=0, colour=RED, number=4, policy=Policy(version=2))
    found = limits_of(
        [own], defaults=[default, other, ruled], covered={FLOOD: [7, 8], "geohazard": [7]}
    )
    assert sorted((x.key.station_id, x.key.hazard, x.value, x.series[0]) for x in found) == [
        (7, FLOOD, 40.0, 7),
        (7, FLOOD, 45.0, 7),
        (7, "geohazard", 120.0, 7),
        (8, FLOOD, 45.0, 8),
        (8, FLOOD, 50.0, 8),
    ]


@pytest.mark.parametrize(
    ("day", "start", "until", "is_in"),
    [
        ("07-15", "05-01", "10-15", True),
        ("05-01", "05-01", "10-15", True),
        ("10-15", "05-01", "10-15", True),
        ("10-16", "05-01", "10-15", False),
        ("12-31", "11-01", "05-31", True),
        ("01-01", "11-01", "05-31", True),
        ("05-31", "11-01", "05-31", True),
        ("06-01", "11-01", "05-31", False),
        ("02-29", "11-01", "05-31", True),
        ("06-01", "", "", True),
    ],
)
def test_a_season_may_run_over_new_year(day, start, until, is_in):
    assert in_season(day, start=start, until=until) == is_in


def test_without_limits_nothing_stands():
    table = LimitTable([])
    fill(table, rain(50.0))
    assert colours_at(table) == {}
    assert table.touched(steps_codes(rain(50.0))).limit.size == 0
