"""The endpoint that takes a spreadsheet of one table: what it would do, and doing it."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Query, Router, UploadedFile
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from anlan.kernel.sheets.unusable import MAX_BYTES, UnusableFile
from anlan.kernel.tables.table import Table
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.data import ImportMode, ImportState, Permission
from anlan.registry.http.keys import Bearer, Caller, caller_of
from anlan.registry.http.records import Desk, written
from anlan.registry.models import SheetImport

MOST_CELLS = 1_000


class HowFar(BaseModel):
    """Whether the rows are written."""

    mode: ImportMode | SkipJsonSchema[None] = Field(
        default=None, description="Without it nothing is written, only said what would be."
    )


class BadCellFound(BaseModel):
    """A cell that cannot be taken, or a whole row when `cell` is empty."""

    sheet: str
    row: int
    cell: str
    column: str
    sentence: str


class SheetTaken(BaseModel):
    """What a spreadsheet would do, or has done."""

    uuid: str = Field(description="By which the import is known; it can be taken back on its page.")
    is_written: bool = Field(description="Whether rows were written.")
    new: int
    changed: int
    unchanged: int
    bad: int
    skipped: int = Field(description="Sums and notes that were passed over.")
    message: str = Field(description="Why nothing was written, or what was left out.")
    bad_cells: list[BadCellFound] = Field(description=f"At most {MOST_CELLS}.")


def add_sheet_route(router: Router, desk: Desk) -> None:
    """Add the endpoint of a table that takes a spreadsheet."""
    table = desk.table

    def take_in(
        request: HttpRequest,
        file: File[UploadedFile],
        how: Query[HowFar],
    ) -> Any:
        caller = caller_of(request)
        with caller.sight():
            return _taken(table, file, mode=how.mode, caller=caller)

    router.post(
        f"/{table.name}/sheet",
        response=written(200, SheetTaken),
        auth=Bearer(table.reading, table.writing, Permission.IMPORT_SHEETS),
        operation_id=desk.name("take_in"),
        summary=f"Take in a spreadsheet: {desk.label}",
        description=(
            "Say what the file would do. With `mode=all` it is written unless a row is bad, with "
            "`mode=good_rows` the good rows are."
        ),
        tags=[table.name],
        url_name=f"{table.name}/sheet",
    )(take_in)


def _taken(
    table: Table, file: UploadedFile, *, mode: ImportMode | None, caller: Caller
) -> dict[str, Any]:
    if (file.size or 0) > MAX_BYTES:
        raise UnusableFile(_("The file is too large; split it into several files."))
    uuid = receive_sheet(
        file.read(),
        file_name=file.name or "sheet.xlsx",
        table=table,
        codes=caller.codes,
        by=caller.actor,
        now=caller.now,
    )
    look_through_sheet(uuid, by=caller.actor, now=caller.now)
    if mode is not None:
        carry_out_import(uuid, mode=mode, by=caller.actor, now=caller.now)
    return _account(uuid)


def _account(uuid: str) -> dict[str, Any]:
    row = SheetImport.objects.get(uuid=uuid)
    if row.state == ImportState.REFUSED:
        raise UnusableFile(row.message)
    return {
        "uuid": uuid,
        "is_written": row.state == ImportState.DONE,
        "new": row.new_rows,
        "changed": row.changed_rows,
        "unchanged": row.unchanged_rows,
        "bad": row.bad_rows,
        "skipped": row.skipped_rows,
        "message": row.message,
        "bad_cells": list(_bad_cells(json.loads(row.faults or "{}")))[:MOST_CELLS],
    }


def _bad_cells(account: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for bad in account.get("bad", ()):
        for column, cell, sentence in bad["faults"]:
            yield {
                "sheet": bad["sheet"],
                "row": bad["row"],
                "cell": cell,
                "column": column,
                "sentence": sentence,
            }
