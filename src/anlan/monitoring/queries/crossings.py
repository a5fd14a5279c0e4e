"""Reads of exceedances for the rooms above."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from anlan.monitoring.data import Crossing, Measure
from anlan.monitoring.elements import UNITS
from anlan.monitoring.models import Exceedance, StationCover
from anlan.registry.data import Colour, Hazard

RAIN_CODE = "PN05"


def crossings(exceedance_ids: Iterable[int]) -> list[Crossing]:
    """Return these exceedances with the villages that their stations speak for, by id."""
    rows = list(
        Exceedance.objects.filter(pk__in=list(exceedance_ids))
        .select_related("station", "threshold", "critical_rain")
        .order_by("pk")
    )
    villages: dict[tuple[int, str], list[str]] = defaultdict(list)
    cover = StationCover.objects.filter(station_id__in={row.station_id for row in rows})
    for station, hazard, village in cover.order_by("division_id").values_list(
        "station_id", "hazard", "division_id"
    ):
        villages[station, hazard].append(village)
    return [_crossing(row, villages=villages[row.station_id, row.hazard]) for row in rows]


def _crossing(row: Exceedance, *, villages: list[str]) -> Crossing:
    limit = row.threshold
    element = limit.element if limit else RAIN_CODE
    window = limit.window_min if limit else row.critical_rain.window_min
    return Crossing(
        id=row.pk,
        hazard=row.hazard,
        colour=Colour(row.colour),
        station_name=row.station.name,
        element=element,
        measure=Measure(limit.measure) if limit else Measure.SUM,
        window_min=window,
        value=row.value,
        threshold=row.limit,
        at=row.started_at,
        villages=(row.village_id,) if row.village_id else tuple(villages),
        unit=UNITS.get(element, ""),
        is_doubtful=row.is_doubtful,
    )


def standing_exceedances(
    *, before: datetime | None = None, hazards: Iterable[str] = tuple(Hazard)
) -> set[int]:
    """Return the ids of the exceedances that have not ended, by time of beginning and hazard."""
    rows = Exceedance.objects.filter(ended_at__isnull=True, hazard__in=list(hazards))
    if before is not None:
        rows = rows.filter(started_at__lt=before)
    return set(rows.values_list("pk", flat=True))
