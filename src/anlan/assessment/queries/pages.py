"""Reads for the report's page: the figures of a report, cut to what is in sight."""

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache

from anlan.assessment.core import verdict_figures
from anlan.assessment.models import IncidentReport
from anlan.assessment.queries.report import incident_report
from anlan.command.api import warning_uuids_of
from anlan.kernel import scope
from anlan.warning.api import warning_records
from anlan.warning.data import WarningRecord

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
        warnings = warning_records(warning_uuids_of(incident_uuid)) if kept else []
    sees_county = seen.sees(county_code)
    if kept:
        figures = _judged_since(figures, warnings=warnings)
    return {
        **figures,
        "district": figures["district"] if sees_county else None,
        "towns": [town for town in figures["towns"] if seen.sees(town["code"])],
        "invariants": figures["invariants"] if sees_county else {},
    }


def _judged_since(figures: dict[str, Any], *, warnings: Sequence[WarningRecord]) -> dict[str, Any]:
    """Return a report with what its warnings turned out to be: judged after it was written."""
    towns = [
        {
            **town,
            **verdict_figures(w for w in warnings if w.town_code.startswith(town["code"][:9])),
        }
        for town in figures["towns"]
    ]
    district = {**figures["district"], **verdict_figures(warnings)}
    return {**figures, "district": district, "towns": towns}


def _computed(incident_uuid: str) -> dict[str, Any]:
    name = f"report:{incident_uuid}"
    figures: dict[str, Any] | None = cache.get(name)
    if figures is None:
        figures = incident_report(incident_uuid)
        cache.set(name, figures, FRESH_SECONDS)
    return figures
