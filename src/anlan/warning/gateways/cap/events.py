"""The event codes of the national early-warning platform, as far as two sources agree on them.

The table is event_codes.csv. Its sources: `notes`, the domain notes, section 3.1 (public Chinese
weather systems); `phone`, the event types of the disaster warnings of MIUI phones; `app`, the list
of a public weather app. Codes that only memory knew (11A06, 11B02, 11B08, 11D03) are left out: a
code that the table does not hold is kept as text and shown as it came.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .values import Named


@dataclass(frozen=True, slots=True)
class EventType:
    """A code with its names, and the hazard of ours that it means, empty where we have none."""

    code: str
    chinese: str
    english: str
    hazard: str


@cache
def event_types() -> dict[str, EventType]:
    """Return the known event types by code."""
    table = files("anlan.warning.gateways.cap") / "event_codes.csv"
    rows = csv.DictReader(table.read_text("utf-8").splitlines())
    return {
        row["code"]: EventType(row["code"], row["chinese"], row["english"], row["hazard"])
        for row in rows
    }


def event_code_of(codes: Iterable[Named]) -> str:
    """Return the code by which an event is known here: one of the table's, else the first one.

    Senders qualify codes by level, as in 11B0302; the first five characters are the event's.
    """
    values = [code.value for code in codes if code.value]
    for value in values:
        if value[:5] in event_types():
            return value[:5]
    return values[0] if values else ""
