"""Hold what was confirmed against what is stored: everything there, everything once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from anlan.monitoring.core.columns import Columns, Ints, codes_of, columns_of, unpack
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.elements import numbers_of
from anlan.monitoring.models import ReadingBatch, SetAsideReading
from anlan.monitoring.simulator.ledger import Confirmed
from anlan.monitoring.store.reading import station_ids
from anlan.monitoring.store.writing import existing

CHUNK = 20_000


@dataclass(frozen=True)
class Comparison:
    """How many readings were confirmed; of them stored once, kept aside, missing, other, doubled.

    `other` are stored with another value, `doubled` went to the rules more than once.
    """

    confirmed: int = 0
    stored: int = 0
    aside: int = 0
    missing: int = 0
    other: int = 0
    doubled: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether everything confirmed is kept, once."""
        return self.confirmed == self.stored + self.aside and not self.doubled


def compare(ledger: Iterable[Confirmed]) -> Comparison:
    """Return how the database stands against what was confirmed."""
    rows = iter(ledger)
    counts = dict.fromkeys(("confirmed", "stored", "aside", "missing", "other"), 0)
    keys: list[tuple[Ints, Ints]] = []
    while chunk := list(islice(rows, CHUNK)):
        ids = station_ids({each.station for each in chunk})
        numbers = numbers_of({each.element for each in chunk})
        known = [each for each in chunk if each.station in ids]
        columns = columns_of(
            [(ids[x.station], numbers[x.element], micros_of(x.observed_at), x.value) for x in known]
        )
        there = existing(columns) if len(columns) else np.empty(0)
        absent = [x for x, value in zip(known, there, strict=True) if np.isnan(value)]
        absent += [each for each in chunk if each.station not in ids]
        kept = _kept_aside(absent)
        counts["confirmed"] += len(chunk)
        counts["stored"] += int((there == columns.values).sum())
        counts["other"] += int((~np.isnan(there) & (there != columns.values)).sum())
        counts["aside"] += kept
        counts["missing"] += len(absent) - kept
        keys.append((columns.codes, columns.micros))
    return Comparison(**counts, doubled=_doubled(keys))


def _kept_aside(readings: Sequence[Confirmed]) -> int:
    """Return how many of these wait aside with a verdict."""
    wanted = {(x.station, x.element, micros_of(x.observed_at)) for x in readings}
    if not wanted:
        return 0
    rows = SetAsideReading.objects.filter(address__in={x.station for x in readings})
    found = {
        (address, element, micros_of(at))
        for address, element, at in rows.values_list("address", "element", "observed_at")
    }
    return sum((x.station, x.element, micros_of(x.observed_at)) in found for x in readings)


def _doubled(keys: Sequence[tuple[Ints, Ints]]) -> int:
    """Return how many of the readings stand in more than one batch."""
    if not keys:
        return 0
    wanted = _pairs(np.concatenate([x[0] for x in keys]), np.concatenate([x[1] for x in keys]))
    wanted = np.unique(wanted)
    times = np.zeros(wanted.size, dtype=np.int64)
    for content in ReadingBatch.objects.values_list("content", flat=True).iterator(200):
        rows: Columns = unpack(bytes(content))
        if not len(rows):
            continue
        pairs = _pairs(codes_of(rows.stations, rows.elements), rows.micros)
        at = np.searchsorted(wanted, pairs)
        at[at == wanted.size] = 0
        np.add.at(times, at[wanted[at] == pairs], 1)
    return int((times > 1).sum())


def _pairs(codes: Ints, micros: Ints) -> "np.ndarray[tuple[int], np.dtype[np.void]]":
    """Return series and instant as one sortable value each."""
    pairs = np.empty(codes.size, dtype=[("code", "<i8"), ("micros", "<i8")])
    pairs["code"], pairs["micros"] = codes, micros
    return pairs
