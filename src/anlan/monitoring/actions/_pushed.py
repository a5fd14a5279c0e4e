"""What the store knows of readings that another program sends."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from anlan.kernel.scope import narrowest, within
from anlan.monitoring.actions._intake import memory_for
from anlan.monitoring.core.columns import columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.pushing import Key, key_of
from anlan.monitoring.data import Protocol, RawReading
from anlan.monitoring.elements import numbers_of
from anlan.monitoring.gateways.sl651.elements import KIND_OF_NAME
from anlan.monitoring.models import DeviceModel, OtherElement, Station
from anlan.monitoring.store.writing import existing

RELATIVE_LEVEL, LEVEL_CODE = "DRZ1", "Z"
# Elements of SL 651 that hold no number of their own.
NO_NUMBERS: Final = frozenset({"RGZS", "PIC", "DRP", "DATA", "DRxnn", "ZT"})
STANDARD: Final = frozenset(KIND_OF_NAME) - NO_NUMBERS


@dataclass(frozen=True)
class Reach:
    """The stations that a program may send for: key, base of relative levels, elements."""

    keys: Mapping[str, int]
    bases: Mapping[str, float]
    elements: Mapping[str, Collection[str]]


def reach_of(addresses: Iterable[str], *, codes: Collection[str]) -> Reach:
    """Return which of these addresses are HTTP stations in the divisions, and what they send."""
    rows = Station.objects.filter(
        within("division_id", narrowest(codes)),
        address__in=set(addresses),
        protocol=Protocol.HTTP,
        is_active=True,
    ).values_list("address", "pk", "base_m", "device_model_id")
    found = list(rows)
    others = frozenset(OtherElement.objects.values_list("code", flat=True))
    declared = _declared({model for *_rest, model in found if model is not None})
    plain = STANDARD | others
    return Reach(
        keys={address: pk for address, pk, _base, _model in found},
        bases={address: base for address, _pk, base, _model in found if base is not None},
        elements={
            address: plain | declared[model] if model in declared else plain
            for address, _pk, _base, model in found
        },
    )


def levelled(readings: Sequence[RawReading], *, bases: Mapping[str, float]) -> list[RawReading]:
    """Return readings with relative levels counted from their station's base."""
    return [
        reading._replace(element=LEVEL_CODE, value=round(bases[reading.station] + reading.value, 3))
        if reading.element == RELATIVE_LEVEL
        and reading.station in bases
        and reading.value is not None
        else reading
        for reading in readings
    ]


def values_there(readings: Sequence[RawReading], *, keys: Mapping[str, int]) -> dict[Key, float]:
    """Return the values stored for the moments of these readings, all of known elements.

    A moment after all that is known of its series is not looked for: should another process have
    stored it just now, the intake says so.
    """
    if not readings:
        return {}
    numbers = numbers_of({reading.element for reading in readings})
    rows = columns_of(
        [(keys[x.station], numbers[x.element], micros_of(x.observed_at), 0.0) for x in readings]
    )
    memory = memory_for(rows)
    places = np.flatnonzero(rows.micros <= memory.micros[memory.places.find(rows.codes)])
    found = existing(rows.at(places))
    is_there = ~np.isnan(found)
    return {
        key_of(readings[place]): value
        for place, value in zip(places[is_there].tolist(), found[is_there].tolist(), strict=True)
    }


def registered(addresses: Collection[str]) -> set[str]:
    """Return which of these addresses are somebody's station, wherever it stands."""
    rows = Station.objects.filter(address__in=addresses)
    return set(rows.values_list("address", flat=True))


def _declared(models: Collection[int]) -> dict[int, frozenset[str]]:
    rows = DeviceModel.objects.filter(pk__in=models).values_list("pk", "mapping")
    return {
        pk: frozenset(str(each.get("element")) for each in mapping.get("values", ()))
        for pk, mapping in rows
    }
