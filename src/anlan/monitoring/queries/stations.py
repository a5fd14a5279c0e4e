"""Reads of the stations themselves."""

from anlan.monitoring.data import StationKind, StationPoint
from anlan.monitoring.models import Station


def station_points() -> list[StationPoint]:
    """Return every station in sight, by its number."""
    return [
        StationPoint(
            address=row.address,
            password=row.password,
            kind=StationKind(row.kind),
            name=row.name,
            lon=row.lon,
            lat=row.lat,
            place_id=row.place_id,
        )
        for row in Station.objects.order_by("pk")
    ]
