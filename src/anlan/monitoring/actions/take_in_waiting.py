import re
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import prefix_of
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.data import Protocol, RawReading, Verdict
from anlan.monitoring.models import SetAsideReading, Station

PEER = "quarantine"
KEY_PEER = re.compile(r"(\d{12}) api:")


@transaction.atomic
def take_in_waiting(*, addresses: Collection[str] | None = None, by: Actor, now: datetime) -> int:
    """Take in what waits in quarantine for registered addresses, and return how many values.

    Without addresses, for every one: a gateway may put something aside at the very moment at
    which somebody registers its address. They go the way of every reading, in the order in which
    they were measured; what is refused there is set aside with its verdict. What the key of another
    division sent stays where it is. A second call finds nothing left.
    """
    taken = 0
    if addresses is None:
        waiting = SetAsideReading.objects.filter(verdict=Verdict.UNKNOWN_STATION)
        addresses = set(waiting.values_list("address", flat=True).distinct())
    stations = Station.objects.filter(address__in=list(addresses), is_active=True)
    for station in stations.order_by("pk"):
        waiting_here = SetAsideReading.objects.filter(
            address=station.address,
            protocol=station.protocol,
            verdict=Verdict.UNKNOWN_STATION,
        ).order_by("observed_at", "pk")
        rows = [row for row in waiting_here if _may_speak(row.peer, station.division_id)]
        if rows:
            _take_in(station, rows, by=by, now=now)
            taken += len(rows)
    return taken


def _may_speak(peer: str, division_code: str) -> bool:
    """Tell whether a peer may speak for a division: a key speaks only for what it was given."""
    sender = KEY_PEER.match(peer)
    return sender is None or division_code.startswith(prefix_of(sender[1]))


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
