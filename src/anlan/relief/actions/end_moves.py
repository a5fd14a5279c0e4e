from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

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
    rows = HouseholdMove.objects.filter(
        division_id__in=list(villages),
        ended_at__isnull=True,
        state__in=(MoveState.ORDERED, MoveState.NOTIFIED, MoveState.SHELTERED),
    ).order_by("pk")
    over = [
        move
        for move in (
            _Ending(*row)
            for row in rows.values_list(
                "pk",
                "uuid",
                "division_id",
                "people",
                "state",
                "warning__uuid",
                "household__threat",
            )
        )
        if may_return(move.village, threat=HouseholdThreat(move.threat), under=under)
    ]
    sheltered = [move for move in over if move.state == MoveState.SHELTERED]
    at_home = [move for move in over if move.state != MoveState.SHELTERED]
    _end(sheltered, state=MoveState.RETURNED, by=by, now=now)
    _end(at_home, state=MoveState.RELEASED, by=by, now=now)
    _empty_shelters([move.id for move in sheltered], now=now)
    return len(over)


class _Ending(NamedTuple):
    id: int
    uuid: UUID
    village: str
    people: int
    state: str
    warning_uuid: UUID
    threat: str


def _empty_shelters(move_ids: Sequence[int], *, now: datetime) -> None:
    stays = ShelterStay.objects.filter(move__in=move_ids, checked_out_at__isnull=True)
    leaving: Counter[int] = Counter()
    for shelter_id, people in stays.values_list("shelter_id", "people"):
        leaving[shelter_id] += people
    for shelter_id, people in sorted(leaving.items()):
        ShelterLoad.objects.filter(pk=shelter_id).update(people=F("people") - people)
    stays.update(checked_out_at=now)


def _end(moves: Sequence[_Ending], *, state: MoveState, by: Actor, now: datetime) -> None:
    HouseholdMove.objects.filter(pk__in=[move.id for move in moves]).update(
        state=state, ended_at=now
    )
    journal.record_all(
        (
            journal.Note(
                act=f"household.{state.value}",
                subject=f"move:{move.uuid}",
                division_code=move.village,
                cause=f"warning:{move.warning_uuid}",
                detail={"people": move.people},
            )
            for move in moves
        ),
        by=by,
        now=now,
    )
