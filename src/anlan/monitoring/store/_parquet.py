"""Readings in Parquet files; loaded on first use, for the library takes its time to load."""

import hashlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anlan.monitoring.core.columns import EMPTY, Columns

SCHEMA = pa.schema(
    [
        ("station", pa.int64()),
        ("element", pa.int16()),
        ("observed_at", pa.timestamp("us", tz="UTC")),
        ("value", pa.float64()),
        ("quality", pa.int8()),
    ]
)
ROWS_A_GROUP = 65_536


def write(parts: Iterable[Columns], *, to: Path) -> int:
    """Write readings, sorted by station, element and instant, and return how many.

    The file appears whole or not at all.
    """
    draft = to.with_suffix(f".{os.getpid()}.draft")
    rows = 0
    try:
        with pq.ParquetWriter(draft, SCHEMA, compression="zstd") as writer:
            for part in parts:
                writer.write_table(_table(part), row_group_size=ROWS_A_GROUP)
                rows += len(part)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(to)
        folder = os.open(to.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)
    return rows


def count(path: Path) -> int:
    """Return how many readings a file says that it holds."""
    return int(pq.ParquetFile(path).metadata.num_rows)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read(path: Path, *, station: int, element: int, start_us: int, end_us: int) -> Columns:
    """Return a station's readings of an element from start to end, both included (µs)."""
    low, high = (pa.scalar(each, pa.timestamp("us", tz="UTC")) for each in (start_us, end_us))
    wanted = (
        (pc.field("station") == station)
        & (pc.field("element") == element)
        & (pc.field("observed_at") >= low)
        & (pc.field("observed_at") <= high)
    )
    return _columns(pq.read_table(path, filters=wanted))


def read_many(
    path: Path,
    *,
    stations: Collection[int],
    elements: Collection[int],
    start_us: int,
    end_us: int,
) -> Columns:
    """Return the readings of these stations and elements from start up to, not with, end (µs)."""
    low, high = (pa.scalar(each, pa.timestamp("us", tz="UTC")) for each in (start_us, end_us))
    wanted = (
        pc.field("station").isin(pa.array(sorted(stations), pa.int64()))
        & pc.field("element").isin(pa.array(sorted(elements), pa.int16()))
        & (pc.field("observed_at") >= low)
        & (pc.field("observed_at") < high)
    )
    return _columns(pq.read_table(path, filters=wanted))


def _columns(table: pa.Table) -> Columns:
    if not table.num_rows:
        return EMPTY
    return Columns(
        _ints(table, "station"),
        _ints(table, "element"),
        table["observed_at"].cast(pa.int64()).to_numpy().astype(np.int64),
        table["value"].to_numpy().astype(np.float64),
        _ints(table, "quality"),
    )


def _ints(table: pa.Table, name: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    return np.asarray(table[name].to_numpy().astype(np.int64))


def _table(rows: Columns) -> pa.Table:
    return pa.table(
        [
            pa.array(rows.stations, pa.int64()),
            pa.array(rows.elements.astype(np.int16), pa.int16()),
            pa.array(rows.micros, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
            pa.array(rows.values, pa.float64()),
            pa.array(rows.quality.astype(np.int8), pa.int8()),
        ],
        schema=SCHEMA,
    )
