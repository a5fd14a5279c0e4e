"""Columns that duties keep: who answers for a place or a household, written beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone

from anlan.kernel import clock, scope
from anlan.kernel.actors import Actor
from anlan.kernel.encryption import index_of
from anlan.kernel.tables.columns import Keeper
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.progress import Told
from anlan.kernel.tables.statements import insert_rows
from anlan.registry.data import DutyKind
from anlan.registry.models import Duty, Person
from anlan.registry.tables.persons import NewPerson

CHUNK = 900


@dataclass(frozen=True)
class _Held:
    """A duty in force: over which place or household, and who holds it."""

    pk: int
    over: int
    person: int
    name: str


@dataclass(frozen=True)
class DutyKeeper(Keeper):
    """Keeps the first person (A) who holds a duty over a place or a household."""

    kind: DutyKind
    over: Literal["place", "household"]

    def current(self, keys: Sequence[Any]) -> Mapping[Any, tuple[Any, str]]:
        """Return who holds the duty over each now: the person's key and name."""
        found: dict[Any, tuple[Any, str]] = {}
        for start in range(0, len(keys), CHUNK):
            for held in self._held(keys[start : start + CHUNK], on=_day(clock.now())):
                found.setdefault(held.over, (held.person, held.name))
        return found

    def _held(self, keys: Sequence[Any], *, on: date) -> list[_Held]:
        """Return the duties in sight and in force over these, the oldest first.

        The database is asked by key alone. Asked by kind and place too, SQLite, which does not know
        how many rows there are of a kind, walks through all of them.
        """
        sight = scope.active()
        rows = Duty._base_manager.filter(**{f"{self.over}_id__in": list(keys)})
        paths = (f"{self.over}_id", "person_id", "person__name", "valid_from", "valid_until")
        return [
            _Held(pk=pk, over=over, person=person, name=name)
            for pk, kind, rank, home, over, person, name, since, until in sorted(
                rows.values_list("pk", "kind", "rank", "division_id", *paths), key=_first
            )
            if kind == self.kind
            and rank == 1
            and since <= on
            and (until is None or until >= on)
            and sight.sees(home)
        ]

    def _in_force(self, keys: Sequence[Any], *, on: date) -> QuerySet[Duty]:
        return Duty.objects.filter(pk__in=[held.pk for held in self._held(keys, on=on)])

    def prepare(self, said: Sequence[tuple[Draft, Any]]) -> None:
        """Encrypt the phones of new people."""
        for _draft, person in said:
            if isinstance(person, NewPerson):
                _ = person.sealed_phone

    def keep(
        self,
        said: Sequence[tuple[Draft, Any]],
        *,
        by: Actor,
        now: datetime,
        told: Told | None = None,
    ) -> None:
        """Let the named people hold the duty from today on; who held it before holds it no more."""
        day = _day(now)
        # A draft without a version is a record that has just been added: nobody held it.
        current = self.current([draft.pk for draft, _person in said if draft.version])
        moved = [
            (draft, person)
            for draft, person in said
            if current.get(draft.pk, (None, ""))[0] != person
        ]
        added = _add_people([(d, p) for d, p in moved if isinstance(p, NewPerson)])
        self._end([draft.pk for draft, _person in moved if draft.version], day=day)
        insert_rows(
            Duty,
            ("person_id", "kind", "division_id", "valid_from", f"{self.over}_id"),
            [
                (added.get(person, person), self.kind.value, draft.home, day, draft.pk)
                for draft, person in moved
                if person is not None
            ],
            told=told,
        )

    def _end(self, keys: Sequence[Any], *, day: date) -> None:
        for start in range(0, len(keys), CHUNK):
            held = self._in_force(keys[start : start + CHUNK], on=day)
            held.filter(valid_from__gte=day).delete()
            held.update(valid_until=day - timedelta(days=1))

    def forget(self, keys: Sequence[Any], *, now: datetime) -> None:
        """Undo `keep` for records that are about to go: their duties of today go first."""
        for start in range(0, len(keys), CHUNK):
            self._in_force(keys[start : start + CHUNK], on=_day(now)).delete()

    def give_back(self, keys: Mapping[Any, Any], *, now: datetime) -> None:
        """Undo `keep`: end what holds now, and let the person named, if any, hold it again."""
        day = _day(now)
        self._end(list(keys), day=day)
        for key, person in keys.items():
            if person is not None:
                ended = Duty.objects.filter(
                    kind=self.kind, rank=1, person_id=person, **{f"{self.over}_id": key}
                )
                latest = ended.order_by("-valid_from", "-pk").first()
                if latest is not None:
                    Duty.objects.filter(pk=latest.pk).update(valid_until=None)


def _add_people(said: Sequence[tuple[Draft, NewPerson]]) -> dict[Any, int]:
    """Add the people who are not in the register yet, each once, and return their keys.

    Another column of the same rows may have added somebody just now.
    """
    homes: dict[NewPerson, str] = {}
    for draft, person in said:
        homes.setdefault(person, draft.home)
    keys = _added_before(homes)
    fresh = [person for person in homes if person not in keys]
    rows = [
        (homes[person], person.name, person.sealed_phone, index_of(person.phone))
        for person in fresh
    ]
    names = ("division_id", "name", "phone", "phone_index")
    new = insert_rows(Person, names, rows, as_stored=("phone",))
    return {**keys, **dict(zip(fresh, new, strict=True))}


def _added_before(homes: Mapping[NewPerson, str]) -> dict[Any, int]:
    asked = {(person.name, index_of(person.phone)): person for person in homes}
    indexes = [index for _name, index in asked]
    found: dict[Any, int] = {}
    for start in range(0, len(indexes), CHUNK):
        rows = Person.objects.filter(
            left_on__isnull=True, phone_index__in=indexes[start : start + CHUNK]
        )
        for key, name, index, home in rows.values_list("pk", "name", "phone_index", "division_id"):
            person = asked.get((name, index))
            if person is not None and home[:6] == homes[person][:6]:
                found[person] = key
    return found


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
