"""What crosses the command room's door."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class TaskState(TextChoices):
    """Where a response task stands."""

    OPEN = "open", gettext_lazy("open")
    DONE = "done", gettext_lazy("done")
    CANCELLED = "cancelled", gettext_lazy("no longer needed")


@dataclass(frozen=True)
class IncidentBrief:
    """An incident as the rooms above see it."""

    id: int
    uuid: str
    name: str
    division_code: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class TaskBrief:
    """A response task as the rooms above see it. `summons_uuid` names the call it stands in for."""

    uuid: str
    incident_uuid: str
    division_code: str
    person_id: int | None
    title: str
    state: TaskState
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    summons_uuid: str


class TaskNotOpen(ValueError):
    """The task is already done or no longer needed."""

    def __init__(self) -> None:
        super().__init__(_("This task is already closed."))


class IncidentOutOfSight(LookupError):
    """No incident with this uuid concerns a place in sight."""


class TaskOutOfSight(LookupError):
    """This person has no task with this uuid in sight."""
