import json
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.tables.columns import Day
from anlan.kernel.tables.table import Table, Values, table_named
from anlan.kernel.tables.undoing import take_back
from anlan.registry.data import ImportState
from anlan.registry.keeping import ImportNotReady
from anlan.registry.models import ImportedChunk, SheetImport


@transaction.atomic
def undo_import(uuid: str, *, by: Actor, now: datetime) -> SheetImport:
    """Take back the last import of a table: new rows go, changed rows are as they were.

    Raises ImportNotReady when another import of the table came after it or it is not carried out,
    and CannotUndo when one of its rows was changed or used since; then nothing is taken back.
    """
    row = SheetImport.objects.get(uuid=uuid)
    later = SheetImport.objects.filter(
        table=row.table, state=ImportState.DONE, finished_at__gt=row.finished_at or now
    )
    if later.exists():
        raise ImportNotReady(
            _("Another import of this table came later; take that one back first.")
        )
    claimed = SheetImport.objects.filter(pk=row.pk, state=ImportState.DONE).update(
        state=ImportState.UNDONE
    )
    if claimed != 1:
        raise ImportNotReady(_("Only an import that was carried out can be taken back."))
    table = table_named(row.table)
    new: list[Any] = []
    changed: list[tuple[Any, Values]] = []
    versions: dict[Any, int] = {}
    for payload in ImportedChunk.objects.filter(sheet_import=row).values_list("payload", flat=True):
        piece = json.loads(payload)
        new += piece.get("new", [])
        versions |= dict.fromkeys(piece.get("new", []), 1)
        for pk, version, values in piece.get("changed", []):
            changed.append((pk, _revived(table, values)))
            versions[pk] = version
    take_back(table, new=new, changed=changed, versions=versions, now=now)
    journal.record(
        "sheet.taken_back",
        by=by,
        now=now,
        subject=f"import:{row.uuid}",
        division_code=row.codes[0] if len(row.codes) == 1 else "",
        detail={"table": row.table, "new": len(new), "changed": len(changed)},
    )
    row.refresh_from_db()
    return row


def _revived(table: Table, values: Values) -> Values:
    """Return values read from JSON as the columns hold them."""
    return {
        name: date.fromisoformat(value)
        if value and isinstance(table.by_name[name].kind, Day)
        else value
        for name, value in values.items()
    }
