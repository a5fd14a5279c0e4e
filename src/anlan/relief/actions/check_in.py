from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.api import shelters_in
from anlan.registry.data import ShelterRoom
from anlan.relief.data import MoveState, ShelterFull
from anlan.relief.models import HouseholdMove, ShelterLoad, ShelterStay
from anlan.relief.stepping import step


@transaction.atomic
def check_in(move_uuid: str, *, shelter_id: int | None = None, by: Actor, now: datetime) -> int:
    """Count a household in at a shelter and return which: its own, else the nearest with room.

    Raises ShelterFull when no shelter of the town has room, WrongStep when the household has not
    left home.
    """
    move = _Arriving(
        *HouseholdMove.objects.values_list(
            "pk",
            "division_id",
            "people",
            "household__shelter_id",
            "household__lon",
            "household__lat",
        ).get(uuid=move_uuid)
    )
    wanted = shelter_id or move.shelter_id
    taken = _take_room(move, wanted=wanted)
    step(
        move_uuid,
        before=MoveState.LEFT,
        after=MoveState.SHELTERED,
        by=by,
        now=now,
        sheltered_at=now,
        shelter_id=taken,
    )
    ShelterStay.objects.create(
        move_id=move.id, shelter_id=taken, people=move.people, checked_in_at=now
    )
    return taken


class _Arriving(NamedTuple):
    id: int
    village: str
    people: int
    shelter_id: int
    lon: float
    lat: float


def _take_room(move: _Arriving, *, wanted: int) -> int:
    if _reserve(wanted, people=move.people):
        return wanted
    town = ancestor_of(move.village, level=Level.TOWN)

    def how_far(room: ShelterRoom) -> tuple[bool, float]:
        return room.id != wanted, (room.lon - move.lon) ** 2 + (room.lat - move.lat) ** 2

    for room in sorted(shelters_in([town], and_also=[wanted]), key=how_far):
        ShelterLoad.objects.get_or_create(shelter_id=room.id, defaults={"capacity": room.capacity})
        if _reserve(room.id, people=move.people):
            return room.id
    raise ShelterFull(people=move.people)


def _reserve(shelter_id: int, *, people: int) -> bool:
    """Take places if there are enough: one conditional update, so that two cannot overfill."""
    return (
        ShelterLoad.objects.filter(pk=shelter_id, people__lte=F("capacity") - people).update(
            people=F("people") + people
        )
        == 1
    )
