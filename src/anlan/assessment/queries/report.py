"""The report of an incident: how long each step of the chain took."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from anlan.assessment.core import Records, broken_invariants, figures_of, narrowed
from anlan.command.api import incident, tasks_of, warning_uuids_of
from anlan.kernel import clock
from anlan.monitoring.api import peak_rain_times
from anlan.registry.api import answerable_people, towns
from anlan.registry.data import Hazard
from anlan.relief.api import move_records, people_counted_in
from anlan.warning.api import call_records, warning_records
from anlan.warning.data import WarningRecord

PEAK_WINDOW_H = 3


def incident_report(incident_uuid: str) -> dict[str, Any]:
    """Return the figures of an incident for the county and for each town, ready for JSON.

    Keys: `incident`, `district`, `towns`, `invariants`. A figure with nothing to measure is None.
    """
    brief = incident(incident_uuid)
    end = brief.closed_at or clock.now()
    records, uuids = _records(incident_uuid, start=brief.opened_at, end=end)
    by_town = []
    for town in towns():
        own = narrowed(records, prefix=town.code[:9])
        if own.warnings or own.tasks:
            by_town.append({"code": town.code, "name": town.name, **figures_of(own)})
    return {
        "incident": {
            "uuid": brief.uuid,
            "name": brief.name,
            "opened_at": timezone.localtime(brief.opened_at).isoformat(timespec="seconds"),
            "closed_at": timezone.localtime(brief.closed_at).isoformat(timespec="seconds")
            if brief.closed_at
            else None,
        },
        "district": figures_of(records),
        "towns": by_town,
        "invariants": broken_invariants(
            records,
            audience_wrong=_wrong_audiences(records),
            counted_in=people_counted_in(uuids),
            moves_before_notice=sum(
                1
                for m in records.moves
                if m.left_at and (m.notified_at is None or m.left_at < m.notified_at)
            ),
        ),
    }


def _records(incident_uuid: str, *, start: datetime, end: datetime) -> tuple[Records, list[str]]:
    uuids = warning_uuids_of(incident_uuid)
    return (
        Records(
            warnings=warning_records(uuids),
            calls=call_records(uuids),
            moves=move_records(uuids),
            tasks=tasks_of(incident_uuid),
            peaks=peak_rain_times(
                start=start - timedelta(hours=PEAK_WINDOW_H), end=end, hours=PEAK_WINDOW_H
            ),
        ),
        uuids,
    )


def _wrong_audiences(records: Records) -> list[str]:
    """Return the warnings whose calls are not exactly the answerable people of their villages.

    Duties hold by the day, so one look a hazard and day serves all its warnings.
    """
    called: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for call in records.calls:
        called[call.warning_uuid].add((call.village, call.person_id))
    days: dict[tuple[Hazard, date], list[WarningRecord]] = defaultdict(list)
    for warning in records.warnings:
        days[warning.hazard, timezone.localdate(warning.issued_at)].append(warning)
    wrong = []
    for (hazard, _day), warnings in days.items():
        villages = {village for warning in warnings for village in warning.villages}
        expected: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for person in answerable_people(villages, hazard=hazard, at=warnings[0].issued_at):
            expected[person.division_code].add((person.division_code, person.person_id))
        for warning in warnings:
            if called[warning.uuid] != set().union(*(expected[v] for v in warning.villages)):
                wrong.append(warning.number)
    return sorted(wrong)
