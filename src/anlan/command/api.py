"""The door of the command room."""

from anlan.command.actions.close_incident import close_incident
from anlan.command.actions.complete_task import complete_task
from anlan.command.actions.judge_response import judge_response
from anlan.command.actions.mark_overdue import mark_overdue
from anlan.command.actions.open_tasks import open_tasks
from anlan.command.actions.send_somebody import send_somebody
from anlan.command.queries.incidents import (
    incident,
    incidents,
    task_brief,
    tasks_of,
    warning_uuids_of,
)
from anlan.command.queries.pages import (
    access_incident,
    count_open_tasks_of,
    incidents_in_sight,
    listed_incidents,
    open_tasks_of,
)

__all__ = [
    "access_incident",
    "close_incident",
    "complete_task",
    "count_open_tasks_of",
    "incident",
    "incidents",
    "incidents_in_sight",
    "judge_response",
    "listed_incidents",
    "mark_overdue",
    "open_tasks",
    "open_tasks_of",
    "send_somebody",
    "task_brief",
    "tasks_of",
    "warning_uuids_of",
]
