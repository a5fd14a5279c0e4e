"""The command room's background work."""

from datetime import datetime, timedelta

from django.db import transaction
from django_tasks import task

from anlan.command.actions.close_incident import close_incident
from anlan.command.actions.judge_response import judge_response
from anlan.command.actions.mark_overdue import mark_overdue
from anlan.command.actions.send_somebody import send_somebody as actions_send_somebody
from anlan.command.data import TaskState
from anlan.command.models import Incident, IncidentWarning, ResponseTask
from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.api import open_warning_uuids, send_messages
from anlan.warning.data import Message

SWEEP_EVERY = timedelta(minutes=15)
PATIENCE = timedelta(minutes=3)
QUIET_BEFORE_CLOSING = timedelta(hours=2)


@task
def respond_to_warnings(warning_uuids: list[str]) -> None:
    """Judge what response new warnings call for."""
    judge_response(warning_uuids, by=the_program("plan trigger"), now=clock.now())


@task
def tell_holders(task_uuids: list[str]) -> None:
    """Send each new task to its holder and watch its deadline."""
    now = clock.now()
    with transaction.atomic():
        tasks = list(
            ResponseTask.objects.filter(
                uuid__in=task_uuids, state=TaskState.OPEN, person__isnull=False
            ).select_related("incident")
        )
        send_messages(
            [
                Message(
                    reference=f"task:{task.uuid}",
                    person_id=task.person_id,
                    duty=task.duty,
                    division_code=task.division_id,
                    title=task.title,
                    text=task.title,
                )
                for task in tasks
            ],
            by=the_program("tasks"),
            now=now,
        )
        watched = {str(task.incident.uuid) for task in tasks}
        for incident_uuid in sorted(watched):
            due = min(t.due_at for t in tasks if str(t.incident.uuid) == incident_uuid)
            watch_deadlines.using(run_after=due).enqueue(incident_uuid)


@task
def watch_deadlines(incident_uuid: str) -> None:
    """Mark what is overdue and look again when the next task is due."""
    with transaction.atomic():
        mark_overdue(incident_uuid, by=the_program("deadlines"), now=clock.now())


@task
def send_somebody(summons_uuids: list[str]) -> None:
    """Send the town to the villages whose calls nobody answered."""
    actions_send_somebody(summons_uuids, by=the_program("nobody answered"), now=clock.now())


@task
def plan_closing(warning_uuids: list[str]) -> None:
    """Look again after a quiet time whether the incidents of lifted warnings are over."""
    incidents = Incident.objects.filter(
        pk__in=IncidentWarning.objects.filter(warning__uuid__in=warning_uuids).values("incident"),
        closed_at__isnull=True,
    )
    if not open_warning_uuids():
        for incident in incidents:
            close_if_quiet.using(run_after=clock.now() + QUIET_BEFORE_CLOSING).enqueue(
                str(incident.uuid)
            )


@task
def close_if_quiet(incident_uuid: str) -> None:
    """Close an incident under which nothing is in force any more."""
    close_incident(incident_uuid, by=the_program("all lifted"), now=clock.now())


def sweep(now: datetime) -> int:
    """Take in warnings that no incident holds and mark deadlines that nobody watched."""
    in_force = open_warning_uuids(before=now - PATIENCE)
    joined = {
        str(uuid)
        for uuid in IncidentWarning.objects.filter(warning__uuid__in=in_force).values_list(
            "warning__uuid", flat=True
        )
    }
    missed = [uuid for uuid in in_force if uuid not in joined]
    if missed:
        judge_response(missed, by=the_program("sweep"), now=now)
    late = ResponseTask.objects.filter(
        state=TaskState.OPEN, overdue_at__isnull=True, due_at__lte=now
    )
    unwatched = sorted(set(late.values_list("incident__uuid", flat=True)))
    count = late.count()
    for incident_uuid in unwatched:
        mark_overdue(str(incident_uuid), by=the_program("sweep"), now=now)
    repaired = len(missed) + count
    if repaired:
        journal.record(
            "response.repaired",
            by=the_program("sweep"),
            now=now,
            detail={"warnings": len(missed), "deadlines": count},
        )
    return repaired
