"""Assessment's background work."""

from django_tasks import task

from anlan.assessment.actions.write_report import write_report as keep_report
from anlan.kernel import clock
from anlan.kernel.actors import the_program


@task
def write_report(incident_uuid: str) -> None:
    """Write the report of an incident that was closed."""
    keep_report(incident_uuid, by=the_program("incident closed"), now=clock.now())
