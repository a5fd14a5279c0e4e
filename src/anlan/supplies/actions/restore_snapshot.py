from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal, snapshot
from anlan.kernel.actors import Actor
from anlan.registry.api import check_divisions


@transaction.atomic
def restore_snapshot(rows: snapshot.Rows, *, by: Actor, now: datetime) -> Mapping[str, int]:
    """Write this room's tables into an empty database and return how many rows by model.

    Raises UnknownDivision for the first row that names a division the registry does not hold.
    """
    check_divisions(
        record["division_id"]
        for records in rows.values()
        for record in records
        if "division_id" in record
    )
    counts = snapshot.restore("supplies", rows)
    journal.record("supplies.restored", by=by, now=now, detail=counts)
    return counts
