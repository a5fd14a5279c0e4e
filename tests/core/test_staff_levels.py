"""What a level read from a staff may be, and how it stands."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.intake import Bounds
from anlan.monitoring.core.staff import (
    LevelFault,
    Levels,
    Mark,
    Seen,
    is_whole,
    leap,
    level_faults,
    standing,
)

NOW = datetime(2024, 7, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FREE = Bounds()
centimetres = st.integers(-2_000, 900_000).map(lambda whole: whole / 100)
minutes = st.integers(0, 10_000)


def faults(level_m, at=NOW, bounds=FREE):
    return list(level_faults(level_m, at, bounds=bounds, now=NOW))


@given(centimetres)
def test_whole_centimetres_are_taken(level_m):
    assert is_whole(level_m)
    assert faults(level_m) == []


@given(centimetres, st.integers(1, 9))
def test_a_millimetre_is_too_fine(level_m, millimetres):
    assert faults(level_m + millimetres / 1000) == [LevelFault.TOO_FINE]


def test_bounds_are_included():
    bounds = Bounds(low=98.0, high=110.0)
    assert [faults(x, bounds=bounds) for x in (97.99, 98.0, 110.0, 110.01)] == [
        [LevelFault.TOO_LOW],
        [],
        [],
        [LevelFault.TOO_HIGH],
    ]


def test_time_and_level_are_complained_of_together():
    assert faults(float("nan"), NOW + timedelta(hours=1)) == [
        LevelFault.IN_FUTURE,
        LevelFault.NO_NUMBER,
    ]


def test_a_leap_has_a_sign_and_needs_a_level_before():
    before = Seen(NOW - MINUTE, 100.1)
    assert leap(103.3, NOW, before=before, bounds=FREE) == 3.2
    assert leap(97.0, NOW, before=before, bounds=FREE) == -3.1
    assert leap(101.1, NOW, before=before, bounds=FREE) is None
    assert leap(103.3, NOW, before=None, bounds=FREE) is None


@given(centimetres, centimetres, minutes)
def test_the_longer_ago_the_less_is_asked(level_m, other, ago):
    bounds = Bounds(step=0.2, step_s=600)
    asked = [
        leap(level_m, NOW, before=Seen(NOW - more * MINUTE, other), bounds=bounds) is not None
        for more in (ago + 1, 2 * ago + 2)
    ]
    assert asked[0] >= asked[1]


MARKS = (Mark("warning", 102.0), Mark("", 103.0, 3), Mark("guaranteed", 104.0))


def test_a_level_stands_over_the_highest_mark_that_it_reaches():
    told = [standing(x, MARKS) for x in (101.5, 102.0, 103.25, 110.0)]
    assert [(each.mark.level_m, each.above_m, each.is_reached) for each in told if each] == [
        (102.0, -0.5, False),
        (102.0, 0.0, True),
        (103.0, 0.25, True),
        (104.0, 6.0, True),
    ]
    assert standing(101.5, ()) is None


@given(st.dictionaries(minutes, centimetres), minutes)
def test_the_level_before_is_the_last_that_counts(seen, at):
    rows = [Seen(NOW + m * MINUTE, x, quality=21 * (m % 3 == 0)) for m, x in seen.items()]
    levels = Levels(rows, counts_below=20)
    earlier = [row for row in rows if row.at < NOW + at * MINUTE and row.quality < 20]
    expected = max(earlier, key=lambda row: row.at, default=None)
    assert levels.before(NOW + at * MINUTE) == expected
    free = levels.free_from(NOW + at * MINUTE)
    assert levels.at(free) is None


def test_a_level_struck_out_no_longer_counts_but_keeps_its_instant():
    levels = Levels([Seen(NOW, 101.0), Seen(NOW - MINUTE, 100.0)], counts_below=20)
    rest = levels.without(NOW)
    before = rest.before(NOW + MINUTE)
    assert before is not None
    assert before.level_m == 100.0
    assert rest.free_from(NOW) == NOW + timedelta(seconds=1)
    assert levels.before(NOW + MINUTE) == Seen(NOW, 101.0)
