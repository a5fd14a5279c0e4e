import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.tables.drafts import Plan
from anlan.kernel.tables.progress import Told, part
from anlan.kernel.tables.revisions import PlanOutOfDate
from anlan.kernel.tables.table import Table
from anlan.kernel.tables.writing import ReadyPlan, Written, make_ready, write_ready
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.data import ImportMode, ImportState
from anlan.registry.keeping import ImportNotReady, SheetPlan
from anlan.registry.models import ImportedChunk, SheetImport

CHUNK = 2_000


def carry_out_import(
    uuid: str, *, mode: ImportMode, by: Actor, now: datetime, told: Told | None = None
) -> SheetImport:
    """Write what a spreadsheet says, as it was looked through, and return the import.

    With bad rows, `mode` ALL writes nothing. When the register has changed so that the rows would
    come to something else than what was shown, nothing is written and the import waits for
    another word. Raises ImportNotReady when it waits for none.
    """
    row = _claim(uuid, mode=mode)
    shown = row.plan_digest
    try:
        for _attempt in range(PlanOutOfDate.retries):
            found = look_through_sheet(uuid, by=by, now=now, told=part(told, 0.0, 0.5))
            if found is None:
                break
            if problem := _problem(found, shown=shown, mode=mode):
                _put_back(row, problem, digest=found.digest)
                break
            try:
                ready = make_ready(found.plan, told=part(told, 0.5, 0.8))
                _write(row, ready, by=by, now=now, told=part(told, 0.8, 1.0))
                break
            except PlanOutOfDate:
                continue
        else:
            _put_back(row, _changed_meanwhile(), digest="")
    except IntegrityError:
        # What no check foresaw, the database refuses: whole, with nothing written.
        _put_back(
            row, _("The rows contradict records that are there; nothing was written."), digest=""
        )
    row.refresh_from_db()
    return row


def _claim(uuid: str, *, mode: ImportMode) -> SheetImport:
    claimed = SheetImport.objects.filter(uuid=uuid, state=ImportState.PLANNED).update(
        state=ImportState.WRITING, mode=mode
    )
    if claimed != 1:
        raise ImportNotReady(_("This import has been carried out or refused already."))
    return SheetImport.objects.get(uuid=uuid)


def _problem(found: SheetPlan, *, shown: str, mode: ImportMode) -> str:
    if found.digest != shown:
        return _changed_meanwhile()
    if mode == ImportMode.ALL and not found.plan.is_clean:
        return _("Nothing was written: there are bad rows. Mend them, or take the good rows.")
    return ""


def _changed_meanwhile() -> str:
    return _("The register has changed since this was looked through. Look at it again first.")


def _put_back(row: SheetImport, message: str, *, digest: str) -> None:
    SheetImport.objects.filter(pk=row.pk, state=ImportState.WRITING).update(
        state=ImportState.PLANNED, message=message, plan_digest=digest or row.plan_digest
    )


@transaction.atomic
def _write(
    row: SheetImport, ready: ReadyPlan, *, by: Actor, now: datetime, told: Told | None
) -> None:
    plan = ready.plan
    # Counted first: rows that are written have keys and are new no more.
    counts = {state.value: count for state, count in plan.counts().items()}
    written = write_ready(ready, by=by, now=now, told=told)
    _note_undo(row, plan, written)
    SheetImport.objects.filter(pk=row.pk).update(state=ImportState.DONE, finished_at=now)
    journal.record(
        "sheet.imported",
        by=by,
        now=now,
        subject=f"import:{row.uuid}",
        division_code=_division_of(plan),
        detail={"table": row.table, "mode": row.mode, "digest": row.file_digest, **counts},
    )


def _division_of(plan: Plan) -> str:
    """Return the smallest division that holds every row: what the audit of it may see."""
    homes = {draft.home for draft in plan.drafts if draft.home and not draft.faults}
    for digits in (12, 9, 6, 4, 2):
        prefixes = {home[:digits] for home in homes}
        if len(prefixes) == 1:
            return prefixes.pop().ljust(12, "0")
    return ""


def _note_undo(row: SheetImport, plan: Plan, written: Written) -> None:
    """Keep what it takes to take the import back: keys, versions, and what stood there before."""
    table = plan.table
    versions = {draft.pk: draft.version + 1 for draft in plan.drafts if draft.changes}
    pieces: list[dict[str, Any]] = [{"new": list(chunk)} for chunk in _pieces(written.new)] + [
        {"changed": [[pk, versions[pk], _plain(table, values)] for pk, values in chunk]}
        for chunk in _pieces(written.changed)
    ]
    ImportedChunk.objects.bulk_create(
        [
            ImportedChunk(
                sheet_import=row,
                number=number,
                payload=json.dumps(piece, cls=DjangoJSONEncoder, ensure_ascii=False),
            )
            for number, piece in enumerate(pieces)
        ]
    )


def _pieces(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _plain(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values)
