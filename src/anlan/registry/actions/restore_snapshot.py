from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal, snapshot
from anlan.kernel.actors import Actor
from anlan.kernel.codes import UnknownDivision, check_code


@transaction.atomic
def restore_snapshot(rows: snapshot.Rows, *, by: Actor, now: datetime) -> Mapping[str, int]:
    """Write a whole register into an empty database and return how many rows by model.

    Raises UnknownDivision for the first row that names a division which is not in the snapshot,
    InvalidDivisionCode for a malformed code, NotEmpty when there is a register already.
    """
    known = {row["code"] for row in rows.get("Division", ())}
    for code in known:
        check_code(code)
    for records in rows.values():
        for record in records:
            for column in ("division_id", "parent_id"):
                code = record.get(column)
                if code is not None and code not in known:
                    raise UnknownDivision(code)
    counts = snapshot.restore("registry", rows)
    journal.record("register.restored", by=by, now=now, detail=counts)
    return counts
