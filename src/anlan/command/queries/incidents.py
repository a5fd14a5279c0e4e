"""Reads of incidents for the rooms above."""

from django.db.models import QuerySet

from anlan.command.data import IncidentBrief, TaskBrief, TaskState
from anlan.command.models import Incident, IncidentWarning, ResponseTask


def incidents() -> list[IncidentBrief]:
    """Return every incident in sight, the latest first."""
    return [_brief(row) for row in Incident.objects.order_by("-opened_at", "-pk")]


def incident(uuid: str) -> IncidentBrief:
    """Return one incident; raises Incident.DoesNotExist when none in sight has this uuid."""
    return _brief(Incident.objects.get(uuid=uuid))


def warning_uuids_of(incident_uuid: str) -> list[str]:
    """Return the warnings of an incident, by time of issue."""
    rows = IncidentWarning.objects.filter(incident__uuid=incident_uuid).order_by(
        "warning__issued_at", "warning_id"
    )
    return [str(uuid) for uuid in rows.values_list("warning__uuid", flat=True)]


def task_brief(uuid: str) -> TaskBrief:
    """Return one response task."""
    return _task(_tasks().get(uuid=uuid))


def tasks_of(incident_uuid: str) -> list[TaskBrief]:
    """Return every response task of an incident, by time of opening."""
    rows = _tasks().filter(incident__uuid=incident_uuid).order_by("opened_at", "pk")
    return [_task(row) for row in rows]


def _tasks() -> QuerySet[ResponseTask]:
    return ResponseTask.objects.select_related("incident", "summons")


def _task(row: ResponseTask) -> TaskBrief:
    return TaskBrief(
        uuid=str(row.uuid),
        incident_uuid=str(row.incident.uuid),
        division_code=row.division_id,
        person_id=row.person_id,
        title=row.title,
        state=TaskState(row.state),
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        summons_uuid=str(row.summons.uuid) if row.summons else "",
    )


def _brief(row: Incident) -> IncidentBrief:
    return IncidentBrief(
        id=row.pk,
        uuid=str(row.uuid),
        name=row.name,
        division_code=row.division_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
