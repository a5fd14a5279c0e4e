"""Rows dealt out among the parts of a division: by name, by place, by what they belong to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.db import models
from django.utils.translation import gettext as _

from anlan.registry.boundaries.shapes import drawn_shape
from anlan.registry.data import RedrawingRefused
from anlan.registry.models import Duty, Household, Organization, Person, Place, Post, Team
from anlan.registry.redrawing import Part
from anlan.registry.relocation.columns import Column, division_columns
from anlan.registry.relocation.moving import moved

CHUNK = 400
Model = type[models.Model]

# A row goes where the first of these goes that it names; what was dealt by name stays there.
BELONGS_TO: Sequence[tuple[Model, tuple[tuple[str, Model], ...]]] = (
    (Post, (("organization", Organization),)),
    (Person, (("organization", Organization),)),
    (Team, (("organization", Organization), ("leader", Person))),
    (Duty, (("place", Place), ("household", Household), ("person", Person))),
)


@dataclass
class Deal:
    """Which row goes to which part, by model and primary key; what is missing goes to the heir."""

    parts: dict[Model, dict[Any, str]] = field(default_factory=lambda: defaultdict(dict))
    named: set[str] = field(default_factory=set)


def deal_out(code: str, *, parts: Sequence[Part]) -> Deal:
    """Return where the rows of a division go.

    Raises RedrawingRefused for a uuid that no row of the division carries.
    """
    deal = Deal()
    wanted = {member: part.code for part in parts for member in part.members}
    areas = [(part.code, drawn_shape(part.boundary)) for part in parts if part.boundary]
    for column in division_columns():
        _by_name(column, code, wanted=wanted, deal=deal)
    for column in division_columns():
        if column.carries("lon") and column.carries("lat"):
            _by_place(column, code, areas=areas, deal=deal)
    for model, chain in BELONGS_TO:
        _by_belonging(model, code, chain=chain, deal=deal)
    return deal


def check_members(parts: Iterable[Part], *, found: set[str]) -> None:
    """Raise RedrawingRefused for the first member of a part that the division does not have."""
    for part in parts:
        for member in sorted(part.members - found):
            raise RedrawingRefused(
                _("%(member)s, given to %(name)s, is nothing of this division.")
                % {"member": member, "name": part.name}
            )


def _by_name(column: Column, code: str, *, wanted: Mapping[str, str], deal: Deal) -> None:
    if not column.carries("uuid") or not wanted:
        return
    for key, uuid in column.rows.filter(**{column.name: code}).values_list("pk", "uuid"):
        if part := wanted.get(str(uuid)):
            deal.parts[column.model][key] = part
            deal.named.add(str(uuid))


def _by_place(column: Column, code: str, *, areas: Sequence[tuple[str, Any]], deal: Deal) -> None:
    if not areas:
        return
    rows = column.rows.filter(**{column.name: code}).values_list("pk", "lon", "lat")
    for key, lon, lat in rows:
        part = part_at(lon, lat, areas=areas)
        if part and key not in deal.parts[column.model]:
            deal.parts[column.model][key] = part


def part_at(lon: float | None, lat: float | None, *, areas: Sequence[tuple[str, Any]]) -> str:
    """Return the first area that holds a point, its border included; '' when none does."""
    if lon is None or lat is None:
        return ""
    return next((code for code, shape in areas if shapely.intersects_xy(shape, lon, lat)), "")


def _by_belonging(
    model: Model, code: str, *, chain: Sequence[tuple[str, Model]], deal: Deal
) -> None:
    keys = [f"{name}_id" for name, _target in chain]
    rows = model._default_manager.filter(division=code).values_list("pk", *keys)
    for key, *named in rows:
        if key in deal.parts[model]:
            continue
        first = next(((t, k) for (_n, t), k in zip(chain, named, strict=True) if k), None)
        if first is not None and (part := deal.parts[first[0]].get(first[1])):
            deal.parts[model][key] = part


def carry_out(deal: Deal, *, but: str) -> Counter[str]:
    """Move the rows that were dealt to another part than `but`, and return how many by model."""
    counted: Counter[str] = Counter()
    for column in division_columns():
        for part, keys in _by_part(deal.parts.get(column.model, {})):
            if part == but:
                continue
            for start in range(0, len(keys), CHUNK):
                rows = column.rows.filter(pk__in=keys[start : start + CHUNK])
                counted[column.label] += moved(column, rows, to=part)
    return +counted


def _by_part(dealt: Mapping[Any, str]) -> Iterator[tuple[str, list[Any]]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for key, part in dealt.items():
        grouped[part].append(key)
    yield from sorted(grouped.items())
