"""Batches turned into steps of time: what came for each slot, in order."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from anlan.monitoring.core.columns import Columns, Floats, Ints
from anlan.monitoring.core.rings import SLOT_S
from anlan.monitoring.data import DOUBTFUL_FROM, EXCLUDED_FROM, Quality

_SLOT_US: Final = SLOT_S * 1_000_000
_MS: Final = 1_000


class Step(NamedTuple):
    """What came for one slot: distinct series, what fell in it, the last value and its ms in it."""

    slot: int
    codes: Ints
    amounts: Floats
    values: Floats
    when_ms: Ints
    doubtful: Ints


def counting(rows: Columns) -> Columns:
    """Return the rows that rules see."""
    return rows.at(rows.quality < EXCLUDED_FROM)


def struck_out(rows: Columns) -> Columns:
    """Return the rows that a person struck out: what rules had seen of them is gone."""
    return rows.at(rows.quality == Quality.REJECTED)


def steps_of(rows: Columns) -> Iterator[Step]:
    """Yield the rows slot by slot, the earliest first."""
    if not len(rows):
        return
    slots, codes = rows.micros // _SLOT_US, rows.codes
    order = np.lexsort((rows.micros, codes, slots))
    slots, codes, values = slots[order], codes[order], rows.values[order]
    quality = rows.quality[order]
    when_ms = rows.micros[order] % _SLOT_US // _MS
    edges = np.flatnonzero(np.append([True], slots[1:] != slots[:-1]))
    for start, stop in zip(edges.tolist(), [*edges[1:].tolist(), slots.size], strict=True):
        part, mine = codes[start:stop], values[start:stop]
        first = np.flatnonzero(np.append([True], part[1:] != part[:-1]))
        last = np.append(first[1:], part.size) - 1
        doubt = (quality[start:stop] >= DOUBTFUL_FROM) & (quality[start:stop] < EXCLUDED_FROM)
        yield Step(
            slot=int(slots[start]),
            codes=part[first],
            amounts=np.add.reduceat(mine, first),
            values=mine[last],
            when_ms=when_ms[start:stop][last],
            doubtful=part[doubt],
        )
