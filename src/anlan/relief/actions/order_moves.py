import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import households_at_risk
from anlan.registry.data import HouseholdAtRisk
from anlan.relief.core import must_move
from anlan.relief.data import MoveState
from anlan.relief.facts import moves_ordered
from anlan.relief.models import HouseholdMove
from anlan.warning.api import warnings_by_uuid
from anlan.warning.data import IssuedWarning


@transaction.atomic
def order_moves(warning_uuids: Iterable[str], *, by: Actor, now: datetime) -> list[str]:
    """Order every household that these warnings threaten to leave; return the moves' uuids.

    A household that is already moving is not ordered twice.
    """
    ordered: list[HouseholdMove] = []
    for warning in warnings_by_uuid(warning_uuids):
        if must_move(warning.hazard, colour=warning.colour):
            households = households_at_risk(warning.villages, hazard=warning.hazard, at=now)
            ordered += _order(warning, households, by=by, now=now)
    uuids = [str(move.uuid) for move in ordered]
    if uuids:
        moves_ordered.send(sender=None, move_uuids=uuids)
    return uuids


def _order(
    warning: IssuedWarning, households: Sequence[HouseholdAtRisk], *, by: Actor, now: datetime
) -> list[HouseholdMove]:
    moving = set(
        HouseholdMove.objects.filter(
            household_id__in=[household.id for household in households], ended_at__isnull=True
        ).values_list("household_id", flat=True)
    )
    moves = HouseholdMove.objects.bulk_create(
        HouseholdMove(
            uuid=uuid.uuid4(),
            division_id=household.division_code,
            household_id=household.id,
            warning_id=warning.id,
            people=household.people,
            state=MoveState.ORDERED,
            ordered_at=now,
        )
        for household in households
        if household.id not in moving
    )
    if moves:
        journal.record(
            "moves.ordered",
            by=by,
            now=now,
            subject=f"warning:{warning.uuid}",
            division_code=warning.town_code,
            cause=f"warning:{warning.uuid}",
            detail={"households": len(moves), "people": sum(move.people for move in moves)},
        )
    return moves
