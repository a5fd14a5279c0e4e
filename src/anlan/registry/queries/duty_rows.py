"""The duties as the checks see them: one query, each person made once."""

from datetime import date
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from anlan.kernel.encryption import UnreadableSecret, decrypt
from anlan.kernel.sheets.personal import phone_of
from anlan.registry.checks.rows import DutyRow, PersonRow
from anlan.registry.data import DutyKind
from anlan.registry.models import Duty, Person

PERSON = ("id", "uuid", "name", "division_id", "left_on", "deputy_id", "phone_checked_on")
REACHED_BY = ("token", "second", "person__deputy__left_on")
DUTY = (
    "uuid",
    "kind",
    "division_id",
    "rank",
    "place_id",
    "place__division_id",
    "household_id",
    "household__division_id",
    "valid_until",
)


def duty_rows(where: Q, *, day: date) -> list[DutyRow]:
    """Return the duties that have begun by a day, also those that have ended, oldest first."""
    rows = (
        Duty.objects.filter(where, valid_from__lte=day)
        .annotate(
            token=Cast("person__phone", TextField()),
            second=Cast("person__second_phone", TextField()),
        )
        .order_by("pk")
        .values_list(*(f"person__{name}" for name in PERSON), *REACHED_BY, *DUTY)
    )
    people: dict[int, PersonRow] = {}
    found = []
    for row in rows:
        if row[0] not in people:
            people[row[0]] = _person(row, day=day)
        found.append(_duty(row[len(PERSON) + len(REACHED_BY) :], person=people[row[0]]))
    return found


def people_with_deputies(where: Q) -> dict[int, PersonRow]:
    """Return everybody who has a deputy, by key."""
    rows = Person.objects.filter(where, deputy__isnull=False).order_by("pk").values_list(*PERSON)
    found = (PersonRow(*(*_texts(row), True, True)) for row in rows)
    return {row.id: row for row in found}


def _duty(row: tuple[Any, ...], *, person: PersonRow) -> DutyRow:
    uuid, kind, division, rank, place, place_at, household, household_at, until = row
    return DutyRow(
        uuid=str(uuid),
        kind=DutyKind(kind),
        division_code=division,
        rank=rank,
        person=person,
        place_id=place,
        place_division=place_at,
        household_id=household,
        household_division=household_at,
        valid_until=until,
    )


def _person(row: tuple[Any, ...], *, day: date) -> PersonRow:
    token, second, deputy_left = row[len(PERSON) : len(PERSON) + len(REACHED_BY)]
    has_deputy = row[PERSON.index("deputy_id")] is not None
    is_there = deputy_left is None or deputy_left > day
    has_phone = _works(token) or _works(second)
    return PersonRow(*(*_texts(row[: len(PERSON)]), has_phone, has_deputy and is_there))


def _texts(person: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the columns of a person with the uuid as text."""
    return (person[0], str(person[1]), *person[2:])


def _works(token: str | None) -> bool:
    """Tell whether an encrypted phone number is one that can be rung."""
    if not token:
        return False
    try:
        return phone_of(decrypt(token)) is not None
    except UnreadableSecret:
        return False
