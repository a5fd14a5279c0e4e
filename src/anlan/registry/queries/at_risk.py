"""Reads of households at risk and of the shelters that take them in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from anlan.kernel.scope import within
from anlan.registry.core import HAZARD_THREATS
from anlan.registry.data import DutyKind, Hazard, HouseholdAtRisk, ShelterRoom
from anlan.registry.models import Household, Shelter
from anlan.registry.queries.answerable import in_force


def households_at_risk(villages: Iterable[str], *, hazard: Hazard) -> list[HouseholdAtRisk]:
    """Return the households of these villages that a hazard threatens."""
    threat = HAZARD_THREATS[hazard]
    if threat is None:
        return []
    rows = Household.objects.filter(division_id__in=list(villages), threat=threat)
    return [
        HouseholdAtRisk(id=key, division_code=division, people=people)
        for key, division, people in rows.order_by("pk").values_list("pk", "division_id", "people")
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


def shelters_in(town_codes: Iterable[str], *, and_also: Iterable[int] = ()) -> list[ShelterRoom]:
    """Return the shelters of these towns, and some named ones, by code of the village."""
    in_towns = within("place__division_id", (code[:9] for code in town_codes))
    rows = Shelter.objects.filter(in_towns | Q(pk__in=list(and_also))).select_related("place")
    return [
        ShelterRoom(
            id=row.pk,
            division_code=row.place.division_id,
            name=row.place.name,
            capacity=row.capacity,
            lon=row.place.lon,
            lat=row.place.lat,
        )
        for row in rows.order_by("place__division_id", "pk")
    ]
