"""Readings as columns: what travels between the wire, the store and the rules in bulk."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_HEAD: Final = struct.Struct("<4sI")
_MAGIC: Final = b"ANL1"
_ELEMENT_BITS: Final = 16
ELEMENT_MASK: Final = (1 << _ELEMENT_BITS) - 1
NO_MOMENT: Final = -(1 << 62)


class NotABatch(ValueError):
    """Bytes that hold no packed readings."""


def codes_of(stations: Ints, elements: Ints) -> Ints:
    """Return one number for each station and element."""
    return np.asarray(stations << _ELEMENT_BITS | elements)


def code_of(station: int, element: int) -> int:
    """Return the number of a station's element."""
    return station << _ELEMENT_BITS | element


def parts_of(code: int) -> tuple[int, int]:
    """Return station and element of a number."""
    return code >> _ELEMENT_BITS, code & ELEMENT_MASK


@dataclass(frozen=True)
class Columns:
    """Readings as N rows: station, element, instant in µs since 1970 UTC, value, quality."""

    stations: Ints
    elements: Ints
    micros: Ints
    values: Floats
    quality: Ints

    def __len__(self) -> int:
        return int(self.stations.size)

    @property
    def codes(self) -> Ints:
        """Return one number for each row's station and element."""
        return codes_of(self.stations, self.elements)

    def at(self, rows: Ints | Bools) -> "Columns":
        """Return these rows."""
        return Columns(
            self.stations[rows],
            self.elements[rows],
            self.micros[rows],
            self.values[rows],
            self.quality[rows],
        )

    def marked(self, quality: Ints) -> "Columns":
        """Return the same rows with another quality."""
        return Columns(self.stations, self.elements, self.micros, self.values, quality)

    def pack(self) -> bytes:
        """Return the rows as bytes: a head, then the five columns."""
        return b"".join(
            (
                _HEAD.pack(_MAGIC, len(self)),
                self.stations.astype("<i8").tobytes(),
                self.elements.astype("<i2").tobytes(),
                self.micros.astype("<i8").tobytes(),
                self.values.astype("<f8").tobytes(),
                self.quality.astype("<i1").tobytes(),
            )
        )


def columns_of(rows: Sequence[tuple[int, int, int, float]]) -> Columns:
    """Return columns of (station, element, µs, value), all of good quality."""
    count = len(rows)
    if not count:
        return EMPTY
    stations, elements, micros, values = zip(*rows, strict=True)
    return Columns(
        np.array(stations, dtype=np.int64),
        np.array(elements, dtype=np.int64),
        np.array(micros, dtype=np.int64),
        np.array(values, dtype=np.float64),
        np.zeros(count, dtype=np.int64),
    )


def joined(parts: Iterable[Columns]) -> Columns:
    """Return columns one after the other."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return EMPTY
    if len(parts) == 1:
        return parts[0]
    return Columns(
        np.concatenate([part.stations for part in parts]),
        np.concatenate([part.elements for part in parts]),
        np.concatenate([part.micros for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.quality for part in parts]),
    )


def unpack(data: bytes) -> Columns:
    """Return what `pack` packed; no bytes are no rows. Raises NotABatch for anything else."""
    if not data:
        return EMPTY
    if len(data) < _HEAD.size:
        raise NotABatch("shorter than its head")
    magic, count = _HEAD.unpack_from(data)
    if magic != _MAGIC or len(data) != _HEAD.size + count * 27:
        raise NotABatch("not packed readings")
    found, at = [], _HEAD.size
    for kind, size in (("<i8", 8), ("<i2", 2), ("<i8", 8), ("<f8", 8), ("<i1", 1)):
        found.append(np.frombuffer(data, dtype=kind, count=count, offset=at))
        at += size * count
    stations, elements, micros, values, quality = found
    return Columns(
        stations.astype(np.int64),
        elements.astype(np.int64),
        micros.astype(np.int64),
        values.astype(np.float64),
        quality.astype(np.int64),
    )


EMPTY: Final = Columns(
    np.empty(0, dtype=np.int64),
    np.empty(0, dtype=np.int64),
    np.empty(0, dtype=np.int64),
    np.empty(0, dtype=np.float64),
    np.empty(0, dtype=np.int64),
)


class Places:
    """Numbers for codes: finds the place of many codes at once, and gives new ones the next."""

    def __init__(self, codes: Iterable[int] = ()) -> None:
        self._codes = np.empty(0, dtype=np.int64)
        self._places = np.empty(0, dtype=np.int64)
        self.add(np.fromiter(codes, dtype=np.int64))

    def __len__(self) -> int:
        return int(self._codes.size)

    def find(self, codes: Ints) -> Ints:
        """Return the place of each code, -1 where it has none."""
        if not self._codes.size:
            return np.full(codes.size, -1, dtype=np.int64)
        at = np.searchsorted(self._codes, codes)
        at[at == self._codes.size] = 0
        return np.where(self._codes[at] == codes, self._places[at], -1)

    def add(self, codes: Ints) -> None:
        """Give codes that have no place the next ones, in the order in which they come."""
        fresh = codes[self.find(codes) < 0]
        _unique, first = np.unique(fresh, return_index=True)
        fresh = fresh[np.sort(first)]
        places = np.arange(len(self), len(self) + fresh.size)
        order = np.argsort(all_codes := np.concatenate([self._codes, fresh]), kind="stable")
        self._places = np.concatenate([self._places, places])[order]
        self._codes = all_codes[order]
