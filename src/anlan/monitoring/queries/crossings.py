"""Reads of exceedances for the rooms above."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from anlan.monitoring.data import Crossing
from anlan.monitoring.models import Exceedance, StationCover
from anlan.registry.data import Colour, Hazard


def crossings(exceedance_ids: Iterable[int]) -> list[Crossing]:
    """Return these exceedances with the villages that their stations speak for, by id."""
    rows = list(
        Exceedance.objects.filter(pk__in=list(exceedance_ids))
        .select_related("station", "threshold")
        .only(
            "hazard",
            "colour",
            "value",
            "started_at",
            "station__name",
            "threshold__element",
            "threshold__window_h",
            "threshold__value",
        )
        .order_by("pk")
    )
    villages: dict[tuple[int, str], list[str]] = defaultdict(list)
    cover = StationCover.objects.filter(station_id__in={row.station_id for row in rows})
    for station, hazard, village in cover.order_by("division_id").values_list(
        "station_id", "hazard", "division_id"
    ):
        villages[station, hazard].append(village)
    return [
        Crossing(
            id=row.pk,
            hazard=row.hazard,
            colour=Colour(row.colour),
            station_name=row.station.name,
            element=row.threshold.element,
            window_h=row.threshold.window_h,
            value=row.value,
            threshold=row.threshold.value,
            at=row.started_at,
            villages=tuple(villages[row.station_id, row.hazard]),
        )
        for row in rows
    ]


def standing_exceedances(
    *, before: datetime | None = None, hazards: Iterable[str] = tuple(Hazard)
) -> set[int]:
    """Return the ids of the exceedances that have not ended, by time of beginning and hazard."""
    rows = Exceedance.objects.filter(ended_at__isnull=True, hazard__in=list(hazards))
    if before is not None:
        rows = rows.filter(started_at__lt=before)
    return set(rows.values_list("pk", flat=True))
