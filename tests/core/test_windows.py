"""Rolling sums against the plain sum over the readings themselves."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.windows import SLOT_S, Windows

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
STEP = timedelta(seconds=SLOT_S)
HOURS = (1, 3, 6, 12, 24)
STATIONS = (7, 3)
rains = st.lists(
    st.tuples(
        st.sampled_from([*STATIONS, 99]),
        st.integers(0, 400),  # steps after the beginning
        st.integers(0, 200).map(lambda tenths: tenths / 10),
    ),
    max_size=60,
    unique_by=lambda row: row[:2],
)


def at(step):
    return NOW + step * STEP


def plain_sums(readings, *, end):
    """Return the sums from their definition: readings in (end - hours, end]."""
    return np.array(
        [
            [
                sum(
                    value
                    for one, step, value in readings
                    if one == station and end - hours * 12 < step <= end
                )
                for hours in HOURS
            ]
            for station in STATIONS
        ]
    )


@given(rains, st.integers(0, 450))
def test_sums_equal_the_plain_sums(readings, end):
    known = [row for row in readings if row[1] <= end]
    windows = Windows(STATIONS)
    windows.move_to(at(end))
    windows.apply((station, "PN05", at(step), value) for station, step, value in known)
    assert np.allclose(windows.rain_sums(HOURS), plain_sums(known, end=end))


@given(rains, st.lists(st.integers(0, 450), min_size=1, max_size=6).map(sorted))
def test_arriving_bit_by_bit_or_at_once_is_the_same(readings, moments):
    bit_by_bit = Windows(STATIONS)
    done = -1
    for end in moments:
        bit_by_bit.move_to(at(end))
        bit_by_bit.apply(
            (station, "PN05", at(step), value)
            for station, step, value in readings
            if done < step <= end
        )
        done = end
    at_once = Windows(STATIONS)
    at_once.move_to(at(moments[-1]))
    at_once.apply(
        (station, "PN05", at(step), value) for station, step, value in readings if step <= done
    )
    assert np.allclose(bit_by_bit.rain_sums(HOURS), at_once.rain_sums(HOURS))


@given(rains)
def test_applying_twice_changes_nothing(readings):
    windows = Windows(STATIONS)
    windows.move_to(at(400))
    rows = [(station, "PN05", at(step), value) for station, step, value in readings]
    windows.apply(rows)
    before = windows.rain_sums(HOURS)
    windows.apply(rows)
    assert np.array_equal(windows.rain_sums(HOURS), before)


@given(rains)
def test_a_longer_window_never_holds_less(readings):
    windows = Windows(STATIONS)
    windows.move_to(at(400))
    windows.apply((station, "PN05", at(step), value) for station, step, value in readings)
    sums = windows.rain_sums(HOURS)
    assert (np.diff(sums, axis=1) >= -1e-9).all()


def test_a_gauge_whose_clock_is_a_little_fast_loses_no_rain():
    windows = Windows([1])
    for step in range(12):
        windows.move_to(at(step) - timedelta(minutes=1))  # arrives a minute before its stamp
        windows.apply([(1, "PN05", at(step), 2.0)])
    windows.move_to(at(11))
    assert windows.rain_sums([1])[0, 0] == 24.0


def test_what_is_ahead_does_not_count_yet():
    windows = Windows([1])
    windows.move_to(at(0))
    windows.apply([(1, "PN05", at(1), 2.0)])
    assert windows.rain_sums([1])[0, 0] == 0.0
    windows.move_to(at(1))
    assert windows.rain_sums([1])[0, 0] == 2.0


def test_after_a_day_of_silence_nothing_is_left():
    windows = Windows([1])
    windows.move_to(at(0))
    windows.apply([(1, "PN05", at(0), 50.0)])
    windows.move_to(at(288))
    assert windows.rain_sums(HOURS).max() == 0.0


def test_the_latest_level_stands_whatever_the_order():
    windows = Windows([1])
    windows.move_to(at(10))
    windows.apply([(1, "Z", at(8), 103.0), (1, "Z", at(5), 101.0)])
    assert windows.levels[0] == 103.0
    windows.apply([(1, "Z", at(9), 102.0)])
    assert windows.levels[0] == 102.0
