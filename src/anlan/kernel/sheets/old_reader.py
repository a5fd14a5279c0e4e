"""The second process that reads an .xls: bytes on standard input, JSON on standard output.

It is run as a script and imports nothing of ours, so that it starts at once.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

if sys.platform != "win32":
    import resource

MEMORY = 3 << 30


def bound_memory() -> None:
    """Let this process take no more than MEMORY, where the system can hold it to that."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def described(value: object) -> dict[str, object]:
    """Return a day or time in a form that JSON has."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time):
        return {"hour": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(value)


def sheets_of(content: bytes, *, most: int) -> list[dict[str, Any]]:
    """Return name, place, size, rows and merged ranges of each sheet that can be seen.

    The rows of a sheet of more than `most` cells are left out.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    told = []
    for each in book.sheets_metadata:
        if each.typ is SheetTypeEnum.WorkSheet and each.visible is SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_name(each.name)
            told.append(
                {
                    "name": each.name,
                    "start": sheet.start,
                    "size": (sheet.height, sheet.width),
                    "rows": sheet.to_python() if sheet.height * sheet.width <= most else [],
                    "merged": sheet.merged_cell_ranges or [],
                }
            )
    return told


if __name__ == "__main__":
    bound_memory()
    found = sheets_of(sys.stdin.buffer.read(), most=int(sys.argv[1]))
    json.dump(found, sys.stdout, default=described)
