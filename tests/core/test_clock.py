"""The one clock: it stands, it moves forward, and the block that set it ends it."""

from datetime import UTC, datetime, timedelta

import pytest

from anlan.kernel import clock

START = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)


def test_a_fixed_clock_stands_until_moved():
    with clock.use(clock.FixedClock(START)) as fixed:
        assert clock.now() == clock.now() == START
        fixed.advance(timedelta(minutes=5))
        assert clock.now() == START + timedelta(minutes=5)


def test_time_does_not_run_back():
    fixed = clock.FixedClock(START)
    with pytest.raises(ValueError, match="does not run back"):
        fixed.move_to(START - timedelta(seconds=1))
    fixed.move_to(START)
    assert fixed.now() == START


def test_a_clock_needs_a_zone():
    with pytest.raises(ValueError, match="zone"):
        clock.FixedClock(datetime(2024, 7, 15))  # noqa: DTZ001  the fault under test


def test_the_innermost_clock_tells_and_errors_restore_the_outer():
    later = START + timedelta(days=1)

    def fail():
        with clock.use(clock.FixedClock(later)):
            assert clock.now() == later
            raise KeyError

    with clock.use(clock.FixedClock(START)):
        with pytest.raises(KeyError):
            fail()
        assert clock.now() == START


def test_the_wall_clock_knows_its_zone():
    assert clock.WallClock().now().tzinfo is not None
