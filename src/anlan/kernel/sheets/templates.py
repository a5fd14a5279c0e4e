"""The empty sheet that an office fills in, with its choices and what each column means."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime

import xlsxwriter
from django.utils.translation import gettext as _

from anlan.kernel.sheets.places import column_letters
from anlan.kernel.sheets.writing import CREATED, OPTIONS, Sheet, SheetColumn

ROWS_WITH_CHOICES = 5_000
LONGEST_LIST = 255
LONGEST_MESSAGE = 255
CHOICES_SHEET = "_choices"
EXPLANATION_WIDTHS = (20, 10, 60, 40, 24)


def template(
    title: str,
    columns: Sequence[SheetColumn],
    *,
    notes: Sequence[str],
    created: datetime = CREATED,
) -> bytes:
    """Return an .xlsx with headings, drop-downs and a sheet that explains the columns."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS | {"in_memory": True}) as book:
        book.set_properties({"created": created})
        sheet = Sheet(book, title)
        explain(Sheet(book, _("Explanations")), columns, notes=notes)
        sheet.put_headings(
            f"{each.heading}*" if each.is_required else each.heading for each in columns
        )
        for index, column in enumerate(columns):
            look = sheet.looks["text"] if column.as_text else None
            sheet.sheet.set_column(index, index, column.width, look)
            if column.explanation:
                sheet.sheet.write_comment(0, index, column.explanation)
        lay_choices(book, sheet, columns)
    return content.getvalue()


def lay_choices(book: xlsxwriter.Workbook, sheet: Sheet, columns: Sequence[SheetColumn]) -> None:
    """Put a drop-down on each column that has choices; long lists go to a hidden sheet."""
    hidden: Sheet | None = None
    for index, column in enumerate(columns):
        if not column.choices:
            continue
        source: object = list(column.choices)
        if not fits_inline(column.choices):
            if hidden is None:
                hidden = Sheet(book, CHOICES_SHEET)
                hidden.sheet.hide()
            source = listed(hidden, index, column.choices)
        sheet.sheet.data_validation(1, index, ROWS_WITH_CHOICES, index, drop_down(column, source))


def fits_inline(choices: Sequence[str]) -> bool:
    """Tell whether choices can stand in the drop-down itself, which commas separate."""
    return len(",".join(choices)) <= LONGEST_LIST and not any("," in each for each in choices)


def listed(hidden: Sheet, index: int, choices: Sequence[str]) -> str:
    """Write choices into a column of the hidden sheet and return the range they fill."""
    for row, choice in enumerate(choices):
        hidden.put(row, index, choice, as_text=True)
    letters = column_letters(index)
    return f"='{CHOICES_SHEET}'!${letters}$1:${letters}${len(choices)}"


def drop_down(column: SheetColumn, source: object) -> dict[str, object]:
    """Return the rule that lets only the choices of a column in."""
    return {
        "validate": "list",
        "source": source,
        "input_message": column.explanation[:LONGEST_MESSAGE],
        "error_message": _("Choose one of the values in the list."),
    }


def explain(sheet: Sheet, columns: Sequence[SheetColumn], *, notes: Sequence[str]) -> None:
    """Write a row for each column, and the notes below them."""
    for index, width in enumerate(EXPLANATION_WIDTHS):
        sheet.sheet.set_column(index, index, width, sheet.wrapped)
    sheet.put_headings(
        [_("Heading"), _("Required"), _("Explanation"), _("Allowed values"), _("Example")]
    )
    for row, texts in enumerate(explanations(columns), start=1):
        for index, text in enumerate(texts):
            sheet.put(row, index, text, as_text=True)
    for row, note in enumerate(notes, start=len(columns) + 2):
        sheet.put(row, 0, note, as_text=True)


def explanations(columns: Sequence[SheetColumn]) -> Iterator[tuple[str, ...]]:
    """Give what the second sheet says of each column."""
    for column in columns:
        required = _("yes") if column.is_required else _("no")
        yield (
            column.heading,
            required,
            column.explanation,
            "、".join(column.choices),
            column.example,
        )
