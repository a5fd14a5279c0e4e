import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import households_at_risk
from anlan.registry.data import Colour, Hazard
from anlan.relief.core import must_move
from anlan.relief.data import MoveState
from anlan.relief.facts import moves_ordered
from anlan.relief.models import HouseholdMove
from anlan.warning.api import villages_under, warnings_by_uuid
from anlan.warning.data import IssuedWarning


@transaction.atomic
def order_moves(warning_uuids: Iterable[str], *, by: Actor, now: datetime) -> list[str]:
    """Order every household that these warnings threaten to leave; return the moves' uuids.

    A household that is already moving is not ordered twice, and none in a village that has left
    its warning meanwhile.
    """
    by_hazard: dict[Hazard, list[IssuedWarning]] = defaultdict(list)
    for warning in warnings_by_uuid(warning_uuids):
        if must_move(warning.hazard, colour=warning.colour):
            by_hazard[warning.hazard].append(warning)
    ordered: list[HouseholdMove] = []
    under = villages_under() if by_hazard else {}
    for hazard, warnings in sorted(by_hazard.items()):
        ordered += _order(hazard, warnings, standing=under.get(hazard, {}), by=by, now=now)
    uuids = [str(move.uuid) for move in ordered]
    if uuids:
        moves_ordered.send(sender=None, move_uuids=uuids)
    return uuids


def _order(
    hazard: Hazard,
    warnings: Sequence[IssuedWarning],
    *,
    standing: Mapping[str, Colour],
    by: Actor,
    now: datetime,
) -> list[HouseholdMove]:
    """Order the households under warnings of one hazard; of two over a village the later counts."""
    warning_of = {
        village: warning
        for warning in warnings
        for village in warning.villages
        if village in standing and must_move(hazard, colour=standing[village])
    }
    households = households_at_risk(warning_of, hazard=hazard)
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
            warning_id=warning_of[household.division_code].id,
            people=household.people,
            state=MoveState.ORDERED,
            ordered_at=now,
        )
        for household in households
        if household.id not in moving
    )
    _journal(warnings, moves, by=by, now=now)
    return moves


def _journal(
    warnings: Sequence[IssuedWarning], moves: Sequence[HouseholdMove], *, by: Actor, now: datetime
) -> None:
    people: dict[int, list[int]] = defaultdict(list)
    for move in moves:
        people[move.warning_id].append(move.people)
    journal.record_all(
        (
            journal.Note(
                act="moves.ordered",
                subject=f"warning:{warning.uuid}",
                division_code=warning.town_code,
                cause=f"warning:{warning.uuid}",
                detail={"households": len(people[warning.id]), "people": sum(people[warning.id])},
            )
            for warning in warnings
            if people[warning.id]
        ),
        by=by,
        now=now,
    )
