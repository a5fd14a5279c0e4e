"""Lines of daily macro-observation reports held against what is reported already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.utils import timezone

from anlan.monitoring.core.macro import (
    MacroFault,
    Wrong,
    filled_up,
    is_no_news,
    wrong_change,
    wrongs,
)
from anlan.monitoring.data import MacroEntry, MacroKind, MacroSign, MacroState
from anlan.monitoring.models import MacroReport
from anlan.monitoring.refusals import MACRO_SENTENCES, Complaint

Key = tuple[int, date, str]


class Becomes(Enum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


@dataclass(frozen=True)
class JudgedEntry:
    """A line, filled up by the report that it would change, and what becomes of it."""

    entry: MacroEntry
    becomes: Becomes
    row: MacroReport | None = None
    complaints: tuple[Complaint, ...] = ()


def judged_entries(entries: Sequence[MacroEntry], *, now: datetime) -> list[JudgedEntry]:
    """Return what comes of each line, in their order."""
    today = timezone.localdate(now)
    rows = reports_of(entries)
    before = {key: entry_of(row) for key, row in rows.items()}
    taken: dict[Key, MacroEntry] = {}
    found = []
    for index, entry in enumerate(entries):
        key = key_of(entry)
        one = _judged(
            index,
            entry,
            row=rows.get(key),
            before=before.get(key),
            first=taken.get(key),
            today=today,
        )
        if one.becomes is not Becomes.BAD:
            taken.setdefault(key, one.entry)
        found.append(one)
    return found


def _judged(
    index: int,
    entry: MacroEntry,
    *,
    row: MacroReport | None,
    before: MacroEntry | None,
    first: MacroEntry | None,
    today: date,
) -> JudgedEntry:
    wrong = list(wrongs(entry, today=today))
    if before is not None and row is not None:
        entry = filled_up(entry, before)
        state = MacroState(row.state)
        if is_no_news(entry, before, state=state):
            return JudgedEntry(entry, Becomes.SAME, row)
        if change := wrong_change(entry, before, state=state):
            wrong.append(change)
    if first is not None and not wrong:
        if first == entry:
            return JudgedEntry(entry, Becomes.SAME, row)
        wrong.append(Wrong("kind", MacroFault.TWICE))
    if wrong:
        complaints = tuple(_complaint(index, each, entry) for each in wrong)
        return JudgedEntry(entry, Becomes.BAD, row, complaints)
    return JudgedEntry(entry, Becomes.NEW if row is None else Becomes.CHANGED, row)


def _complaint(index: int, wrong: Wrong, entry: MacroEntry) -> Complaint:
    value = getattr(entry, wrong.column, "")
    if wrong.column == "sign" and value:
        value = MacroSign(value).label
    facts: Mapping[str, object] = {
        "kind": entry.kind.label,
        "day": entry.day.isoformat(),
        "value": value,
        "low": f"{wrong.low:g}",
        "high": f"{wrong.high:g}",
    }
    return Complaint(index, wrong.column, str(MACRO_SENTENCES[wrong.fault]) % facts)


def reports_of(entries: Iterable[MacroEntry]) -> dict[Key, MacroReport]:
    """Return the reports in sight of these stations between the first and the last of the days."""
    entries = list(entries)
    days = [each.day for each in entries]
    if not days:
        return {}
    rows = MacroReport.objects.filter(
        place_id__in={each.place_id for each in entries}, day__range=(min(days), max(days))
    )
    return {(row.place_id, row.day, row.kind): row for row in rows}


def key_of(entry: MacroEntry) -> Key:
    """Return by what a line is known again."""
    return entry.place_id, entry.day, entry.kind.value


def entry_of(row: MacroReport) -> MacroEntry:
    """Return what a report says, as the line that would say it."""
    return MacroEntry(
        place_id=row.place_id,
        day=row.day,
        kind=MacroKind(row.kind),
        is_anomaly=row.is_anomaly,
        sign=row.sign,
        description=row.description,
        animals=row.animals,
        water_level_m=row.water_level_m,
        temperature_c=row.temperature_c,
    )
