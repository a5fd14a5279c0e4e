from datetime import datetime

from django.db import transaction

from anlan.command.data import TaskNotOpen, TaskState
from anlan.command.models import ResponseTask
from anlan.kernel import journal
from anlan.kernel.actors import Actor


@transaction.atomic
def complete_task(task_uuid: str, *, by: Actor, now: datetime) -> None:
    """Record that a response task is done; raise TaskNotOpen when it is closed already."""
    task = ResponseTask.objects.select_related("incident").get(uuid=task_uuid)
    closed = ResponseTask.objects.filter(pk=task.pk, state=TaskState.OPEN).update(
        state=TaskState.DONE, closed_at=now
    )
    if closed != 1:
        raise TaskNotOpen
    journal.record(
        "task.done",
        by=by,
        now=now,
        subject=f"task:{task.uuid}",
        division_code=task.division_id,
        cause=f"incident:{task.incident.uuid}",
        detail={"title": task.title, "late": now > task.due_at},
    )
