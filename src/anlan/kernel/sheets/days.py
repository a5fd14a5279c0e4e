"""Days, however an office writes them."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from anlan.kernel.sheets.plain import NOTHING, BadCell, shown, without_blanks
from anlan.kernel.sheets.reading import Cell

CLOCK = re.compile(r"(?<=\d)(?:\s+|T)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
WITH_SIGNS = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
WITH_WORDS = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH_ONLY = re.compile(r"\d{4}(?:年\d{1,2}月?|[-/.]\d{1,2})")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# Excel counts days from here, after its own 29 February 1900.
EPOCH = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = (date(1970, 1, 1) - EPOCH).days, (date(2100, 12, 31) - EPOCH).days
FIRST_YEAR, LAST_YEAR = 1900, 2100


def as_day(cell: Cell) -> date | None:
    """Return the day that a cell names, or None when it is empty; raise BadCell otherwise."""
    if isinstance(cell, datetime):
        return checked(cell.date())
    if isinstance(cell, date):
        return checked(cell)
    if isinstance(cell, str):
        return day_of_text(cell)
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return day_of_number(cell)
    raise no_day(cell)


def day_of_text(cell: str) -> date | None:
    """Return the day that a text names."""
    text = cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()
    text = without_blanks(CLOCK.sub("", text))
    if text in NOTHING:
        return None
    if found := WITH_SIGNS.fullmatch(text):
        return made(cell, found[1], found[3], found[4])
    if found := WITH_WORDS.fullmatch(text) or DIGITS.fullmatch(text):
        return made(cell, found[1], found[2], found[3])
    if MONTH_ONLY.fullmatch(text):
        raise BadCell(
            _("“%(value)s” names no day: write the whole date, such as 2024-07-01.")
            % {"value": shown(cell)}
        )
    if SERIAL.fullmatch(text):
        return day_of_number(float(text))
    raise no_day(cell)


def day_of_number(number: float) -> date:
    """Return the day of a spreadsheet's count of days, or of eight digits typed as a number."""
    if FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return EPOCH + timedelta(days=int(number))
    if number == number // 1 and (found := DIGITS.fullmatch(f"{number:.0f}")):
        return made(number, found[1], found[2], found[3])
    raise no_day(number)


def made(cell: Cell, year: str, month: str, day: str) -> date:
    """Return the date of three texts of digits; raise BadCell when the calendar has it not."""
    try:
        return checked(date(int(year), int(month), int(day)))
    except ValueError as error:
        if isinstance(error, BadCell):
            raise
        raise BadCell(
            _("“%(value)s” is not in the calendar: correct the date.") % {"value": shown(cell)}
        ) from error


def checked(day: date) -> date:
    """Return a day of a plausible year; raise BadCell for another."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise BadCell(
        _("The year of “%(value)s” cannot be right: give one between %(first)d and %(last)d.")
        % {"value": day.isoformat(), "first": FIRST_YEAR, "last": LAST_YEAR}
    )


def no_day(cell: Cell) -> BadCell:
    """Return the refusal of a cell that names no day."""
    return BadCell(_("“%(value)s” is not a date: write it as 2024-07-01.") % {"value": shown(cell)})
