"""The background work of plans."""

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.plans.actions import follow_divisions as following


@task
def follow_divisions(moves: list[list[str]], on: str) -> None:
    """Let every row that must stay usable follow divisions redrawn on a day (ISO)."""
    following.follow_divisions(moves, by=the_program(f"divisions redrawn on {on}"), now=clock.now())
