"""Who answers for what, at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from anlan.kernel.codes import CODE_DIGITS, Level, ancestor_of, prefix_of
from anlan.kernel.scope import within
from anlan.registry.core import HAZARD_DUTIES, VILLAGE_DUTIES, HeldDuty, answerable_of
from anlan.registry.core.ladders import Asked, Held, who_answers
from anlan.registry.data import (
    Answerable,
    DutyKind,
    Hazard,
    HouseholdThreat,
    PlaceKind,
    PlaceOutOfSight,
)
from anlan.registry.models import Division, Duty, Person, Place

HELD = (
    "person_id",
    "kind",
    "division_id",
    "rank",
    "place_id",
    "household__threat",
    "household_id",
    "person__deputy_id",
)


def answerable_people(villages: Iterable[str], *, hazard: Hazard, at: datetime) -> list[Answerable]:
    """Return every person who must answer for these villages in a hazard, with their ladders."""
    codes = sorted(set(villages))
    duties = _held_by_division(codes, kinds=VILLAGE_DUTIES + HAZARD_DUTIES[hazard], at=at)
    towns = {code: ancestor_of(code, level=Level.TOWN) for code in codes}
    counties = {code: ancestor_of(code, level=Level.COUNTY) for code in codes}
    leaders = holders(DutyKind.TOWN_LEADER, divisions=set(towns.values()), at=at)
    officers = holders(DutyKind.COUNTY_DUTY, divisions=set(counties.values()), at=at)
    return [
        person
        for code in codes
        for person in answerable_of(
            code,
            hazard=hazard,
            duties=duties[code],
            town_leaders=leaders.get(towns[code], ()),
            county_officers=officers.get(counties[code], ()),
        )
    ]


def who_answers_for(place: str | int, *, hazard: Hazard, at: datetime) -> list[Answerable]:
    """Return every person who answers for a division or a place, with the whole ladder behind each.

    `place` is the 12-digit code of a division or the primary key of a place of any kind. Only
    persons whose duties lie in sight come. Raises PlaceOutOfSight when there is no such place.
    """
    asked = asked_place(place)
    around = {asked.code_at(level) for level in asked.levels}
    over = Q(division_id__in=around)
    if asked.place_id is not None:
        over |= Q(place_id=asked.place_id)
    rows = in_force(at=at).filter(over).values_list(*HELD)
    links, gone = stand_ins(around, day=timezone.localdate(at))
    held = Held(duties=[_held(row) for row in rows], deputies=links, gone=gone)
    return who_answers(asked, hazard=hazard, held=held)


def asked_place(place: str | int) -> Asked:
    """Return what a division's code, a place's key or a place's uuid names, as the core asks it.

    Raises PlaceOutOfSight when nothing in sight is named so.
    """
    text = str(place).strip()
    if isinstance(place, str) and len(text) == CODE_DIGITS:
        if Division.objects.filter(pk=text).exists():
            return Asked(division_code=text)
        raise PlaceOutOfSight(text)
    rows = Place.objects.filter(_named(text)).values_list("pk", "kind", "division_id")
    for key, kind, division in rows:
        return Asked(division_code=division, place_id=key, place_kind=PlaceKind(kind))
    raise PlaceOutOfSight(text)


def stand_ins(divisions: Iterable[str], *, day: date) -> tuple[Mapping[int, int], set[int]]:
    """Return who takes whose calls in the counties of these divisions, and who has left."""
    counties = {ancestor_of(code, level=Level.COUNTY) for code in divisions}
    near = within("division_id", (prefix_of(code) for code in counties))
    rows = Person.objects.filter(near, Q(deputy__isnull=False) | Q(left_on__lte=day))
    links: dict[int, int] = {}
    gone: set[int] = set()
    for person, deputy, left_on in rows.values_list("pk", "deputy_id", "left_on"):
        if deputy is not None:
            links[person] = deputy
        if left_on is not None and left_on <= day:
            gone.add(person)
    return links, gone


def holders(
    kind: DutyKind, *, divisions: Iterable[str], at: datetime
) -> dict[str, tuple[int, ...]]:
    """Return the persons who hold a duty over each division, by rank."""
    rows = in_force(at=at).filter(kind=kind, division_id__in=list(divisions))
    found: dict[str, list[int]] = defaultdict(list)
    for division, person in rows.order_by("division_id", "rank", "pk").values_list(
        "division_id", "person_id"
    ):
        if person not in found[division]:
            found[division].append(person)
    return {division: tuple(people) for division, people in found.items()}


def in_force(*, at: datetime) -> QuerySet[Duty]:
    """Return the duties that hold on the local day of `at`, of persons who have not left."""
    day: date = timezone.localtime(at).date()
    return Duty.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        Q(person__left_on__isnull=True) | Q(person__left_on__gt=day),
        valid_from__lte=day,
    )


def _named(text: str) -> Q:
    if text.isascii() and text.isdigit():
        return Q(pk=int(text)) if len(text) < 19 else Q(pk__in=[])
    try:
        return Q(uuid=UUID(text))
    except ValueError:
        return Q(pk__in=[])


def _held(row: Sequence[Any]) -> HeldDuty:
    person, kind, division, rank, place, threat, household, deputy = row
    return HeldDuty(
        person_id=person,
        kind=DutyKind(kind),
        division_code=division,
        rank=rank,
        place_id=place,
        threat=HouseholdThreat(threat) if threat else None,
        household_id=household,
        own_deputy=deputy,
    )


def _held_by_division(
    codes: Sequence[str], *, kinds: Sequence[DutyKind], at: datetime
) -> dict[str, list[HeldDuty]]:
    """Return the duties of these kinds; a deputy who has left takes nobody's calls."""
    day = timezone.localdate(at)
    found: dict[str, list[HeldDuty]] = defaultdict(list)
    rows = in_force(at=at).filter(division_id__in=codes, kind__in=kinds).order_by("pk")
    for *row, left_on in rows.values_list(*HELD, "person__deputy__left_on"):
        if left_on is not None and left_on <= day:
            row[-1] = None
        found[row[2]].append(_held(row))
    return found
