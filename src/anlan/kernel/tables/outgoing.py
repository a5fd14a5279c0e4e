"""From a table to a workbook: the empty template, the rows as they stand, the rows to mend."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from anlan.kernel.sheets.templates import template
from anlan.kernel.sheets.writing import SheetColumn, bad_rows, write_rows
from anlan.kernel.tables.columns import Column, Day, Text
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.intake import Intake
from anlan.kernel.tables.showing import Record
from anlan.kernel.tables.table import Table


def sheet_column(column: Column) -> SheetColumn:
    """Return a column as sheets lay it out."""
    wide = isinstance(column.kind, Text) and column.kind.longest > 60
    return SheetColumn(
        heading=str(column.label),
        width=30 if wide else 20 if column.is_reference else 14,
        explanation=str(column.help),
        choices=column.kind.choices(),
        is_required=column.is_required,
        as_text=column.kind.wants_text,
        example=column.example or ("2026-07-01" if isinstance(column.kind, Day) else ""),
    )


def table_template(table: Table, *, created: datetime) -> bytes:
    """Return the empty workbook of a table, with drop-downs and explanations."""
    columns = [sheet_column(column) for column in table.columns]
    return template(
        str(table.label), columns, notes=[str(note) for note in table.notes], created=created
    )


def table_rows(
    table: Table, found: Iterable[Record], *, in_full: bool, created: datetime
) -> Iterator[bytes]:
    """Give a workbook of records in pieces; numbers of persons masked unless `in_full`."""
    columns = [sheet_column(column) for column in table.columns]
    rows = ([record.shown(column, in_full=in_full) for column in table.columns] for record in found)
    return write_rows(str(table.label), columns, rows, created=created)


def rows_to_mend(
    intake: Intake, faults: Mapping[int, Sequence[tuple[str, str]]], *, created: datetime
) -> bytes:
    """Return a workbook of the bad rows as they came, the reason before each, bad cells marked.

    `faults` maps the place of a row in the intake to its columns and sentences. The headings are
    those of the first sheet; rows of other sheets are laid under them by column.
    """
    first = intake.sheets[0]
    headings = list(first.headings.texts)
    rows = []
    for number, (sheet, index) in enumerate(intake.places()):
        if number not in faults:
            continue
        cells = list(sheet.grid.rows[index])
        if sheet is not first:
            cells = _laid_under(cells, sheet.headings.columns, first.headings.columns)
        bad = [
            at
            for column, _sentence in faults[number]
            if (at := first.headings.columns.get(column)) is not None
        ]
        rows.append((cells, said(intake.table, faults[number]), bad))
    return bad_rows(str(intake.table.label), headings, rows, created=created)


def _laid_under(
    cells: Sequence[Any], own: Mapping[str, int], first: Mapping[str, int]
) -> list[Any]:
    row: list[Any] = [None] * (max(first.values(), default=0) + 1)
    for name, at in first.items():
        if name in own and own[name] < len(cells):
            row[at] = cells[own[name]]
    return row


def said(table: Table, faults: Sequence[tuple[str, str]]) -> str:
    """Return the sentences of a row, each behind the name of its column."""
    parts = []
    for column, sentence in faults:
        label = str(table.by_name[column].label) if column in table.by_name else ""
        parts.append(f"{label}：{sentence}" if label else sentence)
    return "\n".join(parts)


def faults_of(drafts: Iterable[Draft]) -> dict[int, list[tuple[str, str]]]:
    """Return the faults of drafts by their place."""
    return {
        number: [(fault.column, fault.sentence) for fault in draft.faults]
        for number, draft in enumerate(drafts)
        if draft.faults
    }
