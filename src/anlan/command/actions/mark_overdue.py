from datetime import datetime

from django.db import transaction

from anlan.command.data import TaskState
from anlan.command.models import ResponseTask
from anlan.kernel import journal
from anlan.kernel.actors import Actor


@transaction.atomic
def mark_overdue(incident_uuid: str, *, by: Actor, now: datetime) -> datetime | None:
    """Mark the overdue tasks of an incident and return when the next one is due."""
    still_open = ResponseTask.objects.filter(
        incident__uuid=incident_uuid, state=TaskState.OPEN, overdue_at__isnull=True
    )
    late = list(still_open.filter(due_at__lte=now))
    ResponseTask.objects.filter(pk__in=[task.pk for task in late]).update(overdue_at=now)
    journal.record_all(
        (
            journal.Note(
                act="task.overdue",
                subject=f"task:{task.uuid}",
                division_code=task.division_id,
                cause=f"incident:{incident_uuid}",
                detail={"title": task.title, "person": task.person_id},
            )
            for task in late
        ),
        by=by,
        now=now,
    )
    following = still_open.order_by("due_at").first()
    return following.due_at if following else None
