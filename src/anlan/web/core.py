"""The replay of the map: what stood where at each step of the slider. Pure."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

STEP = timedelta(minutes=30)
MOST_STEPS = 336

Span = tuple[Hashable, int, datetime, datetime | None]
"""Whose it is, its level 1–4, from when, until when (None: still)."""


def steps_of(start: datetime, end: datetime) -> list[datetime]:
    """Return the instants of the slider: half hours from before `start` until past `end`.

    A span too long for the slider gets steps of a multiple of half an hour.
    """
    first = _floor(start)
    halves = max(1, -((first - end) // STEP))
    step = STEP * -(-halves // MOST_STEPS)
    count = max(1, -((first - end) // step))
    return [first + step * number for number in range(count + 1)]


def levels_by_step(
    spans: Iterable[Span], *, order: Sequence[Hashable], steps: Sequence[datetime]
) -> list[str]:
    """Return for each step a string with the highest level of each key, one digit a key.

    A span shorter than a step shows at the step after it began: nothing passes unseen.
    """
    place = {key: number for number, key in enumerate(order)}
    rows = [bytearray(b"0" * len(order)) for _ in steps]
    for key, level, start, end in spans:
        column = place.get(key)
        if column is None:
            continue
        first = bisect_left(steps, start)
        last = len(steps) if end is None else max(bisect_left(steps, end), first + 1)
        digit = ord("0") + level
        for row in rows[first:last]:
            row[column] = max(row[column], digit)
    return [row.decode() for row in rows]


def standing_by_step(
    spans: Iterable[tuple[int, datetime | None, datetime | None]], *, steps: Sequence[datetime]
) -> list[int]:
    """Return for each step how many stand: spans of (how many, from, until); None from: never."""
    change = [0] * (len(steps) + 1)
    for count, start, end in spans:
        if start is None:
            continue
        change[bisect_left(steps, start)] += count
        if end is not None:
            change[bisect_left(steps, end)] -= count
    return list(accumulate(change))[: len(steps)]


def without_repeats(rows: Sequence[str]) -> list[str]:
    """Return the rows with each one that equals the row before it left empty."""
    return ["" if number and row == rows[number - 1] else row for number, row in enumerate(rows)]


def packed(outline: Any) -> list[list[int]]:
    """Return an outline as rings of whole ten-thousandths of a degree, each after the one before.

    Takes one ring, a list of rings, a GeoJSON polygon or multipolygon, or nothing.
    """
    return [_packed_ring(ring) for ring in _rings(outline)]


def ten_thousandths(degrees: float) -> int:
    """Return an angle in whole ten-thousandths of a degree, some ten metres."""
    return round(degrees * 10_000)


def _rings(outline: Any) -> list[Any]:
    if isinstance(outline, dict):
        return _rings(outline.get("coordinates"))
    if not outline:
        return []
    if isinstance(outline[0][0], (int, float)):
        return [outline]
    return [ring for part in outline for ring in _rings(part)]


def _packed_ring(ring: Sequence[Sequence[float]]) -> list[int]:
    found: list[int] = []
    x = y = 0
    for lon, lat in ((point[0], point[1]) for point in ring):
        following = ten_thousandths(lon), ten_thousandths(lat)
        found += [following[0] - x, following[1] - y]
        x, y = following
    return found


def _floor(at: datetime) -> datetime:
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return at - (at - epoch) % STEP
