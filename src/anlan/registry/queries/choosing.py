"""Divisions to choose from, and the outline of the one that was chosen."""

import json
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import QuerySet

from anlan.registry.boundaries.shapes import drawn_shape
from anlan.registry.data import Bearing
from anlan.registry.models import Division
from anlan.registry.tables.finding import division_word, find_divisions
from anlan.registry.tables.references import place_of

MOST_CHOICES = 400


@dataclass(frozen=True)
class PlaceChoice:
    """The divisions to choose from: the way down to the chosen one, and what lies in it."""

    above: tuple[Bearing, ...]
    inside: tuple[Bearing, ...]
    chosen: str


def place_choice(chosen: str) -> PlaceChoice:
    """Return the divisions to choose from in sight: few, however many counties there are."""
    present = Division.objects.filter(ended_on__isnull=True)
    above: list[Bearing] = []
    if chosen:
        codes = [chosen[:digits].ljust(12, "0") for digits in (6, 9, 12)]
        above = _bearings(present.filter(code__in=codes, code__lte=chosen))
    if above:
        inside = _bearings(present.filter(parent_id=above[-1].code))
    else:
        inside = _bearings(_tops(present))
    return PlaceChoice(above=tuple(above), inside=tuple(inside), chosen=chosen if above else "")


def outline_of(code: str) -> dict[str, Any] | None:
    """Return the boundary of a division in sight as a GeoJSON geometry, None without one."""
    kept = Division.objects.filter(code=code).values_list("boundary", flat=True).first()
    return _geometry(kept)


def _geometry(boundary: Any) -> dict[str, Any] | None:
    shape = drawn_shape(boundary)
    if shape is None or shape.is_empty:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(shapely.make_valid(shape)))
    return found


def _tops(present: QuerySet[Division]) -> QuerySet[Division]:
    """Return what to begin with: the counties when there are several, else what lies in the one."""
    for kinds in (("county",), ("town", "subdistrict"), ("village", "community")):
        rows = present.filter(kind__in=kinds)
        if rows[:2].count() > 1:
            return rows
    return present.none()


def _bearings(rows: QuerySet[Division]) -> list[Bearing]:
    found = rows.order_by("code").values_list("code", "name")[:MOST_CHOICES]
    return [Bearing(code=code, name=name) for code, name in found]


def division_meant(text: str) -> Bearing | str:
    """Return the division in sight that a text names by code, name or “town/village”.

    Where that cannot be told, a sentence that says why.
    """
    found = find_divisions([(text, "")])[text, ""]
    return found if isinstance(found, str) else Bearing(code=str(found.key), name=found.text)


def division_text(code: str) -> str:
    """Return a division in sight as people write it, “town/village”; nothing for another."""
    row = Division.objects.filter(code=code).values_list("name", "parent__name", "kind").first()
    return division_word(row) if row else ""


def place_meant(text: str, *, home: str) -> int | str:
    """Return the key of the place in sight that a text names, the nearest to a division.

    Where that cannot be told, a sentence that says why.
    """
    found = place_of().find([(text, home)])[text, home]
    return found if isinstance(found, str) else int(found.key)


@dataclass(frozen=True)
class Outlined:
    """A division with its boundary as a GeoJSON geometry."""

    code: str
    name: str
    outline: dict[str, Any]


def outlines_in(code: str) -> list[Outlined]:
    """Return the divisions in sight directly within one, by code, those that have a boundary."""
    rows = Division.objects.filter(parent_id=code, ended_on__isnull=True).order_by("code")
    found = [
        Outlined(code=at, name=name, outline=drawn)
        for at, name, boundary in rows.values_list("code", "name", "boundary")
        if (drawn := _geometry(boundary)) is not None
    ]
    return found[:MOST_CHOICES]
