"""Reads for the report's page: the figures of a report, cut to what is in sight."""

from typing import Any

from django.core.cache import cache

from anlan.assessment.models import IncidentReport
from anlan.assessment.queries.report import incident_report
from anlan.kernel import scope

# A report of an incident that goes on takes seconds to compute; many ask for it at once.
FRESH_SECONDS = 60


def report_in_sight(incident_uuid: str, *, county_code: str) -> dict[str, Any]:
    """Return the report of an incident, kept or computed now, with only the towns in sight.

    `district` is None for whoever sees less than the county. The caller has made sure that the
    incident itself is in sight.
    """
    seen = scope.active()
    with scope.everywhere("a report is made whole; towns out of sight are cut off below"):
        kept = IncidentReport.objects.filter(incident__uuid=incident_uuid).first()
        figures = kept.figures if kept else _computed(incident_uuid)
    sees_county = seen.sees(county_code)
    return {
        **figures,
        "district": figures["district"] if sees_county else None,
        "towns": [town for town in figures["towns"] if seen.sees(town["code"])],
        "invariants": figures["invariants"] if sees_county else {},
    }


def _computed(incident_uuid: str) -> dict[str, Any]:
    name = f"report:{incident_uuid}"
    figures: dict[str, Any] | None = cache.get(name)
    if figures is None:
        figures = incident_report(incident_uuid)
        cache.set(name, figures, FRESH_SECONDS)
    return figures
