from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._redrawn import move_rules
from anlan.monitoring.models import Station, StationCover
from anlan.registry.api import divisions_at, divisions_of_places, followers


@transaction.atomic
def follow_divisions(moves: Sequence[Sequence[str]], *, by: Actor, now: datetime) -> int:
    """Let stations and rules follow redrawn divisions, and return how many rows changed.

    A station goes where its place went, else where it stands, else to the heir. It speaks for
    every part of a village that it spoke for, so that no part is left without a gauge, and every
    part has the critical rain of the whole.
    """
    changed = 0
    for old, parts in followers(moves).items():
        moved, covers = _move_stations(old, parts), _spread_covers(old, parts)
        rules = move_rules(old, parts)
        if moved or covers or rules:
            journal.record(
                "stations.followed",
                by=by,
                now=now,
                subject=f"division:{parts[0]}",
                division_code=parts[0],
                detail={
                    "from": old,
                    "to": parts,
                    "stations": moved,
                    "covers": covers,
                    "rules": rules,
                },
            )
        changed += moved + covers + rules
    return changed


def _move_stations(old: str, parts: Sequence[str]) -> int:
    stations = list(Station.objects.filter(division=old).order_by("pk"))
    places = divisions_of_places(s.place_id for s in stations if s.place_id is not None)
    points = divisions_at([(s.lon, s.lat) for s in stations], among=parts)
    moved = 0
    for station, standing in zip(stations, points, strict=True):
        by_place = places.get(station.place_id) if station.place_id else None
        target = by_place if by_place in parts else standing or parts[0]
        if target != old:
            moved += Station.objects.filter(pk=station.pk, division=old).update(division=target)
    return moved


def _spread_covers(old: str, parts: Sequence[str]) -> int:
    covers = StationCover.objects.filter(division=old)
    pairs = list(covers.order_by("pk").values_list("station_id", "hazard"))
    changed = 0
    for part in parts:
        for station, hazard in pairs:
            _row, is_new = StationCover.objects.get_or_create(
                station_id=station, hazard=hazard, division_id=part
            )
            changed += is_new
    if old not in parts:
        changed += covers.delete()[0]
    return changed
