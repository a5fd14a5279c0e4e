import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.actors import Actor
from anlan.kernel.encryption import decrypt_bytes
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.drafts import Draft, RowState
from anlan.kernel.tables.outgoing import faults_of
from anlan.kernel.tables.progress import Told
from anlan.kernel.tables.table import Table, table_named, tables
from anlan.registry.data import ImportState
from anlan.registry.keeping import SheetPlan, as_importer, plan_sheet
from anlan.registry.models import SheetImport

SHOWN = 50
MOST_FAULTS = 20_000


def look_through_sheet(
    uuid: str,
    *,
    by: Actor,
    now: datetime,
    told: Told | None = None,
    found: SheetPlan | None = None,
) -> SheetPlan | None:
    """Find out what a spreadsheet would do, note it on the import, and return the plan.

    A file of which nothing can be used leaves the import refused with the reason, and None comes
    back. Nothing is written into the table. `found` is the plan, when it has just been made.
    """
    row = SheetImport.objects.get(uuid=uuid)
    try:
        found = found or _plan(row, now=now, told=told)
    except UnusableFile as error:
        SheetImport.objects.filter(pk=row.pk).update(
            state=ImportState.REFUSED, message=str(error), finished_at=now
        )
        return None
    counts = found.plan.counts()
    SheetImport.objects.filter(
        pk=row.pk, state__in=(ImportState.READING, ImportState.PLANNED)
    ).update(
        state=ImportState.PLANNED,
        total_rows=found.intake.total,
        done_rows=found.intake.total,
        new_rows=counts[RowState.NEW],
        changed_rows=counts[RowState.CHANGED],
        unchanged_rows=counts[RowState.UNCHANGED],
        bad_rows=counts[RowState.BAD],
        skipped_rows=found.intake.skipped,
        plan_digest=found.digest,
        faults=json.dumps(_account(found), ensure_ascii=False, default=str),
        message=_left_out(found),
    )
    return found


def _plan(row: SheetImport, *, now: datetime, told: Told | None) -> SheetPlan:
    with as_importer(row, now=now) as allowed:
        return plan_sheet(
            row.file_name,
            decrypt_bytes(bytes(row.content or b"")),
            table=table_named(row.table),
            tables=tables(),
            allowed=allowed,
            told=told,
        )


def _account(found: SheetPlan) -> dict[str, Any]:
    """Return what the page shows of a plan: bad rows with their cells, examples of the others."""
    faults = faults_of(found.plan.drafts)
    places = list(found.intake.places())
    bad = []
    for number in list(faults)[:MOST_FAULTS]:
        sheet, index = places[number]
        bad.append(
            {
                "number": number,
                "row": sheet.grid.top + index + 1,
                "sheet": sheet.grid.name,
                "faults": [
                    [column, found.intake.cell(sheet, index, column), sentence]
                    for column, sentence in faults[number]
                ],
            }
        )
    table = found.intake.table
    return {
        "bad": bad,
        "new": [_shown(table, d) for d in _some(found, RowState.NEW)],
        "changed": [_shown(table, d) for d in _some(found, RowState.CHANGED)],
        "unknown": list(found.intake.unknown),
        "left_out": list(found.intake.left_out),
    }


def _some(found: SheetPlan, state: RowState) -> Iterator[Draft]:
    for number, draft in enumerate(found.plan.in_state(state)):
        if number == SHOWN:
            return
        yield draft


def _shown(table: Table, draft: Draft) -> dict[str, Any]:
    """Return one row as the page shows it: its title, and the columns that change."""
    whole = draft.whole()
    title = draft.texts.get(table.title) or draft.cells.get(table.title) or whole.get(table.title)
    columns = []
    for name in draft.changes:
        column = table.by_name[name]
        after = draft.texts.get(name) or column.kind.show(draft.values[name])
        before = column.kind.show(draft.before.get(name))
        if column.is_personal or column.is_reference:
            before = ""
        if column.is_personal:
            after = "****"
        columns.append([name, str(before or ""), str(after or "")])
    return {"row": draft.number, "title": str(title or ""), "columns": columns}


def _left_out(found: SheetPlan) -> str:
    if not found.intake.left_out:
        return ""
    return _("Sheets without these headings were left out: %(names)s.") % {
        "names": "、".join(found.intake.left_out)
    }
