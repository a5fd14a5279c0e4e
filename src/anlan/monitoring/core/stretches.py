"""A period cut into stretches within which the same limits are in season."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True)
class Stretch:
    """Days from the first up to, not with, the last, in the county's zone."""

    since: date
    until: date

    @property
    def day(self) -> str:
        """Return the first day as MM-DD: what is in season on it is so throughout."""
        return f"{self.since:%m-%d}"


def stretches(since: date, until: date, *, seasons: Collection[tuple[str, str]]) -> list[Stretch]:
    """Return a period, its last day included, month by month and season by season.

    `seasons` are pairs of MM-DD, empty for a limit of the whole year.
    """
    turns = {turn for start, end in seasons if start for turn in (start, _after(end))}
    edges = [since, *_edges(since, until, turns), until + timedelta(days=1)]
    return [Stretch(first, last) for first, last in pairwise(edges)]


def _edges(since: date, until: date, turns: Collection[str]) -> Iterator[date]:
    day = since + timedelta(days=1)
    while day <= until:
        if day.day == 1 or f"{day:%m-%d}" in turns:
            yield day
        day += timedelta(days=1)


def _after(day: str) -> str:
    """Return the day of the year after one, of a leap year: a month's first day cuts anyway."""
    leap = date.fromisoformat(f"2024-{day}") + timedelta(days=1)
    return f"{leap:%m-%d}"
