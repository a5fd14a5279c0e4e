"""The list of incidents and the timeline of one."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from anlan.command.data import IncidentOutOfSight
from anlan.command.queries.pages import (
    access_incident,
    activations_of,
    listed_incidents,
    task_counts,
    warning_uuids_in_sight,
)
from anlan.command.queries.timeline import (
    BEFORE_OPENING,
    KINDS,
    timeline_hours,
    timeline_page,
)
from anlan.command.screens.sentences import KIND_LABELS, sentences
from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.monitoring.api import count_crossings
from anlan.warning.api import warning_ids_in_sight


@require_safe
def list_incidents(request: HttpRequest) -> HttpResponse:
    """Show the incidents that concern a place in sight, newest first."""
    page = whole_number(request.GET.get("page", ""), otherwise=1)
    shown = listed_incidents(page)
    return render(request, "command/incidents.html", {"list": shown, "incidents": shown.rows})


@require_safe
def show_incident(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an incident with its timeline by the hour, one hour opened when asked for."""
    now = clock.now()
    try:
        seen = warning_ids_in_sight()
        incident = access_incident(str(uuid), seen=seen)
    except IncidentOutOfSight as error:
        raise Http404 from error
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    hour = _hour(request.GET.get("hour", ""))
    page = whole_number(request.GET.get("page", ""), otherwise=1)
    warnings = warning_uuids_in_sight(incident.id, seen=seen)
    opened = None
    if hour is not None:
        opened = timeline_page(
            incident, warnings=warnings, hour=hour, kind=kind, page=page, now=now
        )
    return render(
        request,
        "command/incident.html",
        {
            "incident": incident,
            "activations": activations_of(incident.id),
            "tasks": task_counts(incident.id, now=now),
            "warnings": len(warnings),
            "crossings": count_crossings(
                incident.county_code[:6],
                since=incident.opened_at - BEFORE_OPENING,
                until=incident.closed_at or now,
            ),
            "hours": [
                (each, [(KIND_LABELS[name], count) for name, count in each.kinds])
                for each in timeline_hours(incident, warnings=warnings, kind=kind, now=now)
            ],
            "hour": hour,
            "opened": opened,
            "sentences": sentences(opened.entries) if opened else [],
            "kind": kind,
            "kinds": [(name, KIND_LABELS[name]) for name in KINDS],
            "now": now,
        },
    )


def _hour(text: str) -> datetime | None:
    """Return the hour that an address asks for as 202407152000 in the county's time, or None."""
    try:
        local = datetime.strptime(text, "%Y%m%d%H%M").replace(
            tzinfo=timezone.get_current_timezone()
        )
    except ValueError:
        return None
    return local.astimezone(UTC)
