"""Reads for the page that splits a division: what may be dealt out."""

from dataclasses import dataclass
from typing import Any

from anlan.registry.models import Household, Organization, Person, Place, Team
from anlan.registry.relocation.tree import all_in

MOST_MEMBERS = 600


@dataclass(frozen=True)
class Member:
    """Something of a division that one of its parts may take; `key` is its uuid or its code."""

    key: str
    model: str
    name: str


def members_of(code: str) -> list[Member]:
    """Return what of a division can be dealt out by name: villages, organs, people, places.

    Of more than MOST_MEMBERS the rest is left to the command and to the boundaries.
    """
    found = [Member(row.code, "Division", row.name) for row in all_in(code) if row.code != code]
    named: tuple[tuple[Any, str], ...] = (
        (Organization, "name"),
        (Place, "name"),
        (Household, "head_name"),
        (Person, "name"),
        (Team, "name"),
    )
    for model, column in named:
        rows = model.objects.filter(division=code).order_by(column, "pk")
        left = MOST_MEMBERS - len(found)
        found += [
            Member(str(uuid), model.__name__, name)
            for uuid, name in rows.values_list("uuid", column)[: max(left, 0)]
        ]
    return found
