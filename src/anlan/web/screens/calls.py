"""The inbox: what waits for the person who is logged in, calls first, then tasks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.command.api import open_tasks_of
from anlan.kernel import clock
from anlan.registry.api import actor_for
from anlan.warning.api import calls_to_report_of, open_calls_of


@require_safe
def my_calls(request: HttpRequest) -> HttpResponse:
    """Show the open calls and tasks of whoever is logged in."""
    person_id = actor_for(request.user.pk).person_id
    now = clock.now()
    shown = {
        "has_person": person_id is not None,
        "calls": open_calls_of(person_id) if person_id is not None else [],
        "reports": calls_to_report_of(person_id) if person_id is not None else [],
        "tasks": open_tasks_of(person_id, now=now) if person_id is not None else [],
        "now": now,
    }
    return render(request, "web/calls.html", shown)
