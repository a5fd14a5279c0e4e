"""Reads of households at risk and of the shelters that take them in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from anlan.registry.core import HAZARD_THREATS
from anlan.registry.data import DutyKind, Hazard, HouseholdAtRisk, ShelterRoom
from anlan.registry.models import Household, Shelter
from anlan.registry.queries.answerable import in_force


def households_at_risk(
    villages: Iterable[str], *, hazard: Hazard, at: datetime
) -> list[HouseholdAtRisk]:
    """Return the households of these villages that a hazard threatens, with their carers."""
    threat = HAZARD_THREATS[hazard]
    if threat is None:
        return []
    rows = list(
        Household.objects.filter(division_id__in=list(villages), threat=threat).order_by("pk")
    )
    carers = carers_of((row.pk for row in rows), at=at)
    return [
        HouseholdAtRisk(
            id=row.pk,
            uuid=str(row.uuid),
            division_code=row.division_id,
            people=row.people,
            needing_help=row.needing_help,
            shelter_id=row.shelter_id,
            carer_ids=carers.get(row.pk, ()),
            route_km=row.route_km,
        )
        for row in rows
    ]


def carers_of(household_ids: Iterable[int], *, at: datetime) -> dict[int, tuple[int, ...]]:
    """Return who cares for each household, the first of them first."""
    found: dict[int, list[int]] = defaultdict(list)
    duties = in_force(at=at).filter(
        kind=DutyKind.HOUSEHOLD_CARER, household_id__in=list(household_ids)
    )
    for household, person in duties.order_by("rank", "pk").values_list("household_id", "person_id"):
        found[household].append(person)
    return {household: tuple(people) for household, people in found.items()}


def shelters_in(town_codes: Iterable[str]) -> list[ShelterRoom]:
    """Return the shelters of these towns with what they hold, by code of the village."""
    prefixes = tuple(code[:9] for code in town_codes)
    rows = Shelter.objects.select_related("place").order_by("place__division_id", "pk")
    return [
        ShelterRoom(
            id=row.pk,
            division_code=row.place.division_id,
            name=row.place.name,
            capacity=row.capacity,
            lon=row.place.lon,
            lat=row.place.lat,
        )
        for row in rows
        if row.place.division_id.startswith(prefixes)
    ]
