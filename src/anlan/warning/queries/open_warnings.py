"""Reads of warnings for the rooms above."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from anlan.kernel.scope import within
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import IssuedWarning, OpenCall, SummonsState, WarningState
from anlan.warning.models import HazardWarning, Summons, WarningArea
from anlan.warning.queries.under import still_under


def warnings_by_uuid(uuids: Iterable[str]) -> list[IssuedWarning]:
    """Return these warnings with every village they were issued for, by time of issue."""
    return _issued(HazardWarning.objects.filter(uuid__in=list(uuids)).order_by("issued_at", "pk"))


def open_warnings() -> list[IssuedWarning]:
    """Return the warnings in force, by time of issue."""
    return _issued(
        HazardWarning.objects.filter(state=WarningState.OPEN).order_by("issued_at", "pk")
    )


def open_warning_uuids(
    *,
    before: datetime | None = None,
    prefix: str = "",
    colour_from: Colour = Colour.BLUE,
    hazards: Iterable[Hazard] = tuple(Hazard),
) -> list[str]:
    """Return the warnings in force, narrowed by time of issue, place, colour and hazard."""
    rows = HazardWarning.objects.filter(state=WarningState.OPEN)
    if before is not None:
        rows = rows.filter(issued_at__lt=before)
    if prefix:
        rows = rows.filter(within("division_id", [prefix]))
    rows = rows.filter(colour__gte=colour_from, hazard__in=list(hazards))
    return [str(uuid) for uuid in rows.order_by("issued_at", "pk").values_list("uuid", flat=True)]


def last_end(*, prefix: str) -> datetime | None:
    """Return when the last warning over a prefix ended; None while one is in force."""
    if open_warning_uuids(prefix=prefix):
        return None
    rows = HazardWarning.objects.filter(within("division_id", [prefix]))
    ended: datetime | None = rows.aggregate(last=Max("ended_at"))["last"]
    return ended


def villages_under() -> dict[Hazard, dict[str, Colour]]:
    """Return which villages stand under which colour now, by hazard."""
    found: dict[Hazard, dict[str, Colour]] = defaultdict(dict)
    rows = WarningArea.objects.filter(released_at__isnull=True).values_list(
        "hazard", "division_id", "colour"
    )
    for hazard, village, colour in rows:
        found[Hazard(hazard)][village] = Colour(colour)
    return found


def unanswered_calls() -> list[str]:
    """Return the calls that nobody answered for villages still under the warning, as uuids."""
    rows = Summons.objects.filter(still_under(), state=SummonsState.UNANSWERED)
    return [str(uuid) for uuid in rows.order_by("pk").values_list("uuid", flat=True)]


def calls_of(summons_uuids: Iterable[str]) -> list[OpenCall]:
    """Return these calls: whose, for which village of which warning, and who answered."""
    rows = (
        Summons.objects.filter(uuid__in=list(summons_uuids))
        .select_related("warning")
        .order_by("pk")
    )
    return [
        OpenCall(
            id=row.pk,
            uuid=str(row.uuid),
            warning_uuid=str(row.warning.uuid),
            hazard=Hazard(row.warning.hazard),
            colour=Colour(row.warning.colour),
            village=row.division_id,
            person_id=row.person_id,
            duty=row.duty,
            rung=row.rung,
            state=SummonsState(row.state),
            answered_by_id=row.answered_by_id,
        )
        for row in rows
    ]


def _issued(rows: Iterable[HazardWarning]) -> list[IssuedWarning]:
    found = list(rows)
    villages: dict[int, list[str]] = defaultdict(list)
    for warning_id, village in (
        WarningArea.objects.filter(warning__in=[row.pk for row in found])
        .order_by("division_id")
        .values_list("warning_id", "division_id")
    ):
        villages[warning_id].append(village)
    return [
        IssuedWarning(
            id=row.pk,
            uuid=str(row.uuid),
            number=row.number,
            hazard=Hazard(row.hazard),
            colour=Colour(row.colour),
            town_code=row.division_id,
            villages=tuple(villages[row.pk]),
            issued_at=row.issued_at,
            state=WarningState(row.state),
        )
        for row in found
    ]
