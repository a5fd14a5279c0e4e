"""The one map: what stands where, and the slider over an incident."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from anlan.command.api import access_incident, incidents_in_sight
from anlan.command.data import IncidentOutOfSight
from anlan.kernel import clock, scope
from anlan.registry.api import located_tables
from anlan.registry.data import Colour
from anlan.web.screens.map_layers import layers
from anlan.web.screens.map_replay import replay
from anlan.web.screens.map_words import words

# These have their own layers, which come with the page.
ALWAYS_OFFERED = frozenset({"hazard-points", "reservoirs", "shelters"})
COMPACT = {"ensure_ascii": False, "separators": (",", ":")}


@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    """Show the map, with the slider over the incident asked for or the latest one."""
    incidents = incidents_in_sight()
    wanted = request.GET.get("incident", "")
    chosen = next((i for i in incidents if i.uuid == wanted), incidents[0] if incidents else None)
    replay_url = f"{reverse('map_replay')}?incident={chosen.uuid}" if chosen else ""
    settings: dict[str, Any] = {
        "data": reverse("map_data"),
        "replay": replay_url,
        "warnings": reverse("warnings"),
        "station": reverse("station", args=[0]),
        "tables": _tables(request),
        "words": words(),
        "colours": [_("none"), *(str(colour.label) for colour in Colour)],
        "letters": ["", _("B"), _("Y"), _("O"), _("R")],
    }
    return render(
        request,
        "web/map.html",
        {
            "settings": settings,
            "incidents": incidents,
            "chosen": chosen,
            "sees_nothing": not scope.active().prefixes,
            "colours": list(zip(reversed(Colour), reversed(settings["letters"]), strict=False)),
        },
    )


def _tables(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the tables of the register that can be laid on the map and have rows in sight."""
    return [
        {
            "label": str(table.label),
            "count": table.count,
            "layer": reverse("register_layer", args=[table.name]),
            "page": reverse("register_table", args=[table.name]),
        }
        for table in located_tables(request.user.pk, at=clock.now())
        if table.name not in ALWAYS_OFFERED
    ]


@gzip_page
@require_safe
def map_data(request: HttpRequest) -> JsonResponse:
    """Return what stands where, for the divisions in sight."""
    return JsonResponse(layers(), json_dumps_params=COMPACT)


@gzip_page
@require_safe
def map_replay(request: HttpRequest) -> JsonResponse:
    """Return how the levels and counts of an incident in sight went, step by step."""
    try:
        incident = access_incident(str(UUID(request.GET.get("incident", ""))))
    except (ValueError, IncidentOutOfSight) as error:
        raise Http404 from error
    now: datetime = clock.now()
    return JsonResponse(
        replay(
            county_code=incident.county_code,
            since=incident.opened_at,
            closed_at=incident.closed_at,
            now=now,
        ),
        json_dumps_params=COMPACT,
    )
