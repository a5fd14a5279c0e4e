"""Word of how far long work has come: shares of it, told often enough to be seen moving."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Told = Callable[[float], None]
"""Hears the share of the work that is done, from 0 to 1."""

EVERY = 2_000
T = TypeVar("T")


def tell(told: Told | None, share: float) -> None:
    """Tell the share that is done to whoever listens."""
    if told is not None:
        told(share)


def part(told: Told | None, since: float, until: float) -> Told | None:
    """Return what hears of a part of the work and tells the share of the whole."""
    if told is None:
        return None
    return lambda share: told(since + (until - since) * share)


def along(
    rows: Sequence[T], told: Told | None, *, since: float = 0.0, until: float = 1.0
) -> Iterator[T]:
    """Give the rows one by one, and tell now and then how far they have come."""
    for number, row in enumerate(rows):
        if number % EVERY == 0 and told is not None:
            told(since + (until - since) * number / len(rows))
        yield row
