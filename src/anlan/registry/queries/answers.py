"""Who answers for a place, as a page and the command line show it: names, steps, phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.encryption import masked
from anlan.registry.core.ladders import Asked
from anlan.registry.data import Answerable, DutyKind, Hazard, PlaceKind
from anlan.registry.models import Division, Person, Place
from anlan.registry.queries.answerable import asked_place, who_answers_for

MOST_FOUND = 30


@dataclass(frozen=True)
class Step:
    """One person on the way up; a name is empty while the person is out of sight."""

    number: int
    person_id: int
    name: str
    title: str
    duty: DutyKind
    phone: str

    @property
    def masked(self) -> str:
        """Return the phone with its middle hidden."""
        return masked(self.phone)


@dataclass(frozen=True)
class PlaceAsked:
    """What was asked about: its name, of what kind, and the names of the divisions around it."""

    asked: Asked
    name: str
    kind: PlaceKind | None
    around: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A division or place whose name holds what somebody typed; `key` asks about it."""

    key: str
    name: str
    kind: str
    where: str


def steps_for(place: str | int, *, hazard: Hazard, at: datetime) -> list[list[Step]]:
    """Return for each person who answers the steps from them up, each ladder numbered from 1.

    Raises PlaceOutOfSight when there is no such place in sight.
    """
    found = who_answers_for(place, hazard=hazard, at=at)
    keys = {key for person in found for key in (person.person_id, *_behind(person))}
    known = {
        key: (name, title, phone or second)
        for key, name, title, phone, second in Person.objects.filter(pk__in=keys).values_list(
            "pk", "name", "title", "phone", "second_phone"
        )
    }
    return [
        [
            Step(number, key, name, title, duty, phone)
            for number, (key, duty) in enumerate(_ladder(person), start=1)
            for name, title, phone in [known.get(key, ("", "", ""))]
        ]
        for person in found
    ]


def place_asked(place: str | int) -> PlaceAsked:
    """Return what a code, uuid or key names, with the names around it as far as they are in sight.

    Raises PlaceOutOfSight when there is no such place in sight.
    """
    asked = asked_place(place)
    codes = [asked.code_at(level) for level in reversed(asked.levels)]
    names = dict(
        Division.objects.filter(pk__in=[*codes, asked.division_code]).values_list("pk", "name")
    )
    if asked.place_id is None:
        name = names.get(asked.division_code, asked.division_code)
        codes = [code for code in codes if code != asked.division_code]
    else:
        name = str(Place.objects.values_list("name", flat=True).get(pk=asked.place_id))
    around = tuple(names[code] for code in codes if code in names)
    return PlaceAsked(asked=asked, name=name, kind=asked.place_kind, around=around)


def places_named(text: str) -> list[Suggestion]:
    """Return the divisions and places in sight whose name holds a text or whose code is it."""
    divisions = Division.objects.filter(name__icontains=text, ended_on__isnull=True)
    found = [
        Suggestion(key=row.code, name=row.name, kind=row.get_kind_display(), where=row.code)
        for row in divisions.order_by("code")[:MOST_FOUND]
    ]
    places = Place.objects.filter(name__icontains=text) | Place.objects.filter(code=text)
    rows = places.select_related("division").order_by("name", "pk")
    found += [
        Suggestion(
            key=str(row.uuid), name=row.name, kind=row.get_kind_display(), where=row.division.name
        )
        for row in rows[: MOST_FOUND - len(found)]
    ]
    return found


def _behind(person: Answerable) -> Sequence[int]:
    return [rung.person_id for rung in person.ladder]


def _ladder(person: Answerable) -> list[tuple[int, DutyKind]]:
    return [
        (person.person_id, person.duty),
        *((rung.person_id, rung.duty) for rung in person.ladder),
    ]
