"""Warnings of upper levels whose time is over."""

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions.expire_upper_warnings import expire_upper_warnings


@task
def run_out() -> None:
    """End the upper-level warnings in force whose time has run out."""
    expire_upper_warnings(by=the_program("upper warnings"), now=clock.now())
