"""From a workbook to rows of a table: its sheets, its headings, the cells that belong together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.sheets.headings import Headings, find_headings, is_blank, is_note, is_total
from anlan.kernel.sheets.reading import Book, Grid, cell_name
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.planning import Row
from anlan.kernel.tables.table import Table

BEFORE, AFTER = "<", ">"


@dataclass(frozen=True)
class SheetRows:
    """One sheet that holds rows of the table; `rows` are the indexes of its data rows."""

    grid: Grid
    headings: Headings
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Intake:
    """What a workbook says of a table, and what of it was left out."""

    table: Table
    sheets: tuple[SheetRows, ...]
    skipped: int
    left_out: tuple[str, ...]
    unknown: tuple[str, ...]

    def places(self) -> Iterator[tuple[SheetRows, int]]:
        """Give the sheet and the index of every row, in the order of `rows`."""
        for sheet in self.sheets:
            for index in sheet.rows:
                yield sheet, index

    def rows(self) -> Iterator[Row]:
        """Give the rows as the plan takes them."""
        for sheet in self.sheets:
            taking = _takers(self.table, sheet.headings)
            for index in sheet.rows:
                row = sheet.grid.rows[index]
                cells = {name: take(row) for name, take in taking}
                yield sheet.grid.top + index + 1, cells

    @property
    def total(self) -> int:
        """Return how many rows there are."""
        return sum(len(sheet.rows) for sheet in self.sheets)

    def cell(self, sheet: SheetRows, index: int, column: str) -> str:
        """Return what the spreadsheet calls the cell of a column in a row, empty if it has none."""
        at = sheet.headings.columns.get(column)
        return "" if at is None else cell_name(sheet.grid, index, at)


def take_in(book: Book, table: Table) -> Intake:
    """Return the rows of a workbook that belong to a table, from every sheet with its headings.

    Raises UnusableFile when no sheet has them, and says which are missing.
    """
    wanted = wanted_headings(table)
    fitting: list[SheetRows] = []
    left_out: list[str] = []
    unknown: dict[str, None] = {}
    skipped = 0
    nearest: Headings | None = None
    for grid in book.sheets:
        headings = find_headings(grid, wanted)
        if headings is None or _missing(table, headings):
            left_out.append(grid.name)
            if headings is not None and (
                nearest is None or len(headings.columns) > len(nearest.columns)
            ):
                nearest = headings
            continue
        rows, passed = _data_rows(grid, headings)
        fitting.append(SheetRows(grid=grid, headings=headings, rows=rows))
        skipped += passed
        unknown |= dict.fromkeys(text for _index, text in headings.unknown)
    if not fitting:
        raise UnusableFile(_no_headings(table, nearest))
    return Intake(
        table=table,
        sheets=tuple(fitting),
        skipped=skipped,
        left_out=tuple(left_out),
        unknown=tuple(unknown),
    )


def wanted_headings(table: Table) -> Mapping[str, Sequence[str]]:
    """Return the headings of each column, and of the text that goes before or behind its cells."""
    wanted: dict[str, Sequence[str]] = {}
    for column in table.columns:
        wanted[column.name] = column.headings
    taken = {text for texts in wanted.values() for text in texts}
    for column in table.columns:
        for mark, texts in ((BEFORE, column.before), (AFTER, column.after)):
            free = [text for text in texts if text not in taken]
            if free:
                wanted[column.name + mark] = free
    return wanted


def table_for(book: Book, tables: Iterable[Table]) -> Table:
    """Return the table that a workbook fits best; raise UnusableFile when none or several do."""
    scored = [(_fit(book, table), table) for table in tables]
    best = max((score for score, _table in scored), default=0)
    fitting = [table for score, table in scored if score == best and score > 0]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise UnusableFile(_("The headings of this file fit no table; start from a template."))
    raise UnusableFile(
        _("This file fits several tables (%(tables)s); say which one it is for.")
        % {"tables": "、".join(f"{table.label} {table.name}" for table in fitting)}
    )


def _fit(book: Book, table: Table) -> float:
    """Return how many of a table's columns the best sheet has, less what it leaves unread."""
    best = 0.0
    for grid in book.sheets:
        headings = find_headings(grid, wanted_headings(table))
        if headings is not None and not _missing(table, headings):
            own = 2 if grid.name == str(table.label) else 0
            best = max(best, own + len(headings.columns) - 0.5 * len(headings.unknown))
    return best


def _missing(table: Table, headings: Headings) -> list[Column]:
    """Return the columns that a sheet must have and has not; a system number stands for all."""
    if "uuid" in headings.columns:
        return []
    return [c for c in table.columns if c.is_required and c.name not in headings.columns]


def _no_headings(table: Table, nearest: Headings | None) -> str:
    if nearest is None:
        names = [str(column.label) for column in table.columns if column.is_required]
        return _("No sheet has the headings of “%(table)s”; it needs at least %(names)s.") % {
            "table": table.label,
            "names": "、".join(names),
        }
    return _("The sheet lacks these columns of “%(table)s”: %(names)s.") % {
        "table": table.label,
        "names": "、".join(str(column.label) for column in _missing(table, nearest)),
    }


def _data_rows(grid: Grid, headings: Headings) -> tuple[tuple[int, ...], int]:
    """Return the indexes of the data rows, and how many sums and notes were passed over."""
    found: list[int] = []
    passed = 0
    for index in range(headings.first_row, len(grid.rows)):
        row = grid.rows[index]
        if is_blank(row):
            continue
        if is_total(row) or is_note(row):
            passed += 1
            continue
        found.append(index)
    return tuple(found), passed


def _takers(table: Table, headings: Headings) -> list[tuple[str, Any]]:
    at = headings.columns
    takers: list[tuple[str, Any]] = []
    for column in table.columns:
        if column.name in at:
            takers.append(
                (
                    column.name,
                    _taker(
                        at[column.name],
                        before=at.get(column.name + BEFORE),
                        after=at.get(column.name + AFTER),
                    ),
                )
            )
    return takers


def _taker(index: int, *, before: int | None, after: int | None) -> Any:
    """Return what takes a cell out of a row, with the texts that belong before and behind it."""

    def take(row: Sequence[Any]) -> Any:
        return row[index] if index < len(row) else None

    if before is None and after is None:
        return take

    def take_joined(row: Sequence[Any]) -> Any:
        cell = take(row)
        if cell in (None, ""):
            return cell
        text = _said(cell)
        first = _said(row[before]) if before is not None and before < len(row) else ""
        last = _said(row[after]) if after is not None and after < len(row) else ""
        joined = f"{first}/{text}" if first and "/" not in text else text
        return f"{joined} {last}" if last and last not in joined else joined

    return take_joined


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
