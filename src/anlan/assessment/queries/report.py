"""The report of an incident: how long each step of the chain took."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from anlan.assessment.core import Records, broken_invariants, figures_of, narrowed
from anlan.command.api import incident, tasks_of, warning_uuids_of
from anlan.kernel import clock
from anlan.monitoring.api import peak_rain_times
from anlan.registry.api import answerable_people, towns
from anlan.relief.api import move_records, people_counted_in
from anlan.warning.api import call_records, warning_records

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
    """Return the warnings whose calls are not exactly the answerable people of their villages."""
    called: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for call in records.calls:
        called[call.warning_uuid].add((call.village, call.person_id))
    wrong = []
    for warning in records.warnings:
        people = answerable_people(warning.villages, hazard=warning.hazard, at=warning.issued_at)
        expected = {(person.division_code, person.person_id) for person in people}
        if called[warning.uuid] != expected:
            wrong.append(warning.number)
    return wrong
