"""Loudspeakers and providers going with their divisions."""

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions import follow_divisions as following


@task
def follow_divisions(moves: list[list[str]], on: str) -> None:
    """Let loudspeakers and providers follow divisions redrawn on a day (ISO)."""
    following.follow_divisions(moves, by=the_program(f"divisions redrawn on {on}"), now=clock.now())
