"""Communication tests coming to their end, and the sweep behind them."""

from datetime import datetime, timedelta

from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.actions.end_test import end_test
from anlan.warning.models import CommunicationTest

SWEEP_EVERY = timedelta(minutes=10)
PATIENCE = timedelta(minutes=3)
BY = the_program("communication test")


@task
def end(test_uuid: str) -> None:
    """End a communication test whose time is over."""
    end_test(test_uuid, by=BY, now=clock.now())


def sweep(now: datetime) -> int:
    """End the tests that should have ended, and return how many."""
    late = CommunicationTest.objects.filter(ended_at__isnull=True, ends_at__lt=now - PATIENCE)
    ended = sum(
        end_test(str(uuid), by=the_program("sweep"), now=now) is not None
        for uuid in late.order_by("pk").values_list("uuid", flat=True)
    )
    if ended:
        journal.record(
            "communication_test.repaired",
            by=the_program("sweep"),
            now=now,
            detail={"ended": ended},
        )
    return ended
