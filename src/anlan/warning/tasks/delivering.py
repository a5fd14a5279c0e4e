"""Messages on their way out."""

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions.deliver_queued import deliver_queued


@task
def deliver() -> None:
    """Hand what waits to its channels."""
    deliver_queued(by=the_program("deliver"), now=clock.now())
