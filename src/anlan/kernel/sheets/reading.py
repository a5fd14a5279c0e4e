"""Workbooks as sent by the offices: .xlsx, .xls and .csv become grids of plain values."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any, cast

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from anlan.kernel.sheets import old_books, separated
from anlan.kernel.sheets.kinds import Kind, checked_kind
from anlan.kernel.sheets.places import column_letters
from anlan.kernel.sheets.safety import check_package
from anlan.kernel.sheets.unusable import MAX_CELLS, UnusableFile, check_size, damaged

# calamine gives an empty cell, and a formula's error value, as the empty text.
Cell = str | int | float | bool | datetime | date | time | timedelta | None
Place = tuple[int, int]
Merged = Sequence[tuple[Place, Place]]


@dataclass(frozen=True)
class Grid:
    """The values of one sheet; `top` and `left` say, from 0, where rows[0][0] stands in it."""

    name: str
    rows: list[list[Cell]]
    top: int = 0
    left: int = 0


@dataclass(frozen=True)
class Book:
    """A file's name and the sheets of it that can be seen, hidden ones left out."""

    name: str
    sheets: tuple[Grid, ...] = field(default=())


def cell_name(grid: Grid, row: int, column: int) -> str:
    """Return what the spreadsheet calls a cell, such as C7; `row` and `column` count in rows."""
    return f"{column_letters(grid.left + column)}{grid.top + row + 1}"


def open_book(name: str, content: bytes) -> Book:
    """Return the sheets of an .xlsx, .xls or .csv; raise UnusableFile with a sentence why not."""
    kind = checked_kind(name, content)
    if kind is Kind.XLSX:
        check_package(content)
        with calamine_faults():
            sheets = new_grids(content)
    elif kind is Kind.XLS:
        sheets = old_grids(content)
    else:
        sheets = csv_grids(PurePath(name).stem, content)
    if not any(sheet.rows for sheet in sheets):
        raise UnusableFile(_("The file holds no values: choose the file that holds the table."))
    return Book(name, sheets)


@contextmanager
def calamine_faults() -> Iterator[None]:
    """Turn what calamine raises on a broken file into UnusableFile.

    A Rust panic comes as PanicException, which no module exports and which is no Exception.
    """
    try:
        yield
    except (CalamineError, OSError) as error:
        raise damaged() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error


def new_grids(content: bytes) -> tuple[Grid, ...]:
    """Return the visible sheets of an .xlsx that has been found safe."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return tuple(
            new_grid(book.get_sheet_by_name(each.name))
            for each in book.sheets_metadata
            if each.typ is SheetTypeEnum.WorkSheet and each.visible is SheetVisibleEnum.Visible
        )


def new_grid(sheet: CalamineSheet) -> Grid:
    """Return one sheet of an .xlsx."""
    check_size(sheet.name, rows=sheet.height, columns=sheet.width)
    rows = cast(list[list[Cell]], sheet.to_python())
    return filled(sheet.name, rows, sheet.start or (0, 0), merged=sheet.merged_cell_ranges or ())


def old_grids(content: bytes) -> tuple[Grid, ...]:
    """Return the visible sheets of an .xls."""
    return tuple(old_grid(told) for told in old_books.sheets_of(content))


def old_grid(told: dict[str, Any]) -> Grid:
    """Return one sheet of an .xls as the second process tells it."""
    rows, columns = told["size"]
    check_size(told["name"], rows=rows, columns=columns)
    return filled(told["name"], told["rows"], told["start"] or (0, 0), merged=told["merged"])


def csv_grids(name: str, content: bytes) -> tuple[Grid, ...]:
    """Return the one grid of a CSV."""
    return (Grid(name, cast(list[list[Cell]], separated.rows_of(name, content))),)


def filled(name: str, rows: list[list[Cell]], start: Place, *, merged: Merged) -> Grid:
    """Return a grid in which every cell of a merged range has the value of its first."""
    top, left = start
    height, width = len(rows), len(rows[0]) if rows else 0
    spent = 0
    for (first_row, first_column), (last_row, last_column) in merged:
        row, column = first_row - top, first_column - left
        if not (0 <= row < height and 0 <= column < width) or rows[row][column] == "":
            continue
        bottom, right = min(last_row - top + 1, height), min(last_column - left + 1, width)
        spent += max(bottom - row, 0) * max(right - column, 0)
        if spent > MAX_CELLS:
            raise damaged()
        for line in rows[row:bottom]:
            line[column:right] = [rows[row][column]] * (right - column)
    return Grid(name, rows, top, left)
