from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.tables.planning import Allowed
from anlan.kernel.tables.revisions import revision_of, take_revision
from anlan.kernel.tables.showing import record_at
from anlan.kernel.tables.table import Table
from anlan.registry.keeping import RecordChangedSince, RecordInUse, RecordOutOfSight


@transaction.atomic
def remove_record(
    table: Table, *, address: str, version: int, allowed: Allowed, by: Actor, now: datetime
) -> None:
    """Remove a record that was entered by mistake.

    Raises RecordOutOfSight, RecordChangedSince, and RecordInUse when others refer to it: whoever
    has left or whatever has ended is marked so, not removed.
    """
    known = record_at(table, address)
    if known is None or not allowed(known.home):
        raise RecordOutOfSight(address)
    if known.version != version:
        raise RecordChangedSince
    take_revision(table, expected=revision_of(table))
    try:
        for model in (table.detail, table.model):
            if model is not None:
                model._default_manager.filter(pk=known.pk).delete()
    except ProtectedError as error:
        raise RecordInUse(len(error.protected_objects)) from error
    journal.record(
        "record.removed",
        by=by,
        now=now,
        subject=f"{table.name}:{address}",
        division_code=known.home,
    )
