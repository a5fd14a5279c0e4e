"""Reads for the pages: who was on the move and who was at a shelter, when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from anlan.kernel.scope import within
from anlan.relief.models import HouseholdMove


@dataclass(frozen=True)
class MoveSpan:
    """A household's move as the slider counts it: ordered, sheltered, over."""

    people: int
    ordered_at: datetime
    sheltered_at: datetime | None
    ended_at: datetime | None


def move_spans(county_prefix: str, *, since: datetime, until: datetime) -> list[MoveSpan]:
    """Return the moves of a county's households in sight that touch a span of time."""
    rows = HouseholdMove.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since),
        within("division_id", [county_prefix]),
        ordered_at__lte=until,
    ).values_list("people", "ordered_at", "sheltered_at", "ended_at")
    return [MoveSpan(*row) for row in rows]
