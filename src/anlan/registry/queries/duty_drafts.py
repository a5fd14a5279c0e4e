"""Whether duties may be written, many at once, and whether deputies run in a circle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anlan.registry.checks.duty_drafts import Complaint, DutyDraft, duty_faults
from anlan.registry.core.deputies import check_deputies
from anlan.registry.data import PlaceKind
from anlan.registry.models import Household, Person, Place

CHUNK = 900


@dataclass(frozen=True, kw_only=True)
class DutyKeys:
    """A duty by the keys of what it names, before it is written."""

    kind: str
    rank: int
    person_id: int
    division_code: str = ""
    place_id: int | None = None
    household_id: int | None = None
    valid_from: date
    valid_until: date | None = None


class DutyRefused(ValueError):
    """A duty that may not be written; `complaints` name the columns and say why."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(" ".join(sentence for _column, sentence in complaints))


def check_duty(keys: DutyKeys) -> None:
    """Raise DutyRefused when a duty may not be written."""
    (complaints,) = duty_complaints([keys])
    if complaints:
        raise DutyRefused(complaints)


def duty_complaints(duties: Sequence[DutyKeys]) -> list[list[Complaint]]:
    """Return for each duty what keeps it from being written: column and sentence.

    Asks three queries for every 900 people, places and households. What is out of sight counts as
    not given; the table that finds the keys has refused it already.
    """
    people = _rows(Person, [d.person_id for d in duties], "name", "division_id", "left_on")
    places = _rows(Place, [d.place_id for d in duties], "kind", "name", "division_id")
    households = _rows(Household, [d.household_id for d in duties], "division_id")
    return [
        duty_faults(_draft(keys, people=people, places=places, households=households))
        if keys.person_id in people
        else []
        for keys in duties
    ]


def check_new_deputies(deputies: Mapping[int, int | None], *, names: Mapping[int, str]) -> None:
    """Raise DeputyCycle when these new deputies close a circle with those in the register.

    `deputies` holds by person the new deputy, None to take one away; `names` those of persons
    whom the register does not know yet.
    """
    rows = Person.objects.filter(deputy__isnull=False).values_list("pk", "deputy_id")
    links = {**dict(rows), **deputies}
    known = dict(Person.objects.filter(pk__in=links.keys()).values_list("pk", "name"))
    check_deputies(
        {person: deputy for person, deputy in links.items() if deputy is not None},
        names={**known, **names},
        about=deputies.keys(),
    )


def _rows(model: Any, keys: Iterable[int | None], *columns: str) -> dict[int, tuple[Any, ...]]:
    wanted = sorted({key for key in keys if key is not None})
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = model.objects.filter(pk__in=wanted[start : start + CHUNK])
        found.update({row[0]: row[1:] for row in rows.values_list("pk", *columns)})
    return found


def _draft(
    keys: DutyKeys,
    *,
    people: Mapping[int, tuple[Any, ...]],
    places: Mapping[int, tuple[Any, ...]],
    households: Mapping[int, tuple[Any, ...]],
) -> DutyDraft:
    name, division, left_on = people[keys.person_id]
    place = places.get(keys.place_id or 0)
    household = households.get(keys.household_id or 0)
    return DutyDraft(
        kind=keys.kind,
        rank=keys.rank,
        person_name=name,
        person_division=division,
        person_left_on=left_on,
        division_code=keys.division_code,
        place_kind=PlaceKind(place[0]) if place else None,
        place_name=place[1] if place else "",
        place_division=place[2] if place else None,
        household_division=household[0] if household else None,
        valid_from=keys.valid_from,
        valid_until=keys.valid_until,
    )
