"""Everybody on duty in a division, each once."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q

from anlan.kernel.codes import prefix_of
from anlan.kernel.scope import within
from anlan.registry.data import DutyKind
from anlan.registry.queries.answerable import in_force

WITHOUT_PHONE = Q(person__phone="", person__second_phone="")


@dataclass(frozen=True)
class OnDuty:
    """A person with the duty of theirs that lies highest in the division asked about."""

    person_id: int
    division_code: str
    duty: DutyKind
    has_phone: bool


def people_on_duty(division_code: str, *, at: datetime) -> list[OnDuty]:
    """Return whoever holds a duty in a division or below it and has not left, each once, by place.

    Only duties in sight count.
    """
    rows = (
        in_force(at=at)
        .filter(within("division_id", [prefix_of(division_code)]))
        .annotate(has_phone=ExpressionWrapper(~WITHOUT_PHONE, output_field=BooleanField()))
        .order_by("division_id", "rank", "pk")
        .values_list("person_id", "division_id", "kind", "has_phone")
    )
    found: dict[int, OnDuty] = {}
    for person, code, kind, has_phone in rows:
        found.setdefault(person, OnDuty(person, code, DutyKind(kind), has_phone))
    return list(found.values())
