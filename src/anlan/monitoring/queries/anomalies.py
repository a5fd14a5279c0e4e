"""Reads of verified macro anomalies for the rooms above."""

from collections.abc import Iterable

from anlan.monitoring.data import MacroKind, MacroState, VerifiedAnomaly
from anlan.monitoring.models import MacroReport


def verified_anomalies(report_ids: Iterable[int]) -> list[VerifiedAnomaly]:
    """Return these reports as far as they are verified anomalies, by key."""
    rows = MacroReport.objects.filter(pk__in=list(report_ids), state=MacroState.VERIFIED)
    return [
        VerifiedAnomaly(
            report_id=row.pk,
            place=row.place.name,
            division_code=row.place.division_id,
            kind=MacroKind(row.kind),
            day=row.day,
            description=row.description,
        )
        for row in rows.select_related("place").order_by("pk")
    ]
