from datetime import datetime

from django.db import transaction

from anlan.assessment.models import IncidentReport
from anlan.assessment.queries.report import incident_report
from anlan.command.api import incident
from anlan.kernel import journal
from anlan.kernel.actors import Actor


@transaction.atomic
def write_report(incident_uuid: str, *, by: Actor, now: datetime) -> None:
    """Compute the report of a closed incident and keep it; a second call changes nothing."""
    brief = incident(incident_uuid)
    _row, is_new = IncidentReport.objects.get_or_create(
        incident_id=brief.id,
        defaults={"made_at": now, "figures": incident_report(incident_uuid)},
    )
    if is_new:
        journal.record(
            "report.written",
            by=by,
            now=now,
            subject=f"incident:{incident_uuid}",
            division_code=brief.division_code,
            cause=f"incident:{incident_uuid}",
        )
