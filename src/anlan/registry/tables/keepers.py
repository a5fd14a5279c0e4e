"""Columns that duties keep: who answers for a place or a household, written beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone

from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.kernel.encryption import index_of
from anlan.kernel.tables.columns import Keeper
from anlan.kernel.tables.drafts import Draft
from anlan.registry.data import DutyKind
from anlan.registry.models import Duty, Person
from anlan.registry.tables.persons import NewPerson

CHUNK = 900


@dataclass(frozen=True)
class DutyKeeper(Keeper):
    """Keeps the first person (A) who holds a duty over a place or a household."""

    kind: DutyKind
    over: Literal["place", "household"]

    def current(self, keys: Sequence[Any]) -> Mapping[Any, tuple[Any, str]]:
        """Return who holds the duty over each now: the person's key and name."""
        found: dict[Any, tuple[Any, str]] = {}
        for start in range(0, len(keys), CHUNK):
            rows = self._in_force(keys[start : start + CHUNK], on=_day(clock.now()))
            for key, person, name in rows.order_by("pk").values_list(
                f"{self.over}_id", "person_id", "person__name"
            ):
                found.setdefault(key, (person, name))
        return found

    def _in_force(self, keys: Sequence[Any], *, on: date) -> QuerySet[Duty]:
        return Duty.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            kind=self.kind,
            rank=1,
            valid_from__lte=on,
            **{f"{self.over}_id__in": list(keys)},
        )

    def keep(self, said: Sequence[tuple[Draft, Any]], *, by: Actor, now: datetime) -> None:
        """Let the named people hold the duty from today on; who held it before holds it no more."""
        day = _day(now)
        current = self.current([draft.pk for draft, _person in said])
        moved = [
            (draft, person)
            for draft, person in said
            if current.get(draft.pk, (None, ""))[0] != person
        ]
        added = _add_people([(d, p) for d, p in moved if isinstance(p, NewPerson)])
        self._end([draft.pk for draft, _person in moved], day=day)
        Duty.objects.bulk_create(
            [
                Duty(
                    person_id=added.get(person, person),
                    kind=self.kind,
                    division_id=draft.home,
                    valid_from=day,
                    **{f"{self.over}_id": draft.pk},
                )
                for draft, person in moved
                if person is not None
            ],
            batch_size=500,
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
    """Add the people who are not in the register yet, each once, and return their keys."""
    homes: dict[NewPerson, str] = {}
    for draft, person in said:
        homes.setdefault(person, draft.home)
    added: dict[Any, int] = {}
    for person, home in homes.items():
        row = Person.objects.create(
            division_id=home,
            name=person.name,
            phone=person.phone,
            phone_index=index_of(person.phone),
        )
        added[person] = row.pk
    return added


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
