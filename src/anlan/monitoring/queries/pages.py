"""Reads for the pages: the gauges on the map and the levels they stood at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from anlan.kernel.scope import within
from anlan.monitoring.data import StationKind
from anlan.monitoring.models import Exceedance, Station


@dataclass(frozen=True)
class MappedStation:
    """A telemetry station as the map draws it."""

    id: int
    kind: StationKind
    name: str
    division_code: str
    lon: float
    lat: float


@dataclass(frozen=True)
class LevelSpan:
    """A station stood at a colour from a moment until another, or still does."""

    station_id: int
    colour: int
    start: datetime
    end: datetime | None


def mapped_stations() -> list[MappedStation]:
    """Return the stations in sight, by address."""
    return [
        MappedStation(
            id=row.pk,
            kind=StationKind(row.kind),
            name=row.name,
            division_code=row.division_id,
            lon=row.lon,
            lat=row.lat,
        )
        for row in Station.objects.order_by("address")
    ]


def level_spans(county_prefix: str, *, since: datetime, until: datetime) -> list[LevelSpan]:
    """Return the exceedances of a county's stations in sight that touch a span of time."""
    rows = Exceedance.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since),
        within("station__division_id", [county_prefix]),
        started_at__lte=until,
    ).values_list("station_id", "colour", "started_at", "ended_at")
    return [LevelSpan(*row) for row in rows]


def count_crossings(county_prefix: str, *, since: datetime, until: datetime) -> int:
    """Return how many thresholds a county's stations in sight crossed in a span of time."""
    return Exceedance.objects.filter(
        within("station__division_id", [county_prefix]), started_at__range=(since, until)
    ).count()


def station_names(station_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of stations in sight."""
    return dict(Station.objects.filter(pk__in=set(station_ids)).values_list("pk", "name"))
