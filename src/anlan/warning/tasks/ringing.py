"""Calls going up their ladders."""

from django.db import transaction
from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions.ring_people import ring_people


@task
def ring(warning_uuid: str) -> None:
    """Ring whoever is due under a warning, and look again when the next call runs out."""
    with transaction.atomic():
        due = ring_people(warning_uuid, by=the_program("call and confirm"), now=clock.now())
        if due is not None:
            ring.using(run_after=due).enqueue(warning_uuid)
