"""Assessment's background work."""

from datetime import datetime, timedelta

from django_tasks import task

from anlan.assessment.actions.write_report import write_report as keep_report
from anlan.assessment.models import IncidentReport
from anlan.command.api import incidents
from anlan.kernel import clock
from anlan.kernel.actors import the_program

SWEEP_EVERY = timedelta(minutes=30)


@task
def write_report(incident_uuid: str) -> None:
    """Write the report of an incident that was closed."""
    keep_report(incident_uuid, by=the_program("incident closed"), now=clock.now())


def sweep(now: datetime) -> int:
    """Write the report of every closed incident that has none, and return how many."""
    written = set(IncidentReport.objects.values_list("incident_id", flat=True))
    missing = [i for i in incidents() if i.closed_at is not None and i.id not in written]
    for found in missing:
        keep_report(found.uuid, by=the_program("sweep"), now=now)
    return len(missing)
