from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import HouseholdThreat
from anlan.relief.core import may_return
from anlan.relief.data import MoveState
from anlan.relief.models import HouseholdMove, ShelterLoad, ShelterStay
from anlan.warning.api import villages_under


@transaction.atomic
def end_moves(villages: Iterable[str], *, by: Actor, now: datetime) -> int:
    """End the moves of villages over which no danger stands any more, and return how many.

    Sheltered households go home; those ordered or notified but still at home are released. A
    household on its way is left until it has arrived.
    """
    under = villages_under()
    moves = (
        HouseholdMove.objects.filter(
            division_id__in=list(villages),
            ended_at__isnull=True,
            state__in=(MoveState.ORDERED, MoveState.NOTIFIED, MoveState.SHELTERED),
        )
        .select_related("household", "warning")
        .order_by("pk")
    )
    over = [
        move
        for move in moves
        if may_return(move.division_id, threat=HouseholdThreat(move.household.threat), under=under)
    ]
    sheltered = [move for move in over if move.state == MoveState.SHELTERED]
    at_home = [move for move in over if move.state != MoveState.SHELTERED]
    _end(sheltered, state=MoveState.RETURNED, by=by, now=now)
    _end(at_home, state=MoveState.RELEASED, by=by, now=now)
    for stay in ShelterStay.objects.filter(
        move__in=[move.pk for move in sheltered], checked_out_at__isnull=True
    ):
        ShelterLoad.objects.filter(pk=stay.shelter_id).update(people=F("people") - stay.people)
    ShelterStay.objects.filter(
        move__in=[move.pk for move in sheltered], checked_out_at__isnull=True
    ).update(checked_out_at=now)
    return len(over)


def _end(moves: Sequence[HouseholdMove], *, state: MoveState, by: Actor, now: datetime) -> None:
    HouseholdMove.objects.filter(pk__in=[move.pk for move in moves]).update(
        state=state, ended_at=now
    )
    journal.record_all(
        (
            journal.Note(
                act=f"household.{state.value}",
                subject=f"move:{move.uuid}",
                division_code=move.division_id,
                cause=f"warning:{move.warning.uuid}",
                detail={"people": move.people},
            )
            for move in moves
        ),
        by=by,
        now=now,
    )
