"""What the reader refuses, how much it takes at most, and the sentences that say so."""

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MAX_BYTES = 30 * MEGABYTE
MAX_INFLATED = 400 * MEGABYTE
MAX_MEMBERS = 2_000
MAX_ROWS = 300_000
MAX_COLUMNS = 500
# The area a sheet spans, and what merged cells may fill: each place costs memory even when empty.
MAX_CELLS = 12_000_000


class UnusableFile(ValueError):
    """A file that is not read; its text is one sentence for the one who sent it."""


def damaged() -> UnusableFile:
    """Return the refusal of a file that is broken somewhere inside."""
    return UnusableFile(
        _(
            "The file is damaged or incomplete: open it in Excel or WPS, save it as a new .xlsx "
            "and upload that."
        )
    )


def locked() -> UnusableFile:
    """Return the refusal of a file that opens with a password only."""
    return UnusableFile(
        _("The file is protected by a password: remove the password, save it and upload it again.")
    )


def outsized() -> UnusableFile:
    """Return the refusal of a file that unpacks to more than the machine should hold."""
    return UnusableFile(
        _(
            "The file unpacks to more than %(most)d MB: split it into several files and upload "
            "them one by one."
        )
        % {"most": MAX_INFLATED // MEGABYTE}
    )


def scattered(first: str, last: str) -> UnusableFile:
    """Return the refusal of a sheet whose values lie too far apart."""
    return UnusableFile(
        _(
            "A sheet has values from %(first)s to %(last)s, which is too wide an area: delete "
            "what stands far from the table, save the file and upload it again."
        )
        % {"first": first, "last": last}
    )


def check_size(sheet: str, *, rows: int, columns: int) -> None:
    """Raise UnusableFile when a sheet has more rows or columns than are taken."""
    if rows > MAX_ROWS:
        raise UnusableFile(
            _(
                "Sheet “%(sheet)s” has %(rows)d rows, %(most)d are allowed: split it into "
                "several files."
            )
            % {"sheet": sheet, "rows": rows, "most": MAX_ROWS}
        )
    if columns > MAX_COLUMNS:
        raise UnusableFile(
            _(
                "Sheet “%(sheet)s” has %(columns)d columns, %(most)d are allowed: delete the "
                "columns that are not needed."
            )
            % {"sheet": sheet, "columns": columns, "most": MAX_COLUMNS}
        )
    if rows * columns > MAX_CELLS:
        raise UnusableFile(
            _(
                "Sheet “%(sheet)s” has %(rows)d rows by %(columns)d columns, which is too many "
                "cells: split it into several files."
            )
            % {"sheet": sheet, "rows": rows, "columns": columns}
        )
