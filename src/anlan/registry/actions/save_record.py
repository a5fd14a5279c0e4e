from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.tables.drafts import RowState
from anlan.kernel.tables.planning import Allowed, plan_rows
from anlan.kernel.tables.revisions import PlanOutOfDate
from anlan.kernel.tables.showing import record_at, records
from anlan.kernel.tables.table import Table
from anlan.kernel.tables.writing import write_plan
from anlan.registry.keeping import RecordChangedSince, RecordOutOfSight, RecordRefused


def save_record(
    table: Table,
    *,
    cells: Mapping[str, Any],
    allowed: Allowed,
    by: Actor,
    now: datetime,
    address: str = "",
    version: int | None = None,
) -> str:
    """Add a record, or change the one with this address, and return its address.

    `cells` hold what a form or a program gives, by column; what they do not name stays. `version`
    is the one that the editor saw. Raises RecordRefused with every fault, RecordOutOfSight, and
    RecordChangedSince when somebody was quicker.
    """
    for _attempt in range(PlanOutOfDate.retries):
        try:
            return _save(
                table,
                cells=cells,
                allowed=allowed,
                by=by,
                now=now,
                address=address,
                version=version,
            )
        except PlanOutOfDate:
            continue
    raise RecordChangedSince


@transaction.atomic
def _save(
    table: Table,
    *,
    cells: Mapping[str, Any],
    allowed: Allowed,
    by: Actor,
    now: datetime,
    address: str,
    version: int | None,
) -> str:
    known = record_at(table, address) if address else None
    if address and known is None:
        raise RecordOutOfSight(address)
    if known is not None and version is not None and known.version != version:
        raise RecordChangedSince
    pk = None if known is None else known.pk
    given = {name: cell for name, cell in cells.items() if name != "uuid"}
    plan = plan_rows(table, [(1, given)], allowed=allowed, pk=pk)
    draft = plan.drafts[0]
    if known is None and draft.pk is not None:
        draft.complain("", _("There is such a record already; change that one instead."))
    if draft.faults:
        raise RecordRefused(draft.faults)
    if draft.state is RowState.UNCHANGED and known is not None:
        return known.address
    is_new = draft.state is RowState.NEW
    write_plan(plan, by=by, now=now)
    saved = records(table, [draft.pk])[0]
    journal.record(
        "record.added" if is_new else "record.changed",
        by=by,
        now=now,
        subject=f"{table.name}:{saved.address}",
        division_code=saved.home,
        detail={"columns": sorted(draft.values if is_new else draft.changes)},
    )
    return saved.address
