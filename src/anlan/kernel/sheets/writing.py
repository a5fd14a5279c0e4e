"""Workbooks for the offices: rows to take away, and rows that came back to be mended.

Every text is written as a text; nothing that somebody typed can become a formula.
"""

import math
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
CHUNK = 1 << 16
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own date has no zone
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# A text that begins so is taken for a formula by some programs once it is edited or pasted.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EXACT_BELOW = 10**15
FIRST_DAY = date(1900, 3, 1)
REASON_WIDTH, CELL_WIDTH = 50, 16
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
    "default_date_format": "yyyy-mm-dd",
}
LOOKS: dict[str, dict[str, object]] = {
    "plain": {},
    "text": {"num_format": "@"},
    "quoted": {"num_format": "@", "quote_prefix": True},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "hour": {"num_format": "hh:mm"},
    "span": {"num_format": "[h]:mm"},
}
BAD: dict[str, object] = {"bg_color": "#FFC7CE"}
HEAD = {"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "valign": "top", "text_wrap": True}


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet for an office; `as_text` keeps phones and codes from being numbers."""

    heading: str
    width: int
    explanation: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    as_text: bool = False
    example: str = ""


class Sheet:
    """A worksheet with the formats of its workbook, written cell by cell and row by row."""

    def __init__(self, book: xlsxwriter.Workbook, title: str) -> None:
        self.sheet = book.add_worksheet(sheet_title(title))
        self.head = book.add_format(HEAD)
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.looks = {name: book.add_format(look) for name, look in LOOKS.items()}
        self.bad_looks = {name: book.add_format(look | BAD) for name, look in LOOKS.items()}

    def put_headings(self, headings: Iterable[str]) -> None:
        """Write the bold first row, which stays in sight."""
        for index, heading in enumerate(headings):
            self.sheet.write_string(0, index, heading[:LONGEST_TEXT], self.head)
        self.sheet.freeze_panes(1, 0)

    def put(
        self, row: int, column: int, value: object, *, as_text: bool = False, is_bad: bool = False
    ) -> None:
        """Write one value in the way of its kind."""
        plain, look = laid_out(str(value) if as_text and value is not None else value)
        form = (self.bad_looks if is_bad else self.looks)[look]
        if plain is None:
            if is_bad:
                self.sheet.write_blank(row, column, None, form)
        elif isinstance(plain, str):
            self.sheet.write_string(row, column, plain, form)
        elif isinstance(plain, bool):
            self.sheet.write_boolean(row, column, plain, form)
        elif isinstance(plain, int | float):
            self.sheet.write_number(row, column, plain, form)
        else:
            self.sheet.write_datetime(row, column, plain, form)


def sheet_title(title: str) -> str:
    """Return a title as spreadsheets allow one: short, without some signs, not empty."""
    return title.translate(NOT_IN_TITLES).strip()[:LONGEST_TITLE].strip() or "1"


def laid_out(value: object) -> tuple[object, str]:
    """Return what to write for a value and the name of its look."""
    match value:
        case None | "":
            return None, "plain"
        case bool():
            return value, "plain"
        case int() | float() | Decimal():
            return laid_out_number(value)
        case date():
            return laid_out_day(value)
        case time():
            return value, "hour"
        case timedelta():
            return value, "span"
    text = str(value)[:LONGEST_TEXT]
    return text, "quoted" if text.startswith(FORMULA_STARTS) else "text"


def laid_out_number(value: float | Decimal) -> tuple[object, str]:
    """Return a number; as text when a sheet would round its digits or has no such number."""
    if math.isfinite(value) and -EXACT_BELOW < value < EXACT_BELOW:
        return (value if isinstance(value, int) else float(value)), "plain"
    return str(value), "text"


def laid_out_day(value: date) -> tuple[object, str]:
    """Return a day or moment in local time; as text when it is before what sheets count."""
    if isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        return (local, "moment") if local.date() >= FIRST_DAY else (f"{local:%Y-%m-%d}", "text")
    return (value, "day") if value >= FIRST_DAY else (value.isoformat(), "text")


@contextmanager
def new_book(path: Path, *, created: datetime) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook whose rows go to a file beside it one by one, and close it."""
    options = OPTIONS | {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": created})
        yield book


def write_rows(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[object]],
    *,
    created: datetime = CREATED,
) -> Iterator[bytes]:
    """Give an .xlsx of these rows in chunks; however many rows there are, memory stays small."""
    with tempfile.TemporaryDirectory(prefix="anlan-sheet-") as folder:
        path = Path(folder) / "rows.xlsx"
        with new_book(path, created=created) as book:
            sheet = Sheet(book, title)
            for index, column in enumerate(columns):
                sheet.sheet.set_column(index, index, column.width)
            sheet.put_headings(column.heading for column in columns)
            for number, row in enumerate(rows, start=1):
                for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                    sheet.put(number, index, value, as_text=column.as_text)
        with path.open("rb") as written:
            while chunk := written.read(CHUNK):
                yield chunk


def bad_rows(
    title: str,
    headings: Sequence[str],
    rows: Iterable[tuple[Sequence[object], str, Collection[int]]],
    *,
    created: datetime = CREATED,
) -> bytes:
    """Return an .xlsx of rows as they came, before each why it was refused, its bad cells red.

    `rows` gives the cells, the sentence and the indexes of bad cells. The first column is no
    heading that an import knows, so the file can be sent again as it is once mended.
    """
    with tempfile.TemporaryDirectory(prefix="anlan-sheet-") as folder:
        path = Path(folder) / "rows.xlsx"
        with new_book(path, created=created) as book:
            sheet = Sheet(book, title)
            sheet.sheet.set_column(0, 0, REASON_WIDTH)
            sheet.sheet.set_column(1, len(headings), CELL_WIDTH, sheet.looks["text"])
            sheet.put_headings([_("Reason for refusal"), *headings])
            for number, (cells, reason, bad) in enumerate(rows, start=1):
                sheet.sheet.write_string(number, 0, reason[:LONGEST_TEXT], sheet.wrapped)
                for index, value in enumerate(cells):
                    sheet.put(number, index + 1, value, is_bad=index in bad)
        return path.read_bytes()
