from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.scope import narrowest, within
from anlan.registry.models import Person


@transaction.atomic
def show_phones(
    person_ids: Iterable[int], *, codes: Iterable[str], by: Actor, now: datetime
) -> dict[int, str]:
    """Return the phone numbers of persons in full, each showing journalled.

    Only of persons whose division lies in `codes`, where the one who looks may see numbers; the
    others are left out.
    """
    rows = Person.objects.filter(
        within("division_id", narrowest(codes)), pk__in=set(person_ids)
    ).exclude(phone="")
    found = {row.pk: row for row in rows.order_by("pk")}
    notes = [
        journal.Note(
            act="personal.shown",
            subject=f"person:{row.uuid}",
            division_code=row.division_id,
            detail={"field": "phone", "table": "people"},
        )
        for row in found.values()
    ]
    journal.record_all(notes, by=by, now=now)
    return {key: row.phone for key, row in found.items()}
