"""Old .xls files, read in a process of their own with bounded memory and time.

The layout of an .xls states sizes in many places that calamine believes; a wrong one ends the
process or never comes to an end. Old files are rare and small, so a second process costs little.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from anlan.kernel.sheets.unusable import MAX_CELLS, damaged

CHILD = Path(__file__).with_name("old_reader.py")
PATIENCE = 60  # seconds


def sheets_of(content: bytes) -> list[dict[str, Any]]:
    """Return the sheets as `old_reader` tells them; raise UnusableFile when it fails."""
    try:
        # -P keeps the modules beside the script from standing in for the standard library's.
        done = subprocess.run(  # noqa: S603 - our own script, by our own interpreter
            [sys.executable, "-P", str(CHILD), str(MAX_CELLS)],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
        sheets: list[dict[str, Any]] = json.loads(done.stdout, object_hook=revived)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise damaged() from error
    return sheets


def revived(found: Mapping[str, Any]) -> Any:
    """Return the day or time that an object stands for, or the object itself."""
    match found:
        case {"moment": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"hour": text}:
            return time.fromisoformat(text)
        case {"seconds": number}:
            return timedelta(seconds=number)
    return found
