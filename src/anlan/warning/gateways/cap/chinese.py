"""What Chinese senders put into identifiers (12379, the national early-warning platform).

Source: the form `ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N` of the national platform's messages, domain
notes, section 3.1. Messages that the platform gives on to the public leave `_N` out: such as
13013241600000_20260826160913 in the feed of the China Meteorological Administration.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8), "CST")
_FORM: Final = re.compile(r"(\d{6})(\d{3})(\d{3})(\d{2})_(\d{14})(?:_(\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ChineseIdentifier:
    """Who entered a message, when, and its number within that second.

    `division` is a code of six digits, `branch` that of the organ's line of work, `unit` the unit
    within it, `extension` free; `serial` is 0 to 9, or None where it is left out.
    """

    division: str
    branch: str
    unit: str
    extension: str
    entered_at: datetime
    serial: int | None


def read_identifier(identifier: str) -> ChineseIdentifier | None:
    """Return the parts of an identifier of 31 or 29 characters, or None of any other."""
    found = _FORM.fullmatch(identifier)
    if found is None:
        return None
    division, branch, unit, extension, entered, serial = found.groups()
    try:
        moment = datetime.strptime(entered, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return ChineseIdentifier(
        division=division,
        branch=branch,
        unit=unit,
        extension=extension,
        entered_at=moment,
        serial=None if serial is None else int(serial),
    )
