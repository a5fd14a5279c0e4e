"""Reads for the pages: incidents in sight, what was activated, and whose tasks are open.

An incident belongs to a county, its warnings to towns: whoever sees a village under one of its
warnings sees the incident, and of its record only what lies in sight.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from anlan.command.data import IncidentOutOfSight, TaskOutOfSight, TaskState
from anlan.command.models import Activation, Incident, IncidentWarning, ResponseTask
from anlan.kernel import scope
from anlan.kernel.paging import turned
from anlan.plans.data import ResponseLevel
from anlan.warning.api import warning_ids_in_sight

PAGE_ROWS = 50


@dataclass(frozen=True)
class IncidentRow:
    """An incident as pages show it."""

    id: int
    uuid: str
    name: str
    county_code: str
    county: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class ActivationRow:
    """A plan's level in force for an incident."""

    plan: str
    level: ResponseLevel
    because: str
    activated_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class TaskCounts:
    """The tasks of an incident in sight by where they stand."""

    total: int
    done: int
    open: int
    overdue: int


@dataclass(frozen=True)
class TaskRow:
    """An open task as its person sees it."""

    uuid: str
    title: str
    place: str
    opened_at: datetime
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class IncidentList:
    """One page of the incidents in sight."""

    rows: list[IncidentRow]
    page: int
    pages: int


def listed_incidents(page: int) -> IncidentList:
    """Return one page of the incidents that concern a place in sight, newest first."""
    found = _in_sight().order_by("-opened_at", "-pk")
    page, pages, first = turned(page, total=found.order_by().count(), size=PAGE_ROWS)
    shown = found.select_related("division").defer("division__boundary")
    return IncidentList(
        rows=[_row(each) for each in shown[first : first + PAGE_ROWS]], page=page, pages=pages
    )


def incidents_in_sight() -> list[IncidentRow]:
    """Return the incidents that concern a place in sight, newest first."""
    rows = _in_sight().select_related("division").defer("division__boundary")
    rows = rows.order_by("-opened_at", "-pk")
    return [_row(incident) for incident in rows]


def access_incident(uuid: str, *, seen: Iterable[int] | None = None) -> IncidentRow:
    """Return an incident that concerns a place in sight, or raise IncidentOutOfSight.

    `seen` are the warnings in sight, for a page that has asked for them already.
    """
    row = _in_sight(seen).filter(uuid=uuid).select_related("division").first()
    if row is None:
        raise IncidentOutOfSight(uuid)
    return _row(row)


def warning_uuids_in_sight(incident_id: int, *, seen: Iterable[int] | None = None) -> list[str]:
    """Return the uuids of the warnings in sight that belong to an incident."""
    rows = _warnings(seen).filter(incident_id=incident_id).values_list("warning__uuid", flat=True)
    return [str(uuid) for uuid in rows]


def activations_of(incident_id: int) -> list[ActivationRow]:
    """Return what was activated for an incident in sight, by time."""
    with scope.everywhere("a place sees what its county activated for its incident"):
        rows = Activation.objects.filter(incident_id=incident_id).select_related("plan")
    return [
        ActivationRow(
            plan=row.plan.name,
            level=ResponseLevel(row.level),
            because=row.because,
            activated_at=row.activated_at,
            ended_at=row.ended_at,
        )
        for row in rows.order_by("activated_at", "pk")
    ]


def task_counts(incident_id: int, *, now: datetime) -> TaskCounts:
    """Return how the tasks of an incident in sight stand."""
    rows = ResponseTask.objects.filter(incident_id=incident_id)
    states: Counter[str] = Counter()
    late = 0
    for state, due_at, overdue_at in rows.values_list("state", "due_at", "overdue_at"):
        states[state] += 1
        late += overdue_at is not None or (state == TaskState.OPEN and due_at < now)
    return TaskCounts(
        total=states.total(),
        done=states[TaskState.DONE],
        open=states[TaskState.OPEN],
        overdue=late,
    )


def open_tasks_of(person_id: int, *, now: datetime) -> list[TaskRow]:
    """Return the open tasks in sight of a person, the most urgent first."""
    rows = _open_for(person_id).select_related("division").order_by("due_at", "pk")
    return [
        TaskRow(
            uuid=str(row.uuid),
            title=row.title,
            place=row.division.name,
            opened_at=row.opened_at,
            due_at=row.due_at,
            is_overdue=row.due_at < now,
        )
        for row in rows
    ]


def count_open_tasks_of(person_id: int) -> int:
    """Return how many tasks in sight are open for a person."""
    return _open_for(person_id).count()


def access_task_of(person_id: int, *, uuid: str) -> str:
    """Return the title of a task of this person, or raise TaskOutOfSight."""
    row: ResponseTask | None
    row = ResponseTask.objects.filter(person_id=person_id, uuid=uuid).first()
    if row is None:
        raise TaskOutOfSight(uuid)
    return str(row.title)


def _open_for(person_id: int) -> "QuerySet[ResponseTask]":
    rows: QuerySet[ResponseTask] = ResponseTask.objects.filter(
        person_id=person_id, state=TaskState.OPEN
    )
    return rows


def _warnings(seen: Iterable[int] | None = None) -> "QuerySet[IncidentWarning]":
    in_sight = warning_ids_in_sight() if seen is None else seen
    with scope.everywhere("a village belongs to the incident of the warning it stands under"):
        rows: QuerySet[IncidentWarning] = IncidentWarning.objects.filter(warning_id__in=in_sight)
    return rows


def _in_sight(seen: Iterable[int] | None = None) -> "QuerySet[Incident]":
    own = Incident.objects.values("pk")
    concerned = _warnings(seen).values("incident_id")
    with scope.everywhere("a place sees the incident of its county that concerns it"):
        rows: QuerySet[Incident] = Incident.objects.filter(Q(pk__in=own) | Q(pk__in=concerned))
    return rows


def _row(incident: Incident) -> IncidentRow:
    return IncidentRow(
        id=incident.pk,
        uuid=str(incident.uuid),
        name=incident.name,
        county_code=incident.division_id,
        county=incident.division.name,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
    )
