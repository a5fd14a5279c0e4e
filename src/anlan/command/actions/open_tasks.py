import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from anlan.command.core import TaskToOpen, holder_for, tasks_to_open
from anlan.command.data import TaskState
from anlan.command.facts import tasks_opened
from anlan.command.models import Activation, Incident, ResponseTask
from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.plans.api import outlines_for
from anlan.plans.data import ResponseLevel
from anlan.registry.api import holders
from anlan.registry.data import Colour, DutyKind, Hazard


@transaction.atomic
def open_tasks(
    incident_id: int,
    *,
    under: Mapping[Hazard, Mapping[str, Colour]],
    by: Actor,
    now: datetime,
) -> int:
    """Open every task that the activations of an incident call for and return how many.

    Divisions hit later get their tasks when they are hit; each task is opened once an incident.
    """
    incident = Incident.objects.get(pk=incident_id)
    worst: dict[str, Colour] = {}
    for found in under.values():
        for village, colour in found.items():
            worst[village] = max(colour, worst.get(village, colour))
    opened: list[ResponseTask] = []
    for activation in Activation.objects.filter(incident=incident, ended_at__isnull=True):
        already = set(
            ResponseTask.objects.filter(incident=incident).values_list("template_id", "division_id")
        )
        wanted = tasks_to_open(
            outlines_for(activation.plan_id, up_to=ResponseLevel(activation.level)),
            county_code=incident.division_id,
            worst=worst,
            already=already,
            now=now,
        )
        opened += _open(activation, wanted, now=now)
    _journal(incident, opened, by=by, now=now)
    if opened:
        tasks_opened.send(sender=None, task_uuids=[str(task.uuid) for task in opened])
    return len(opened)


def _open(
    activation: Activation, wanted: Sequence[TaskToOpen], *, now: datetime
) -> list[ResponseTask]:
    codes = {task.division_code for task in wanted}
    codes |= {ancestor_of(code, level=Level.TOWN) for code in codes}
    codes |= {ancestor_of(code, level=Level.COUNTY) for code in codes}
    duties = {task.outline.duty for task in wanted}
    duties |= {DutyKind.VILLAGE_LEADER, DutyKind.TOWN_LEADER, DutyKind.COUNTY_DUTY}
    held = {duty: holders(duty, divisions=codes, at=now) for duty in sorted(duties)}
    return ResponseTask.objects.bulk_create(
        ResponseTask(
            uuid=uuid.uuid4(),
            incident_id=activation.incident_id,
            activation=activation,
            template_id=task.outline.template_id,
            division_id=task.division_code,
            person_id=holder_for(task.division_code, duty=task.outline.duty, holders=held),
            duty=task.outline.duty,
            title=task.outline.title,
            state=TaskState.OPEN,
            opened_at=now,
            due_at=task.due_at,
        )
        for task in wanted
    )


def _journal(
    incident: Incident, opened: Sequence[ResponseTask], *, by: Actor, now: datetime
) -> None:
    journal.record_all(
        (
            journal.Note(
                act="task.opened",
                subject=f"task:{task.uuid}",
                division_code=task.division_id,
                cause=f"incident:{incident.uuid}",
                detail={"title": task.title, "person": task.person_id},
            )
            for task in opened
        ),
        by=by,
        now=now,
    )
