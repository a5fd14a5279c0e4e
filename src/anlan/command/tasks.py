"""The command room's background work."""

from datetime import datetime, timedelta

from django.db import transaction
from django_tasks import task

from anlan.command.actions import follow_divisions as following
from anlan.command.actions.close_incident import close_incident
from anlan.command.actions.judge_response import judge_response
from anlan.command.actions.mark_overdue import mark_overdue
from anlan.command.actions.send_help import send_help as actions_send_help
from anlan.command.actions.send_somebody import send_somebody as actions_send_somebody
from anlan.command.data import TaskState
from anlan.command.models import Incident, IncidentWarning, ResponseTask
from anlan.command.queries.incidents import incident
from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.api import (
    last_end,
    open_warning_uuids,
    send_messages,
    unanswered_calls,
)
from anlan.warning.data import Message

SWEEP_EVERY = timedelta(minutes=30)
PATIENCE = timedelta(minutes=3)
QUIET_BEFORE_CLOSING = timedelta(hours=2)


@task
def respond_to_warnings(warning_uuids: list[str]) -> None:
    """Judge what response new warnings call for."""
    judge_response(warning_uuids, by=the_program("plan trigger"), now=clock.now())


@task
def tell_holders(task_uuids: list[str]) -> None:
    """Send each new task to its holder, if it has one, and watch every deadline."""
    now = clock.now()
    with transaction.atomic():
        tasks = list(
            ResponseTask.objects.filter(uuid__in=task_uuids, state=TaskState.OPEN)
            .select_related("incident")
            .order_by("pk")
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
                if task.person_id is not None
            ],
            by=the_program("tasks"),
            now=now,
        )
        for due_at, incident_uuid in sorted({(t.due_at, str(t.incident.uuid)) for t in tasks}):
            watch_deadlines.using(run_after=due_at).enqueue(incident_uuid)


@task
def watch_deadlines(incident_uuid: str) -> None:
    """Mark the tasks of an incident that are overdue now."""
    mark_overdue(incident_uuid, by=the_program("deadlines"), now=clock.now())


@task
def send_somebody(summons_uuids: list[str]) -> None:
    """Send the town to the villages whose calls nobody answered."""
    actions_send_somebody(summons_uuids, by=the_program("nobody answered"), now=clock.now())


@task
def send_help(summons_uuid: str) -> None:
    """Send the town to a village whose person asked for help."""
    actions_send_help([summons_uuid], by=the_program("help asked"), now=clock.now())


@task
def plan_closing(warning_uuids: list[str]) -> None:
    """Look again after a quiet time whether the incidents of lifted warnings are over."""
    incidents = Incident.objects.filter(
        pk__in=IncidentWarning.objects.filter(warning__uuid__in=warning_uuids).values("incident"),
        closed_at__isnull=True,
    )
    for found in incidents:
        if not open_warning_uuids(prefix=found.division_id[:6]):
            close_if_quiet.using(run_after=clock.now() + QUIET_BEFORE_CLOSING).enqueue(
                str(found.uuid)
            )


@task
def close_if_quiet(incident_uuid: str) -> None:
    """Close an incident under which nothing has been in force for the quiet time."""
    now = clock.now()
    if _is_quiet(incident_uuid, now=now):
        close_incident(incident_uuid, by=the_program("all lifted"), now=now)


def _is_quiet(incident_uuid: str, *, now: datetime) -> bool:
    """Tell whether all warnings of an incident ended, the last of them the quiet time ago."""
    last = last_end(prefix=incident(incident_uuid).division_code[:6])
    return last is not None and now - last >= QUIET_BEFORE_CLOSING


@task
def follow_divisions(moves: list[list[str]], on: str) -> None:
    """Let what is open follow divisions redrawn on a day (ISO)."""
    following.follow_divisions(moves, by=the_program(f"divisions redrawn on {on}"), now=clock.now())


def sweep(now: datetime) -> int:
    """Do what a lost task left undone, and return how much it was.

    Warnings that no incident holds are taken in, deadlines that nobody watched are marked,
    somebody is sent where nobody answered, and incidents that are over are closed.
    """
    repaired = {
        "warnings": _take_in(now=now),
        "deadlines": _mark_unwatched(now=now),
        "visits": len(actions_send_somebody(unanswered_calls(), by=the_program("sweep"), now=now)),
        "closed": _close_forgotten(now=now),
    }
    if any(repaired.values()):
        journal.record("response.repaired", by=the_program("sweep"), now=now, detail=repaired)
    return sum(repaired.values())


def _take_in(*, now: datetime) -> int:
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
    return len(missed)


def _mark_unwatched(*, now: datetime) -> int:
    late = ResponseTask.objects.filter(
        state=TaskState.OPEN, overdue_at__isnull=True, due_at__lte=now
    )
    count = late.count()
    for incident_uuid in sorted(set(late.values_list("incident__uuid", flat=True))):
        mark_overdue(str(incident_uuid), by=the_program("sweep"), now=now)
    return count


def _close_forgotten(*, now: datetime) -> int:
    still_open = Incident.objects.filter(closed_at__isnull=True).values_list("uuid", flat=True)
    over = [str(uuid) for uuid in still_open if _is_quiet(str(uuid), now=now - PATIENCE)]
    return sum(close_incident(uuid, by=the_program("sweep"), now=now) for uuid in over)
