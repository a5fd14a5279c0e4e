"""Moments, however an office writes them: a day and a time of day in one cell, or side by side."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel.sheets.cells import BadCell, as_day
from anlan.kernel.tables.columns import Kind

TIME = re.compile(
    r"(?P<day>.*?)[\sT/,，]*(?<!\d)(?P<hour>\d{1,2})(?:[:：时点](?P<minute>\d{1,2})?)"
    r"(?:[:：分](?P<second>\d{1,2}(?:\.0*)?)?)?秒?$"
)
MIDNIGHT = re.compile(r"(?<=\d)[\sT]+0{1,2}:00(?::00)?(?=[\s/]|$)")
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - what a spreadsheet counts from has no zone


class Moment(Kind):
    """A day with a time of day, in the county's time."""

    def parse(self, cell: Any) -> datetime | None:
        """Return the instant that a cell names, None when it is empty; raise BadCell."""
        return as_moment(cell)

    def show(self, value: Any) -> Any:
        """Return the instant as it is."""
        return value

    def schema(self) -> Any:
        """Return datetime."""
        return datetime


def as_moment(cell: Any) -> datetime | None:
    """Return the instant that a cell names, to the second, or None when it is empty.

    A text of the day may stand before that of the time, apart by a slash or a space. A day alone,
    or a time alone, raises BadCell.
    """
    if isinstance(cell, datetime):
        return _aware(cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _of_serial(cell)
    if isinstance(cell, time | date | timedelta):
        raise _incomplete(cell)
    if cell is None or not str(cell).strip():
        return None
    return _of_text(str(cell))


def _of_text(cell: str) -> datetime:
    text = unicodedata.normalize("NFKC", cell).strip()
    # A column of days, joined with one of times, brings its own midnight along.
    if len(text.split()) > 1 and "/" in text.rpartition(" ")[2]:
        text = MIDNIGHT.sub("", text)
    found = TIME.fullmatch(text)
    if found is None:
        if _is_serial(text):
            return _of_serial(float(text))
        raise _incomplete(cell)
    named = found["day"].strip(" /,，T")
    day = None if ":" in named else as_day(named)
    if day is None:
        raise _incomplete(cell)
    try:
        at = time(int(found["hour"]), int(found["minute"] or 0), int(float(found["second"] or 0)))
    except ValueError as error:
        raise BadCell(
            _("“%(value)s” is no time of day: write it as 2024-07-15 20:00.") % {"value": cell}
        ) from error
    return _aware(datetime.combine(day, at))


def _is_serial(text: str) -> bool:
    return re.fullmatch(r"\d{5}\.\d+", text) is not None


def _of_serial(number: float) -> datetime:
    """Return the instant of a spreadsheet's count of days, to the second."""
    if not 20_000 < number < 80_000 or number == int(number):
        raise _incomplete(number)
    return _aware(EPOCH + timedelta(seconds=round(number * 86_400)))


def _aware(moment: datetime) -> datetime:
    plain = moment if moment.tzinfo else timezone.make_aware(moment)
    # A spreadsheet's count of days is a float: half a second decides which second was meant.
    return (plain + timedelta(milliseconds=500)).replace(microsecond=0)


def _incomplete(cell: Any) -> BadCell:
    return BadCell(
        _("“%(value)s” does not say when: write day and time, such as 2024-07-15 20:00.")
        % {"value": cell}
    )
