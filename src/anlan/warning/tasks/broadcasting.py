"""Warnings read out by the loudspeakers of villages, and that they are over."""

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions.broadcast_all_clear import broadcast_all_clear
from anlan.warning.actions.broadcast_warnings import broadcast_warnings


@task
def broadcast(warning_uuids: list[str]) -> None:
    """Let loudspeakers read out new warnings."""
    broadcast_warnings(warning_uuids, by=the_program("loudspeakers"), now=clock.now())


@task
def broadcast_end(warning_uuids: list[str]) -> None:
    """Let loudspeakers that read out a warning say that it is over."""
    broadcast_all_clear(warning_uuids, by=the_program("loudspeakers"), now=clock.now())
