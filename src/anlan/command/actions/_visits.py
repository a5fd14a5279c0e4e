"""Visits that the town makes because of a call: one a call, whatever asked for it first."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from anlan.command.core import holder_for
from anlan.command.data import TaskState
from anlan.command.facts import tasks_opened
from anlan.command.models import IncidentWarning, ResponseTask
from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.api import bearings, holders
from anlan.registry.data import DutyKind
from anlan.warning.api import calls_of

VISIT_WITHIN = timedelta(minutes=40)


def open_visits(
    summons_uuids: Iterable[str], *, title: Callable[[str], str], by: Actor, now: datetime
) -> list[str]:
    """Open a task for the town to go to the village of each call; return the tasks' uuids.

    `title` makes the words of a task from the village's name. A call for which somebody was sent
    already gets no second visit.
    """
    calls = calls_of(summons_uuids)
    if not calls:
        return []
    sent = set(
        ResponseTask.objects.filter(summons_id__in=[c.id for c in calls]).values_list(
            "summons_id", flat=True
        )
    )
    incident_of = dict(
        IncidentWarning.objects.filter(
            warning__uuid__in={c.warning_uuid for c in calls}
        ).values_list("warning__uuid", "incident_id")
    )
    towns = {ancestor_of(c.village, level=Level.TOWN) for c in calls}
    counties = {ancestor_of(c.village, level=Level.COUNTY) for c in calls}
    held = {
        DutyKind.TOWN_LEADER: holders(DutyKind.TOWN_LEADER, divisions=towns, at=now),
        DutyKind.COUNTY_DUTY: holders(DutyKind.COUNTY_DUTY, divisions=counties, at=now),
    }
    names = bearings({c.village for c in calls})
    tasks = ResponseTask.objects.bulk_create(
        ResponseTask(
            uuid=uuid.uuid4(),
            incident_id=incident_of[uuid.UUID(call.warning_uuid)],
            summons_id=call.id,
            division_id=call.village,
            person_id=holder_for(call.village, duty=DutyKind.TOWN_LEADER, holders=held),
            duty=DutyKind.TOWN_LEADER,
            title=title(names[call.village].name),
            state=TaskState.OPEN,
            opened_at=now,
            due_at=now + VISIT_WITHIN,
        )
        for call in calls
        if call.id not in sent and uuid.UUID(call.warning_uuid) in incident_of
    )
    journal.record_all(
        (
            journal.Note(
                act="task.opened",
                subject=f"task:{task.uuid}",
                division_code=task.division_id,
                cause=f"incident:{task.incident.uuid}",
                detail={"title": task.title, "person": task.person_id},
            )
            for task in tasks
        ),
        by=by,
        now=now,
    )
    if tasks:
        tasks_opened.send(sender=None, task_uuids=[str(task.uuid) for task in tasks])
    return [str(task.uuid) for task in tasks]
