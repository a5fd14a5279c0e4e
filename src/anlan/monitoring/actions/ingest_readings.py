from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions._intake import memory_for
from anlan.monitoring.actions.ingest_columns import ingest_columns
from anlan.monitoring.core.columns import EMPTY, Columns, columns_of, joined
from anlan.monitoring.core.increments import increment
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import Ingest, Protocol, RainFrom, RawReading, Verdict
from anlan.monitoring.elements import LEVEL, RAIN, numbers_of
from anlan.monitoring.models import Station
from anlan.monitoring.store.aside import quarantine

RELATIVE_LEVEL = "DRZ1"


@dataclass(frozen=True)
class _Known:
    """What the intake needs of a registered station."""

    id: int
    rain_from: RainFrom
    base_m: float | None


@transaction.atomic
def ingest_readings(
    readings: Sequence[RawReading],
    *,
    protocol: Protocol,
    peer: str,
    frames: int = 0,
    by: Actor,
    now: datetime,
) -> Ingest:
    """Take in readings under the addresses of their stations and return what they came to.

    Every protocol comes this way. Missing values are left out. An address that nobody registered,
    or that belongs to another protocol, is quarantined: never dropped, never trusted. Relative
    levels and running totals of rain become levels and five-minute rain as their station says.
    """
    readings = [x for x in readings if x.value is not None and isfinite(x.value)]
    known = _known({x.station for x in readings}, protocol=protocol)
    strange = [x for x in readings if x.station not in known]
    rows = _columns([x for x in readings if x.station in known], known)
    rows = joined((rows, _rain(rows, {each.id: each.rain_from for each in known.values()})))
    refused = quarantine(
        strange, protocol=protocol, peer=peer, verdict=Verdict.UNKNOWN_STATION, now=now
    ) if strange else 0  # fmt: skip
    done = ingest_columns(rows, frames=frames, by=by, now=now)
    return replace(done, refused=done.refused + refused)


def _known(addresses: Iterable[str], *, protocol: Protocol) -> dict[str, _Known]:
    rows = Station.objects.filter(address__in=list(addresses), protocol=protocol, is_active=True)
    return {
        address: _Known(pk, RainFrom(rain_from), base)
        for address, pk, rain_from, base in rows.values_list("address", "pk", "rain_from", "base_m")
    }


def _columns(readings: Sequence[RawReading], known: dict[str, _Known]) -> Columns:
    numbers = numbers_of(x.element for x in readings)
    rows = []
    for reading in readings:
        station, element, value = known[reading.station], numbers[reading.element], reading.value
        if value is None:
            continue
        if reading.element == RELATIVE_LEVEL and station.base_m is not None:
            element, value = LEVEL, round(station.base_m + value, 3)
        rows.append((station.id, element, micros_of(reading.observed_at), value))
    return columns_of(rows)


def _rain(rows: Columns, rain_from: dict[int, RainFrom]) -> Columns:
    """Return the five-minute rain of stations that count it in another way."""
    counted = {station: way for station, way in rain_from.items() if way is not RainFrom.PN05}
    if not counted:
        return EMPTY
    numbers = numbers_of({way.value for way in counted.values()})
    memory = memory_for(rows)
    found: list[tuple[int, int, int, float]] = []
    last: dict[int, tuple[int, float]] = {}
    for station, element, micros, value in sorted(
        zip(
            rows.stations.tolist(),
            rows.elements.tolist(),
            rows.micros.tolist(),
            rows.values.tolist(),
            strict=True,
        )
    ):
        way = counted.get(station)
        if way is None or element != numbers[way.value]:
            continue
        before = last.get(station) or memory.last_of(station, element)
        last[station] = (micros, value)
        amount = increment(
            way, micros=micros, value=value, last_micros=before[0], last_value=before[1]
        )
        if amount is not None:
            found.append((station, RAIN, micros, amount))
    return columns_of(found)
