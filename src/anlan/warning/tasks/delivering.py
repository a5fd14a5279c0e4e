"""Messages on their way out."""

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions.deliver_queued import deliver_queued


@task
def deliver(warning_uuid: str) -> None:
    """Hand the queued messages of a warning to their channels."""
    deliver_queued(warning_uuid, by=the_program("deliver"), now=clock.now())
