from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import Person
from anlan.registry.tables.people import PEOPLE


@transaction.atomic
def note_phone_reached(
    person_ids: Iterable[int], *, cause: str = "", by: Actor, now: datetime
) -> int:
    """Note that these persons in sight were reached by phone today; return for how many it is new.

    A day that stands already is left, and so is whoever has no phone. `cause` is what reached them.
    """
    today = timezone.localdate(now)
    wanted = Person.objects.filter(
        Q(phone_checked_on__isnull=True) | Q(phone_checked_on__lt=today), ~Q(phone="")
    )
    keys = set(person_ids)
    noted = [
        row
        for row in wanted.filter(pk__in=keys).only("uuid", "division_id").order_by("pk")
        if wanted.filter(pk=row.pk).update(phone_checked_on=today, version=F("version") + 1)
    ]
    journal.record_all(
        (
            journal.Note(
                act="record.changed",
                subject=f"{PEOPLE.name}:{row.uuid}",
                division_code=row.division_id,
                cause=cause,
                detail={"columns": ["phone_checked_on"]},
            )
            for row in noted
        ),
        by=by,
        now=now,
    )
    return len(noted)
