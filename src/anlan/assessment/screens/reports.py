"""The list of reports and the one-page report of an incident."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.assessment.queries.pages import report_in_sight
from anlan.command.api import access_incident, listed_incidents
from anlan.command.data import IncidentOutOfSight
from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.warning.data import RungKind

MOMENTS = ("first_exceedance_at", "first_warning_at", "first_acknowledged_at")
LATER = ("reported_share",)  # reports that were kept before do not have it


@require_safe
def list_reports(request: HttpRequest) -> HttpResponse:
    """Show the incidents whose report can be read."""
    page = whole_number(request.GET.get("page", ""), otherwise=1)
    shown = listed_incidents(page)
    return render(request, "assessment/reports.html", {"list": shown, "incidents": shown.rows})


@require_safe
def show_report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how long each step of an incident took, on one page that prints."""
    try:
        incident = access_incident(str(uuid))
    except IncidentOutOfSight as error:
        raise Http404 from error
    report = report_in_sight(incident.uuid, county_code=incident.county_code)
    towns = [_readable(town) for town in report["towns"]]
    district = _readable(report["district"]) if report["district"] else None
    return render(
        request,
        "assessment/report.html",
        {
            "incident": incident,
            "district": district,
            "towns": towns,
            "lead": district or (towns[0] if len(towns) == 1 else None),
            "invariants": report["invariants"],
            "now": clock.now(),
        },
    )


def _readable(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures with moments as times, shares as percentages and the rungs named."""
    found = dict.fromkeys(LATER) | figures
    for name in MOMENTS:
        value = figures.get(name)
        found[name] = datetime.fromisoformat(value) if value else None
    for name, value in figures.items():
        if name.endswith("_share") and value is not None:
            found[name] = round(value * 100, 1)
    found["rungs"] = list(_rungs(figures.get("escalations", {})))
    return found


def _rungs(escalations: dict[str, int]) -> Iterator[tuple[str, int]]:
    for rung in RungKind:
        yield str(rung.label), escalations.get(rung.value, 0)
