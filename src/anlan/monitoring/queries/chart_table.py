"""The same as a chart in a few rows: for printing, and for whoever cannot see the chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anlan.monitoring.core.downsampling import table_step_s
from anlan.monitoring.core.intake import moment_of
from anlan.monitoring.core.spans import Span
from anlan.monitoring.queries.series import SUMMED, extremes_of, sums_of

MOST_ROWS: Final = 24
_SECOND_US: Final = 1_000_000


@dataclass(frozen=True)
class TableRow:
    """A time of the span; cells are an element's code with its sum (x,), low and high, or ()."""

    start: datetime
    end: datetime
    cells: tuple[tuple[str, tuple[float, ...]], ...]


def table_rows(station_id: int, elements: Mapping[str, int], *, span: Span) -> list[TableRow]:
    """Return what elements (code to number) of a station came to, in 25 rows at most, newest first.

    Whether the station is in sight is the caller's to see.
    """
    step_s = table_step_s(span.length.total_seconds(), most=MOST_ROWS)
    columns = {
        code: _column(station_id, number, span=span, step_s=step_s)
        for code, number in elements.items()
    }
    begins = sorted({begin for column in columns.values() for begin in column}, reverse=True)
    step = timedelta(seconds=step_s)
    return [
        TableRow(
            start=max(moment_of(begin), span.start),
            end=min(moment_of(begin) + step, span.end),
            cells=tuple((code, column.get(begin, ())) for code, column in columns.items()),
        )
        for begin in begins
    ]


def _column(
    station_id: int, element: int, *, span: Span, step_s: int
) -> dict[int, tuple[float, ...]]:
    """Return the cells of an element by where their time begins (µs)."""
    asked = {"start": span.start, "end": span.end}
    if element in SUMMED:
        begins, sums = sums_of(station_id, element, **asked, step_s=step_s)
        return {
            begin: (amount,) for begin, amount in zip(begins.tolist(), sums.tolist(), strict=True)
        }
    width = step_s * _SECOND_US
    found: dict[int, tuple[float, ...]] = {}
    micros, values = extremes_of(station_id, element, **asked, step_s=step_s)
    for moment, value in zip(micros.tolist(), values.tolist(), strict=True):
        begin = (moment - 1) // width * width
        low, high = found.get(begin, (value, value))
        found[begin] = (min(low, value), max(high, value))
    return found
