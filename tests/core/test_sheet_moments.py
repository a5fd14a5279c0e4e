"""Moments in cells: day and time of day, however an office writes them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from anlan.kernel.sheets.cells import BadCell
from anlan.monitoring.sheets.moments import as_moment
from tests.cast import moment

EVENING = moment("2024-07-15 20:05")


@pytest.mark.parametrize(
    "cell",
    [
        "2024-07-15 20:05",
        "2024-07-15T20:05",
        "2024-07-15 20:05:00",
        "2024/7/15 20:05",
        "2024.7.15 20:05",
        "2024年7月15日20时05分",
        "2024年7月15日 20:05",
        "２０２４－０７－１５　２０：０５",
        "20240715 20:05",
        "2024-07-15/20:05",
        "2024-07-15/20时5分",
        "2024-07-15 00:00:00/20:05:00",
        "2024-07-15 00:00:00/20:05",
        datetime(2024, 7, 15, 20, 5),  # noqa: DTZ001 - as a spreadsheet gives it
        datetime(2024, 7, 15, 20, 4, 59, 999_600),  # noqa: DTZ001 - the same, rounded
        datetime(2024, 7, 15, 12, 5, tzinfo=UTC),
        45488.836805555555,
        "45488.836805555555",
    ],
)
def test_a_moment_is_understood(cell):
    assert as_moment(cell) == EVENING


def test_midnight_is_a_time_too():
    assert as_moment("2024-07-15 00:00") == moment("2024-07-15 00:00")
    assert as_moment("2024-07-15 8时") == moment("2024-07-15 08:00")


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_is_none(cell):
    assert as_moment(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "2024-07-15",
        "20:05",
        "yesterday 20:05",
        "2024-07-15 24:05",
        "2024-07-15 20:61",
        "2024-02-30 20:05",
        "2024-07-15 20:05 20:06",
        date(2024, 7, 15),
        time(20, 5),
        timedelta(hours=20),
        45488,
        0.8368,
        True,
        "45488",
    ],
)
def test_half_a_moment_is_refused(cell):
    with pytest.raises(BadCell):
        as_moment(cell)
