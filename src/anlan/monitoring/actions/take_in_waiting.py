from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.data import Protocol, RawReading, Verdict
from anlan.monitoring.models import SetAsideReading, Station

PEER = "quarantine"


@transaction.atomic
def take_in_waiting(*, addresses: Collection[str], by: Actor, now: datetime) -> int:
    """Take in what waits in quarantine for registered addresses, and return how many values.

    They go the way of every reading, in the order in which they were measured; what is refused
    there is set aside with its verdict. A second call finds nothing left.
    """
    taken = 0
    stations = Station.objects.filter(address__in=list(addresses), is_active=True).order_by("pk")
    for station in stations:
        rows = list(
            SetAsideReading.objects.filter(
                address=station.address,
                protocol=station.protocol,
                verdict=Verdict.UNKNOWN_STATION,
            ).order_by("observed_at", "pk")
        )
        if rows:
            _take_in(station, rows, by=by, now=now)
            taken += len(rows)
    return taken


def _take_in(station: Station, rows: list[SetAsideReading], *, by: Actor, now: datetime) -> None:
    keys = [row.pk for row in rows]
    SetAsideReading.objects.filter(pk__in=keys).delete()
    done = ingest_readings(
        [RawReading(row.address, row.element, row.observed_at, row.value, "") for row in rows],
        protocol=Protocol(station.protocol),
        peer=PEER,
        by=by,
        now=now,
    )
    journal.record(
        "readings.taken_in",
        by=by,
        now=now,
        subject=f"station:{station.pk}",
        division_code=station.division_id,
        detail={"waited": len(rows), "stored": done.stored, "refused": done.refused},
    )
