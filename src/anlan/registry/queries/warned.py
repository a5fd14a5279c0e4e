"""Whom a warning is for: the villages meant, who can be reached there, the households at risk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When
from django.utils import timezone

from anlan.kernel.codes import Level, level_of, prefix_of
from anlan.kernel.scope import within
from anlan.registry.core import HAZARD_DUTIES, HAZARD_THREATS, VILLAGE_DUTIES
from anlan.registry.data import Bearing, DutyKind, Hazard, PlaceKind
from anlan.registry.models import Account, Division, Duty, Household, Person, Place
from anlan.registry.queries.answerable import in_force

VILLAGE_KINDS = ("village", "community")
MOST_FOUND = 20


@dataclass(frozen=True)
class Reachable:
    """Whether a person can be reached: by phone, by an account of their own."""

    person_id: int
    name: str
    has_phone: bool
    has_account: bool


@dataclass(frozen=True)
class Departed:
    """A duty over a village whose holder has left."""

    person_id: int
    name: str
    duty: DutyKind
    village: str


@dataclass(frozen=True)
class HouseholdToWarn:
    """A household that a hazard threatens, and whether it has a phone and a carer."""

    id: int
    division_code: str
    people: int
    has_phone: bool
    has_carer: bool
    lon: float
    lat: float


@dataclass(frozen=True)
class NamedPlace:
    """A place of any kind with the villages that it stands in or stands for."""

    id: int
    uuid: str
    name: str
    kind: PlaceKind
    where: str
    villages: tuple[str, ...]


def villages_in(codes: Iterable[str]) -> list[Bearing]:
    """Return the villages and communities in sight within these divisions, by code."""
    prefixes = {prefix_of(code) for code in codes}
    if not prefixes:
        return []
    rows = Division.objects.filter(
        within("code", prefixes), kind__in=VILLAGE_KINDS, ended_on__isnull=True
    )
    found = rows.order_by("code").values_list("code", "name")
    return [Bearing(code=code, name=name) for code, name in found]


def reachable_people(person_ids: Iterable[int]) -> dict[int, Reachable]:
    """Return how these persons can be reached, those in sight."""
    wanted = set(person_ids)
    phones = Person.objects.filter(pk__in=wanted).exclude(phone="", second_phone="")
    accounts = Account.objects.filter(person_id=OuterRef("pk"), is_active=True)
    rows = Person.objects.filter(pk__in=wanted).annotate(
        has_phone=Exists(phones.filter(pk=OuterRef("pk"))), has_account=Exists(accounts)
    )
    return {
        key: Reachable(person_id=key, name=name, has_phone=phone, has_account=account)
        for key, name, phone, account in rows.values_list("pk", "name", "has_phone", "has_account")
    }


def departed_holders(villages: Iterable[str], *, hazard: Hazard, at: datetime) -> list[Departed]:
    """Return the duties for a hazard over these villages that stand with somebody who has left."""
    day = timezone.localdate(at)
    rows = Duty.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        valid_from__lte=day,
        person__left_on__lte=day,
        rank=1,
        kind__in=VILLAGE_DUTIES + HAZARD_DUTIES[hazard],
        division_id__in=list(villages),
    ).order_by("division_id", "kind", "pk")
    return [
        Departed(person_id=key, name=name, duty=DutyKind(kind), village=village)
        for key, name, kind, village in rows.values_list(
            "person_id", "person__name", "kind", "division_id"
        ).distinct()
    ]


def households_to_warn(
    villages: Iterable[str], *, hazard: Hazard, at: datetime
) -> list[HouseholdToWarn]:
    """Return the households of these villages that a hazard threatens, by village."""
    threat = HAZARD_THREATS[hazard]
    if threat is None:
        return []
    carers = in_force(at=at).filter(kind=DutyKind.HOUSEHOLD_CARER, household_id=OuterRef("pk"))
    rows = (
        Household.objects.filter(division_id__in=list(villages), threat=threat)
        .annotate(has_carer=Exists(carers), has_none=Q(phone=""))
        .order_by("division_id", "pk")
    )
    return [
        HouseholdToWarn(
            id=key,
            division_code=village,
            people=people,
            has_phone=not none,
            has_carer=carer,
            lon=lon,
            lat=lat,
        )
        for key, village, people, none, carer, lon, lat in rows.values_list(
            "pk", "division_id", "people", "has_none", "has_carer", "lon", "lat"
        )
    ]


def places_to_warn(uuids: Iterable[str]) -> list[NamedPlace]:
    """Return these places in sight with their villages; one kept at a town stands for all of it."""
    wanted = [each for each in uuids if _is_uuid(each)]
    rows = list(Place.objects.filter(uuid__in=wanted).select_related("division").order_by("pk"))
    return _named_places(rows)


def places_like(text: str) -> list[NamedPlace]:
    """Return the first places in sight whose name holds a text or whose code it is.

    Those that are called exactly so come first.
    """
    wanted = text.strip()
    if not wanted:
        return []
    exact = Case(When(name=wanted, then=0), default=1, output_field=IntegerField())
    rows = (
        Place.objects.filter(Q(name__icontains=wanted) | Q(code=wanted))
        .select_related("division")
        .order_by(exact, "name", "pk")
    )
    return _named_places(list(rows[:MOST_FOUND]))


def _named_places(rows: Sequence[Place]) -> list[NamedPlace]:
    wide = {r.division_id for r in rows if level_of(r.division_id) != Level.VILLAGE}
    below = [each.code for each in villages_in(wide)]
    return [
        NamedPlace(
            id=row.pk,
            uuid=str(row.uuid),
            name=row.name,
            kind=PlaceKind(row.kind),
            where=row.division.name,
            villages=(row.division_id,)
            if row.division_id not in wide
            else tuple(code for code in below if code.startswith(prefix_of(row.division_id))),
        )
        for row in rows
    ]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
