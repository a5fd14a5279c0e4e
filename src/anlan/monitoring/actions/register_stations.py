from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import Protocol, StationPoint
from anlan.monitoring.models import Station
from anlan.registry.api import check_divisions


@transaction.atomic
def register_stations(
    points: Sequence[StationPoint],
    *,
    division_code: str,
    protocol: Protocol = Protocol.SL651,
    by: Actor,
    now: datetime,
) -> int:
    """Register stations of one division whose addresses are new, and return how many.

    Raises UnknownDivision for a division that the registry does not hold.
    """
    check_divisions([division_code])
    there = set(
        Station.objects.filter(address__in=[each.address for each in points]).values_list(
            "address", flat=True
        )
    )
    rows = [
        Station(
            address=each.address,
            protocol=protocol,
            division_id=division_code,
            place_id=each.place_id,
            kind=each.kind,
            name=each.name,
            password=each.password,
            lon=each.lon,
            lat=each.lat,
        )
        for each in points
        if each.address not in there
    ]
    Station.objects.bulk_create(rows, batch_size=500)
    if rows:
        journal.record(
            "stations.registered",
            by=by,
            now=now,
            subject=f"division:{division_code}",
            division_code=division_code,
            detail={"stations": len(rows), "protocol": protocol.value},
        )
    return len(rows)
