from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.data import UpperState
from anlan.warning.models import UpperWarning


@transaction.atomic
def expire_upper_warnings(*, by: Actor, now: datetime) -> list[str]:
    """End the upper-level warnings in force whose time has run out, and return their uuids."""
    due = UpperWarning.objects.filter(state=UpperState.IN_FORCE, lapses_at__lte=now)
    rows = list(
        due.select_for_update(skip_locked=True)
        .order_by("pk")
        .values_list("pk", "uuid", "division_id")
    )
    if not rows:
        return []
    UpperWarning.objects.filter(
        pk__in=[pk for pk, _uuid, _code in rows], state=UpperState.IN_FORCE
    ).update(state=UpperState.EXPIRED, ended_at=F("lapses_at"))
    journal.record_all(
        (
            journal.Note(
                act="upper_warning.expired", subject=f"upper_warning:{key}", division_code=code
            )
            for _pk, key, code in rows
        ),
        by=by,
        now=now,
    )
    return [str(key) for _pk, key, _code in rows]
