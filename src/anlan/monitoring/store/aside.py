"""Values kept out of the table of readings, with their reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from anlan.monitoring.core.columns import Columns
from anlan.monitoring.core.intake import moment_of
from anlan.monitoring.data import Protocol, RawReading, Verdict
from anlan.monitoring.elements import names_of
from anlan.monitoring.models import SetAsideReading, Station

MOST_OF_AN_ADDRESS = 2_000  # values of one unknown address that wait for its adoption
MOST_ADDRESSES = 2_000  # unknown addresses that wait at the same time


def set_aside(parts: Iterable[tuple[Columns, Verdict]], *, now: datetime) -> None:
    """Keep readings of registered stations that do not enter the table."""
    parts = [(rows, verdict) for rows, verdict in parts if len(rows)]
    if not parts:
        return
    stations = {station for rows, _verdict in parts for station in rows.stations.tolist()}
    elements = {element for rows, _verdict in parts for element in rows.elements.tolist()}
    known = {
        row[0]: row[1:]
        for row in Station.objects.filter(pk__in=stations).values_list("pk", "address", "protocol")
    }
    names = names_of(elements)
    SetAsideReading.objects.bulk_create(
        SetAsideReading(
            address=known[station][0],
            protocol=known[station][1],
            element=names[element],
            observed_at=moment_of(micros),
            value=value,
            verdict=verdict,
            received_at=now,
        )
        for rows, verdict in parts
        for station, element, micros, value in zip(
            rows.stations.tolist(),
            rows.elements.tolist(),
            rows.micros.tolist(),
            rows.values.tolist(),
            strict=True,
        )
    )


def quarantine(
    readings: Sequence[RawReading],
    *,
    protocol: Protocol,
    peer: str,
    verdict: Verdict,
    now: datetime,
) -> int:
    """Keep readings that may not be trusted, within bounds; return how many were kept."""
    kept = quarantined(readings, protocol=protocol, peer=peer, verdict=verdict, now=now)
    return sum(kept.values())


def quarantined(
    readings: Sequence[RawReading],
    *,
    protocol: Protocol,
    peer: str,
    verdict: Verdict,
    now: datetime,
) -> Counter[str]:
    """Keep readings that may not be trusted; return how many of each address were kept.

    An address that floods is cut off at a number of values, and so are addresses without end.
    """
    by_address: dict[str, list[RawReading]] = {}
    for reading in readings:
        if reading.value is not None:
            by_address.setdefault(reading.station, []).append(reading)
    waiting = SetAsideReading.objects.filter(verdict=verdict)
    counts = waiting.filter(address__in=list(by_address)).values("address").annotate(n=Count("pk"))
    held = Counter(dict(counts.values_list("address", "n")))
    kept: Counter[str] = Counter()
    rows: list[SetAsideReading] = []
    free = MOST_ADDRESSES
    if by_address.keys() - held.keys():
        free -= waiting.values("address").distinct().count()
    for address, mine in by_address.items():
        if not held[address]:
            if free <= 0:
                continue
            free -= 1
        taken = mine[: max(MOST_OF_AN_ADDRESS - held[address], 0)]
        kept[address] = len(taken)
        rows += [
            SetAsideReading(
                address=address[:64],
                protocol=protocol,
                peer=peer[:60],
                element=reading.element[:24],
                observed_at=reading.observed_at,
                value=reading.value or 0.0,
                verdict=verdict,
                received_at=now,
            )
            for reading in taken
        ]
    SetAsideReading.objects.bulk_create(rows)
    return kept
