"""Reads of household moves for the rooms above."""

from collections.abc import Iterable
from datetime import datetime

from anlan.registry.api import carers_of
from anlan.relief.data import MoveRecord, MoveState, OrderedMove
from anlan.relief.models import HouseholdMove, ShelterStay


def moves_to_begin(village: str, *, at: datetime) -> list[OrderedMove]:
    """Return the moves of a village whose households are not yet told, with their carers."""
    rows = list(
        HouseholdMove.objects.filter(division_id=village, state=MoveState.ORDERED)
        .order_by("pk")
        .values_list("uuid", "household_id", "household__needing_help", "household__route_km")
    )
    if not rows:
        return []
    carers = carers_of((household for _uuid, household, *_rest in rows), at=at)
    return [
        OrderedMove(
            uuid=str(uuid),
            household_id=household,
            needing_help=needing_help,
            route_km=route_km,
            carer_ids=carers.get(household, ()),
        )
        for uuid, household, needing_help, route_km in rows
    ]


def move_records(warning_uuids: Iterable[str]) -> list[MoveRecord]:
    """Return every move that these warnings ordered, with the times of its steps."""
    rows = HouseholdMove.objects.filter(warning__uuid__in=list(warning_uuids)).order_by("pk")
    return [
        MoveRecord(
            household_id=row.household_id,
            division_code=row.division_id,
            people=row.people,
            state=MoveState(row.state),
            ordered_at=row.ordered_at,
            notified_at=row.notified_at,
            left_at=row.left_at,
            sheltered_at=row.sheltered_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def people_counted_in(warning_uuids: Iterable[str]) -> int:
    """Return how many people the shelters counted in for the moves of these warnings."""
    return sum(
        ShelterStay.objects.filter(move__warning__uuid__in=list(warning_uuids)).values_list(
            "people", flat=True
        )
    )
