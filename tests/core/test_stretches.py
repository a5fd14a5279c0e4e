"""A period is cut where other limits come into season, and no day is lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.limits import in_season
from anlan.monitoring.core.rules import is_day_of_year
from anlan.monitoring.core.stretches import stretches

FIRST = date(2023, 12, 1)
days_of_year = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")
seasons = st.lists(st.tuples(days_of_year, days_of_year), max_size=3)


@given(st.integers(0, 800), st.integers(0, 500), seasons)
def test_the_stretches_are_the_period_and_each_has_one_season(offset, length, seasons):
    since = FIRST + timedelta(days=offset)
    until = since + timedelta(days=length)
    found = stretches(since, until, seasons=seasons)
    days = [
        stretch.since + timedelta(days=number)
        for stretch in found
        for number in range((stretch.until - stretch.since).days)
    ]
    assert days == [since + timedelta(days=number) for number in range(length + 1)]
    for stretch in found:
        assert (stretch.until - stretch.since).days <= 31
        for start, end in seasons:
            inside = {
                in_season(f"{day:%m-%d}", start=start, until=end)
                for day in days
                if stretch.since <= day < stretch.until
            }
            assert inside == {in_season(stretch.day, start=start, until=end)}


def test_a_limit_of_the_whole_year_cuts_nothing_but_the_months():
    found = stretches(date(2024, 1, 15), date(2024, 3, 1), seasons={("", "")})
    assert [(x.since.day, x.until.day) for x in found] == [(15, 1), (1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("06-01", True),
        ("02-29", True),
        ("12-31", True),
        ("02-30", False),
        ("04-31", False),
        ("13-01", False),
        ("00-10", False),
        ("01-00", False),
        ("6-1", False),
        ("06-01 ", False),
        ("０６-０１", False),
    ],
)
def test_a_day_of_the_year_is_month_and_day(text, is_one):
    assert is_day_of_year(text) == is_one
