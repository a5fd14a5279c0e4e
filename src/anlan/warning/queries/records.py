"""Reads of whole warnings and calls, for reports."""

from collections import defaultdict
from collections.abc import Iterable

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.measures import is_in_time, lead_minutes
from anlan.warning.data import CallRecord, SummonsState, WarningRecord
from anlan.warning.models import HazardWarning, Summons, WarningArea
from anlan.warning.queries.verdicts import newest_verdicts


def warning_records(uuids: Iterable[str]) -> list[WarningRecord]:
    """Return these warnings with their villages, times and newest verdicts, by time of issue."""
    rows = list(HazardWarning.objects.filter(uuid__in=list(uuids)).order_by("issued_at", "pk"))
    villages: dict[int, list[str]] = defaultdict(list)
    for warning_id, village in (
        WarningArea.objects.filter(warning__in=[row.pk for row in rows])
        .order_by("division_id")
        .values_list("warning_id", "division_id")
    ):
        villages[warning_id].append(village)
    verdicts = newest_verdicts(row.pk for row in rows)
    return [
        WarningRecord(
            uuid=str(row.uuid),
            number=row.number,
            hazard=Hazard(row.hazard),
            colour=Colour(row.colour),
            town_code=row.division_id,
            villages=tuple(villages[row.pk]),
            crossed_at=row.crossed_at,
            issued_at=row.issued_at,
            ended_at=row.ended_at,
            verdict=verdicts[row.pk].verdict if row.pk in verdicts else None,
            lead_minutes=lead_minutes(
                issued_at=row.issued_at,
                occurred_at=verdicts[row.pk].occurred_at if row.pk in verdicts else None,
            ),
        )
        for row in rows
    ]


def call_records(warning_uuids: Iterable[str]) -> list[CallRecord]:
    """Return every call of these warnings with the rungs that were rung.

    A call counts as answered in time when the person called answered before the first limit.
    """
    rows = (
        Summons.objects.filter(warning__uuid__in=list(warning_uuids))
        .select_related("warning")
        .order_by("pk")
    )
    return [_record(row) for row in rows]


def _record(row: Summons) -> CallRecord:
    return CallRecord(
        warning_uuid=str(row.warning.uuid),
        village=row.division_id,
        person_id=row.person_id,
        state=SummonsState(row.state),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        answered_in_time=is_in_time(
            row.state,
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            limit_min=float(row.ladder[0][2]),
        ),
        rungs_rung=tuple(str(step[0]) for step in row.ladder[: row.rung + 1]),
        reported_at=row.reported_at,
        notified=row.notified,
        moved=row.moved,
    )
