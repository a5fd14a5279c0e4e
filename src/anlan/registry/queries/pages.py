"""Reads for the pages: what stands on the map, and who sits at the screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from anlan.kernel.actors import Actor
from anlan.registry.data import HazardPointKind, PlaceKind
from anlan.registry.models import (
    Account,
    Division,
    HazardPoint,
    Household,
    Person,
    Place,
    Reservoir,
    River,
    Shelter,
)


@dataclass(frozen=True)
class MappedDivision:
    """A division as the map draws it; `terrain` is that of most of its area."""

    code: str
    name: str
    kind: str
    population: int
    households: int
    terrain: str
    lon: float
    lat: float
    boundary: Any


@dataclass(frozen=True)
class MappedPlace:
    """A place as the map draws it, with the figures of its kind."""

    id: int
    kind: PlaceKind
    name: str
    division_code: str
    lon: float
    lat: float
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class MappedRiver:
    """A river as the map draws it."""

    name: str
    length_km: float
    course: Any


def mapped_divisions() -> list[MappedDivision]:
    """Return every division in sight that has a place on the map, with its outline, by code."""
    drawn = Division.objects.filter(lon__isnull=False, ended_on__isnull=True)
    return [
        MappedDivision(
            code=row.code,
            name=row.name,
            kind=row.kind,
            population=row.population,
            households=row.households,
            terrain=_terrain(row),
            lon=row.lon,
            lat=row.lat,
            boundary=row.boundary,
        )
        for row in drawn.order_by("code")
    ]


def mapped_places(kinds: Iterable[PlaceKind]) -> list[MappedPlace]:
    """Return the places of these kinds in sight, by name, with the figures of their kind."""
    figures = _figures()
    rows = Place.objects.filter(kind__in=list(kinds)).order_by("name", "pk")
    return [
        MappedPlace(
            id=row.pk,
            kind=PlaceKind(row.kind),
            name=row.name,
            division_code=row.division_id,
            lon=row.lon,
            lat=row.lat,
            figures=figures.get(row.pk, {}),
        )
        for row in rows
    ]


def mapped_rivers() -> list[MappedRiver]:
    """Return the rivers in sight, by name."""
    return [
        MappedRiver(name=row.name, length_km=row.length_km, course=row.course)
        for row in River.objects.order_by("name", "pk")
    ]


def actor_for(account_id: int | None) -> Actor:
    """Return who acts when this account does: the person's name, or the user name without one."""
    username, person_id, name = (
        Account.objects.filter(pk=account_id or 0)
        .values_list("username", "person_id", "person__name")
        .get()
    )
    return Actor(label=name or username, account_id=account_id, person_id=person_id)


def phones_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the phone numbers of persons in sight; pages show them masked."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "phone"))


def _terrain(row: Division) -> str:
    areas = {"plain": row.plain_km2, "hill": row.hill_km2, "mountain": row.mountain_km2}
    return max(areas, key=lambda name: areas[name])


def _figures() -> dict[int, dict[str, Any]]:
    """Return what the map says of reservoirs, shelters and hazard points, by place."""
    found: dict[int, dict[str, Any]] = {}
    for place, capacity, limit in Reservoir.objects.values_list(
        "place_id", "capacity_m3", "flood_limit_level_m"
    ):
        found[place] = {"capacity_m3": capacity, "flood_limit_m": limit}
    for place, people in Shelter.objects.values_list("place_id", "capacity"):
        found[place] = {"capacity": people}
    threatened = {
        point: (households, people)
        for point, households, people in Household.objects.filter(hazard_point__isnull=False)
        .values("hazard_point_id")
        .annotate(households=Count("pk"), residents=Sum("people"))
        .values_list("hazard_point_id", "households", "residents")
    }
    for place, kind in HazardPoint.objects.values_list("place_id", "hazard_kind"):
        households, people = threatened.get(place, (0, 0))
        found[place] = {
            "hazard": HazardPointKind(kind).label,
            "households": households,
            "people": people,
        }
    return found
