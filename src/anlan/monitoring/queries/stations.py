"""Reads of the stations themselves."""

from anlan.monitoring.data import Protocol, StationKind, StationPoint
from anlan.monitoring.models import Station


def station_points() -> list[StationPoint]:
    """Return every station in sight, by its number."""
    return [_point(row) for row in Station.objects.order_by("pk")]


def wired_stations(protocol: Protocol, *, most: int) -> list[StationPoint]:
    """Return the first active stations in sight that speak a protocol."""
    rows = Station.objects.filter(protocol=protocol, is_active=True).order_by("pk")
    return [_point(row) for row in rows[:most]]


def _point(row: Station) -> StationPoint:
    return StationPoint(
        address=row.address,
        password=row.password,
        kind=StationKind(row.kind),
        name=row.name,
        lon=row.lon,
        lat=row.lat,
        place_id=row.place_id,
    )
