"""The rows of a spreadsheet held against the gauges, the stations and what they said before."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from anlan.kernel.tables.drafts import Draft
from anlan.monitoring.data import HandSubject, MacroEntry, MacroKind, StaffLevel
from anlan.monitoring.queries.macro_judging import Becomes, judged_entries, reports_of
from anlan.monitoring.queries.staff import StaffGauge, gauges_named
from anlan.monitoring.queries.staff_judging import judged_levels
from anlan.monitoring.refusals import Complaint
from anlan.monitoring.sheets.planning import HandPlan, Judge, complain_of_place, settle
from anlan.registry.api import MacroPlace, macro_places

UNCLEAR = "?"
Allowed = Callable[[str], bool]


def judge_staff(plan: HandPlan, allowed: Allowed, now: datetime) -> None:
    """Find the gauge of each row and hold its level against the gauge's."""
    named = gauges_named(text for each in plan.drafts if (text := each.values.get("station")))
    asked: list[tuple[int, StaffLevel]] = []
    gauges: dict[int, StaffGauge] = {}
    for place, draft in enumerate(plan.drafts):
        text = draft.values.get("station")
        if not text or not settle(draft, named.get(text, ()), text=text):
            continue
        gauge = named[text][0]
        draft.home = gauge.division_code
        if not allowed(gauge.division_code):
            complain_of_place(draft)
        if not draft.faults:
            gauges[gauge.id] = gauge
            level = StaffLevel(
                station_id=gauge.id,
                level_m=draft.values["level"],
                at=draft.values["at"],
                is_confirmed=bool(draft.values.get("confirmed")),
            )
            asked.append((place, level))
    found = judged_levels([level for _place, level in asked], gauges, now=now)
    for (place, level), one in zip(asked, found, strict=True):
        draft = plan.drafts[place]
        for complaint in one.complaints:
            draft.complain(
                complaint.column,
                _with_remedy(complaint.sentence, plan=plan)
                if complaint.is_question
                else complaint.sentence,
            )
        if one.is_same:
            draft.pk = (level.station_id, level.at)
        elif not one.complaints:
            plan.levels.append((place, level))


def _with_remedy(sentence: str, *, plan: HandPlan) -> str:
    label = plan.intake.table.by_name["confirmed"].label
    return f"{sentence} " + _("To confirm it, write “yes” under “%(column)s”.") % {"column": label}


def judge_macro(plan: HandPlan, allowed: Allowed, now: datetime) -> None:
    """Find the station of each row and hold what it says against what is reported already."""
    named: dict[str, dict[int, MacroPlace]] = defaultdict(dict)
    for station in macro_places():
        for text in (station.name, station.code):
            named[text][station.id] = station
    stations: dict[int, int] = {}
    for place, draft in enumerate(plan.drafts):
        name = draft.values.get("station")
        if not name or not settle(draft, list(named.get(name, ())), text=name):
            continue
        (station,) = named[name].values()
        stations[place], draft.home = station.id, station.division_code
        if not allowed(station.division_code):
            complain_of_place(draft)
        if not draft.values.get("kind") and draft.values.get("result") == "anomaly":
            sentence = _("An anomaly needs its kind; say what was observed.")
            _complain_once(draft, Complaint(0, "kind", sentence))
    _settle_entries(plan, list(_entries(plan.drafts, stations)), now=now)


def _settle_entries(
    plan: HandPlan, asked: Sequence[tuple[int, MacroEntry]], *, now: datetime
) -> None:
    """Note what becomes of each row; a row for the rest of which nothing is left says no news."""
    found = judged_entries([entry for _place, entry in asked], now=now)
    becomes: dict[int, set[Becomes]] = defaultdict(set)
    for (place, _said), one in zip(asked, found, strict=True):
        becomes[place].add(one.becomes)
        for complaint in one.complaints:
            _complain_once(plan.drafts[place], complaint)
    for place, draft in enumerate(plan.drafts):
        if not draft.faults and Becomes.NEW not in becomes[place]:
            draft.pk = place
            draft.changes = ["result"] if Becomes.CHANGED in becomes[place] else []
    plan.entries = [
        (place, entry)
        for (place, entry), one in zip(asked, found, strict=True)
        if one.becomes in (Becomes.NEW, Becomes.CHANGED) and not plan.drafts[place].faults
    ]


def _complain_once(draft: Draft, complaint: Complaint) -> None:
    """Complain of a cell once, also where the row stands for several kinds."""
    if all(fault.column != complaint.column for fault in draft.faults):
        draft.complain(complaint.column, complaint.sentence)


def _entries(
    drafts: Sequence[Draft], stations: Mapping[int, int]
) -> Iterator[tuple[int, MacroEntry]]:
    """Give the line of each good row; one without a kind gives every kind that no other row tells.

    Where another row of that station and day cannot be read, nobody knows what the rest is.
    """
    told: dict[tuple[int, date], set[str]] = defaultdict(set)
    for place, station in stations.items():
        day, kind = drafts[place].values.get("day"), drafts[place].values.get("kind")
        if day and (kind or any(fault.column == "kind" for fault in drafts[place].faults)):
            told[station, day].add(kind or UNCLEAR)
    good = {place: station for place, station in stations.items() if not drafts[place].faults}
    whole = []
    for place, station in good.items():
        if kind := drafts[place].values.get("kind"):
            yield place, _entry(drafts[place], station, MacroKind(kind))
        elif UNCLEAR in told[station, drafts[place].values["day"]]:
            drafts[place].complain(
                "kind", _("Another row of that station and day cannot be read; mend it first.")
            )
        else:
            whole += [(place, _entry(drafts[place], station, kind)) for kind in MacroKind]
    yield from _rest(whole, told)


def _rest(
    whole: Sequence[tuple[int, MacroEntry]], told: Mapping[tuple[int, date], set[str]]
) -> Iterator[tuple[int, MacroEntry]]:
    there = reports_of(entry for _place, entry in whole)
    for place, entry in whole:
        row = there.get((entry.place_id, entry.day, entry.kind.value))
        is_told = entry.kind.value in told[entry.place_id, entry.day]
        if not is_told and (row is None or not row.is_anomaly):
            yield place, entry


def _entry(draft: Draft, station: int, kind: MacroKind) -> MacroEntry:
    said = draft.values
    is_measured = bool(said.get("kind")) or kind is MacroKind.WATER
    return MacroEntry(
        place_id=station,
        day=said["day"],
        kind=kind,
        is_anomaly=said["result"] == "anomaly",
        sign=said.get("sign") or "",
        description=said.get("description") or "",
        animals=said.get("animals"),
        water_level_m=said.get("water_level_m") if is_measured else None,
        temperature_c=said.get("temperature_c") if is_measured else None,
    )


JUDGES: dict[HandSubject, Judge] = {
    HandSubject.STAFF: judge_staff,
    HandSubject.MACRO: judge_macro,
}
