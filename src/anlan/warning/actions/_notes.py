"""Messages that ask for no answer: who has to know, and what."""

from collections.abc import Iterable
from datetime import datetime

from anlan.registry.data import DutyKind
from anlan.warning.actions._outbox import put_out
from anlan.warning.data import DeliveryState, Purpose
from anlan.warning.models import Delivery
from anlan.warning.queries.texts import Words
from anlan.warning.queries.ways import ways_to

Told = tuple[int, str, str]
"""A person, the duty by which they are told, the division that it is about."""


def tell(people: Iterable[Told], *, words: Words, reference: str, now: datetime) -> int:
    """Let a note leave to each of these persons, once each, and return how many."""
    once: dict[int, Told] = {}
    for person in people:
        once.setdefault(person[0], person)
    ways = ways_to(once, divisions={division for _person, _duty, division in once.values()})
    return put_out(
        Delivery(
            division_id=division,
            purpose=Purpose.NOTE,
            person_id=person,
            duty=duty,
            reference_code=reference,
            title=words.title,
            text=words.text,
            channel=ways.of(person, division=division)[0],
            state=DeliveryState.QUEUED,
            queued_at=now,
            not_before=now,
        )
        for person, duty, division in once.values()
    )


def about(people: Iterable[int], *, duty: DutyKind, place: str) -> list[Told]:
    """Return persons of a duty as those to be told of something in a place."""
    return [(person, duty.value, place) for person in people]
