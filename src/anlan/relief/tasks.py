"""Relief's background work."""

from datetime import datetime, timedelta

from django_tasks import task

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.relief.actions.end_moves import end_moves
from anlan.relief.actions.order_moves import order_moves
from anlan.relief.core import MOVE_FROM
from anlan.relief.models import HouseholdMove
from anlan.warning.api import open_warning_uuids, warnings_by_uuid

SWEEP_EVERY = timedelta(minutes=30)
PATIENCE = timedelta(minutes=3)


@task
def order_for_warnings(warning_uuids: list[str]) -> None:
    """Order the households that new warnings threaten to leave."""
    order_moves(warning_uuids, by=the_program("evacuation order"), now=clock.now())


@task
def end_for_warnings(warning_uuids: list[str]) -> None:
    """Let the households of lifted warnings go home."""
    villages = {v for warning in warnings_by_uuid(warning_uuids) for v in warning.villages}
    end_moves(villages, by=the_program("warning lifted"), now=clock.now())


def sweep(now: datetime) -> int:
    """Order moves that no task ordered, end those whose danger is over, and return how many."""
    late = open_warning_uuids(
        before=now - PATIENCE, colour_from=min(MOVE_FROM.values()), hazards=MOVE_FROM
    )
    ordered = order_moves(late, by=the_program("sweep"), now=now)
    still_out = set(
        HouseholdMove.objects.filter(ended_at__isnull=True).values_list("division_id", flat=True)
    )
    ended = end_moves(still_out, by=the_program("sweep"), now=now)
    if ordered or ended:
        journal.record(
            "moves.repaired",
            by=the_program("sweep"),
            now=now,
            detail={"ordered": len(ordered), "ended": ended},
        )
    return len(ordered) + ended
