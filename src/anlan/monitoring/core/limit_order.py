"""Whether the thresholds of one measure rise with their colour. Pure."""

from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import Protocol, TypeVar


class Ranked(Protocol):
    """A limit: what it is held against, its colour and its value."""

    @property
    def hazard(self) -> str:
        """Return what it warns of."""

    @property
    def measure(self) -> str:
        """Return how it measures."""

    @property
    def element(self) -> str:
        """Return what it measures."""

    @property
    def window_min(self) -> int:
        """Return over how many minutes."""

    @property
    def colour(self) -> int:
        """Return how severe it is."""

    @property
    def value(self) -> float:
        """Return at which value it is reached."""


R = TypeVar("R", bound=Ranked)


def pairs_out_of_order(limits: Iterable[R]) -> list[tuple[R, R]]:
    """Return each milder limit that lies at or above the next severer one of the same measure.

    Of several of one colour the first counts.
    """
    found: list[tuple[R, R]] = []
    for _name, same in groupby(sorted(limits, key=_place), key=lambda each: _place(each)[:4]):
        by_colour: dict[int, R] = {}
        for limit in same:
            by_colour.setdefault(limit.colour, limit)
        found += [pair for pair in pairwise(by_colour.values()) if pair[0].value >= pair[1].value]
    return found


def _place(limit: Ranked) -> tuple[str, str, str, int, int]:
    return (limit.hazard, limit.measure, limit.element, limit.window_min, limit.colour)
