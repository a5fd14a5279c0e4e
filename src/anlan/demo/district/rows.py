"""The district's rows on their way to the rooms, with their own primary keys."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import numpy as np

from anlan.demo.district.ground import Ground, make_ground
from anlan.demo.district.names import Names
from anlan.registry.data import DutyKind

PREFIX = "990701"
COUNTY = PREFIX + "000000"
IN_FORCE = date(2025, 1, 1)

Row = dict[str, Any]


@dataclass
class Village:
    """A village as the makers of the other rows see it."""

    number: int
    code: str
    name: str
    town_code: str
    town_name: str
    x: float
    y: float
    elevation: float
    population: int
    organization_id: int = 0
    leader_id: int = 0
    cadre_ids: list[int] = field(default_factory=list)
    node_id: int = 0


class District:
    """Everything that is being made: chance, ground, names, and the rows by room and model."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)  # noqa: S311  a made district, no secret
        self.drawn = np.random.default_rng(seed)
        self.ground: Ground = make_ground(self.drawn)
        self.names = Names(self.chance)
        self.rows: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.villages: list[Village] = []
        self.towns: dict[str, str] = {}
        self.offices: dict[str, int] = {}

    def add(self, room: str, model: str, **columns: Any) -> int:
        """Add a row with the next primary key and return the key."""
        table = self.rows[room][model]
        key = len(table) + 1
        table.append({"id": key, **columns})
        return key

    def uuid(self) -> UUID:
        """Return the next uuid of the seed."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def person(self, division: str, *, organization_id: int | None) -> int:
        """Add a person and return their key."""
        return self.add(
            "registry",
            "Person",
            division_id=division,
            organization_id=organization_id,
            name=self.names.person(),
            phone=self.names.phone(),
        )

    def duty(
        self,
        kind: DutyKind,
        *,
        person_id: int,
        division: str,
        rank: int = 1,
        place_id: int | None = None,
        household_id: int | None = None,
    ) -> None:
        """Give a person a duty over a division, a place or a household."""
        self.add(
            "registry",
            "Duty",
            person_id=person_id,
            kind=kind.value,
            division_id=division,
            place_id=place_id,
            household_id=household_id,
            rank=rank,
            valid_from=IN_FORCE,
            valid_until=None,
        )

    def place(self, kind: str, *, division: str, name: str, lon: float, lat: float) -> int:
        """Add a place and return its key."""
        number = len(self.rows["registry"]["Place"]) + 1
        return self.add(
            "registry",
            "Place",
            uuid=self.uuid(),
            division_id=division,
            kind=kind,
            code=f"{PREFIX}-{number:05d}",
            name=name,
            lon=lon,
            lat=lat,
        )
