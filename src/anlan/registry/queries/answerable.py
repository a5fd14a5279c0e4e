"""Who answers for what, at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.core import HeldDuty, answerable_of
from anlan.registry.data import Answerable, DutyKind, Hazard, HouseholdThreat
from anlan.registry.models import Duty


def answerable_people(villages: Iterable[str], *, hazard: Hazard, at: datetime) -> list[Answerable]:
    """Return every person who must answer for these villages in a hazard, with their ladders."""
    codes = sorted(set(villages))
    duties = _held_by_division(codes, at=at)
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


def who_answers_for(village: str, *, hazard: Hazard, at: datetime) -> list[Answerable]:
    """Return every person who must answer for one village in a hazard, with their ladders."""
    return answerable_people([village], hazard=hazard, at=at)


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
    """Return the duties that hold on the local day of `at`."""
    day: date = timezone.localtime(at).date()
    return Duty.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
    )


def _held_by_division(codes: Sequence[str], *, at: datetime) -> dict[str, list[HeldDuty]]:
    rows = in_force(at=at).filter(division_id__in=codes)
    found: dict[str, list[HeldDuty]] = defaultdict(list)
    for person, kind, division, rank, place, threat in rows.order_by("pk").values_list(
        "person_id", "kind", "division_id", "rank", "place_id", "household__threat"
    ):
        found[division].append(
            HeldDuty(
                person_id=person,
                kind=DutyKind(kind),
                division_code=division,
                rank=rank,
                place_id=place,
                threat=HouseholdThreat(threat) if threat else None,
            )
        )
    return found
