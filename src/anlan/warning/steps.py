"""The room's own next steps. Actions start tasks and tasks call actions: so tasks are named by
string here, and nowhere else in a ring of imports."""

from datetime import datetime
from typing import Any, Final

from django.utils.module_loading import import_string
from django_tasks.base import Task

_RING: Final = "anlan.warning.tasks.ringing.ring"
_DELIVER: Final = "anlan.warning.tasks.delivering.deliver"


def ring_people_of(warning_uuid: str, *, at: datetime | None = None) -> None:
    """Ring whoever is due under a warning, now or at a moment; a row of this transaction."""
    _task(_RING, at).enqueue(warning_uuid)


def deliver_what_waits(*, at: datetime | None = None) -> None:
    """Let waiting messages leave, now or at a moment; a row of this transaction."""
    _task(_DELIVER, at).enqueue()


def _task(name: str, at: datetime | None) -> Task[Any, Any]:
    found: Task[Any, Any] = import_string(name)
    return found if at is None else found.using(run_after=at)
