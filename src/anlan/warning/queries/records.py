"""Reads of whole warnings and calls, for reports."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from anlan.registry.data import Colour, Hazard
from anlan.warning.data import CallRecord, SummonsState, WarningRecord
from anlan.warning.models import HazardWarning, Summons, WarningArea


def warning_records(uuids: Iterable[str]) -> list[WarningRecord]:
    """Return these warnings with their villages and times, by time of issue."""
    rows = list(HazardWarning.objects.filter(uuid__in=list(uuids)).order_by("issued_at", "pk"))
    villages: dict[int, list[str]] = defaultdict(list)
    for warning_id, village in (
        WarningArea.objects.filter(warning__in=[row.pk for row in rows])
        .order_by("division_id")
        .values_list("warning_id", "division_id")
    ):
        villages[warning_id].append(village)
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
    limit = timedelta(minutes=float(row.ladder[0][2]))
    in_time = (
        row.state == SummonsState.ACKNOWLEDGED
        and row.answered_at is not None
        and row.answered_at - row.asked_at <= limit
    )
    return CallRecord(
        warning_uuid=str(row.warning.uuid),
        village=row.division_id,
        person_id=row.person_id,
        state=SummonsState(row.state),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        answered_in_time=in_time,
        rungs_rung=tuple(str(step[0]) for step in row.ladder[: row.rung + 1]),
    )
