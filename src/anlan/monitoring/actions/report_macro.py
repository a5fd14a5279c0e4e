from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import MacroEntry, MacroState
from anlan.monitoring.models import MacroReport
from anlan.monitoring.queries.macro_judging import Becomes, JudgedEntry, judged_entries
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.refusals import HandRefused, ReadMeanwhile, StationOutOfSight
from anlan.registry.api import MacroPlace, macro_places
from anlan.registry.data import Permission

SAID = ("is_anomaly", "sign", "description", "animals", "water_level_m", "temperature_c")
FIGURES = ("is_anomaly", "sign", "animals", "water_level_m", "temperature_c")
TRIES = 2


@dataclass(frozen=True)
class MacroDone:
    """What a set of lines came to."""

    new: int
    changed: int
    same: int


def report_macro(entries: Sequence[MacroEntry], *, by: Actor, now: datetime) -> MacroDone:
    """Keep lines of macro-observation stations' daily reports, all or none.

    A line that says what is reported already changes nothing; one that says more takes its place,
    and what stood there is kept beside it. An anomaly is never taken back this way. Raises
    StationOutOfSight, NotPermitted, HandRefused with what is wrong with which line, and
    ReadMeanwhile.
    """
    places = {place.id: place for place in macro_places(each.place_id for each in entries)}
    for each in entries:
        if each.place_id not in places:
            raise StationOutOfSight(each.place_id)
    codes = sorted({place.division_code for place in places.values()})
    check_permitted(Permission.ENTER_READINGS, codes, by=by, now=now)
    for _attempt in range(TRIES - 1):
        try:
            return _report(entries, places, by=by, now=now)
        except ReadMeanwhile:
            # Pressed twice, or two people at once: look again at what stands there now.
            continue
    return _report(entries, places, by=by, now=now)


@transaction.atomic
def _report(
    entries: Sequence[MacroEntry],
    places: Mapping[int, MacroPlace],
    *,
    by: Actor,
    now: datetime,
) -> MacroDone:
    found = judged_entries(entries, now=now)
    if complaints := [each for one in found for each in one.complaints]:
        raise HandRefused(complaints)
    new = [one for one in found if one.becomes is Becomes.NEW]
    changed = [one for one in found if one.becomes is Becomes.CHANGED]
    rows = _add(new, by=by, now=now)
    for one in changed:
        _change(one, by=by, now=now)
    _journal(rows, [one.row for one in changed if one.row], places, by=by, now=now)
    return MacroDone(new=len(new), changed=len(changed), same=len(found) - len(new) - len(changed))


def _add(new: Sequence[JudgedEntry], *, by: Actor, now: datetime) -> list[MacroReport]:
    rows = [
        MacroReport(
            uuid=uuid4(),
            place_id=one.entry.place_id,
            day=one.entry.day,
            kind=one.entry.kind,
            **_said(one.entry),
            **_reporter(by, now),
        )
        for one in new
    ]
    MacroReport.objects.bulk_create(rows, ignore_conflicts=True)
    if MacroReport.objects.filter(uuid__in=[row.uuid for row in rows]).count() != len(rows):
        raise ReadMeanwhile
    return rows


def _change(one: JudgedEntry, *, by: Actor, now: datetime) -> None:
    """Let a line take the place of what is reported, which goes into `earlier`."""
    row = one.row
    if row is None:
        raise LookupError(one.entry)
    changed = MacroReport.objects.filter(
        pk=row.pk, state=row.state, reported_at=row.reported_at
    ).update(
        **_said(one.entry),
        **_reporter(by, now),
        earlier=[*row.earlier, _earlier(row)],
        state=MacroState.REPORTED,
        judged_by="",
        judged_at=None,
        reason="",
    )
    if changed != 1:
        raise ReadMeanwhile


def _said(entry: MacroEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in SAID}


def _reporter(by: Actor, now: datetime) -> dict[str, Any]:
    return {
        "reporter": by.label,
        "reporter_account_id": by.account_id,
        "reporter_person_id": by.person_id,
        "reported_at": now,
    }


def _earlier(row: MacroReport) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in SAID},
        "reporter": row.reporter,
        "account": row.reporter_account_id,
        "person": row.reporter_person_id,
        "at": row.reported_at.isoformat(),
        "state": row.state,
        "judged_by": row.judged_by,
        "reason": row.reason,
    }


def _journal(
    rows: Iterable[MacroReport],
    changed: Iterable[MacroReport],
    places: Mapping[int, MacroPlace],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Note quiet lines together by station and day, each anomaly and each change by itself."""
    quiet: dict[tuple[int, str], list[str]] = defaultdict(list)
    notes = []
    for row in rows:
        if row.is_anomaly:
            notes.append(_note("macro.reported", row, places))
        else:
            quiet[row.place_id, row.day.isoformat()].append(row.kind)
    for (place, day), kinds in quiet.items():
        notes.append(
            journal.Note(
                act="macro.reported",
                subject=f"macro_station:{place}",
                division_code=places[place].division_code,
                detail={"place": place, "day": day, "nothing_unusual": sorted(kinds)},
            )
        )
    notes += [_note("macro.changed", row, places) for row in changed]
    journal.record_all(notes, by=by, now=now)


def _note(act: str, row: MacroReport, places: Mapping[int, MacroPlace]) -> journal.Note:
    figures = {name: getattr(row, name) for name in FIGURES}
    said = {"before": figures} if act == "macro.changed" else figures
    return journal.Note(
        act=act,
        subject=f"macro_report:{row.uuid}",
        division_code=places[row.place_id].division_code,
        detail={"place": row.place_id, "day": row.day.isoformat(), "kind": row.kind, **said},
    )
