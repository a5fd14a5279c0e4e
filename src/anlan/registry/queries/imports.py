"""Reads of the spreadsheets that were sent in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anlan.kernel.codes import contains
from anlan.kernel.tables.table import Table, table_named
from anlan.registry.data import ImportState
from anlan.registry.keeping import ImportOutOfSight
from anlan.registry.models import SheetImport

LATEST = 30


@dataclass(frozen=True)
class ImportPage:
    """What the page of one import shows."""

    row: SheetImport
    table: Table
    account: dict[str, Any]

    @property
    def is_busy(self) -> bool:
        """Tell whether the program is at work on it."""
        return self.row.state in (ImportState.READING, ImportState.WRITING)

    @property
    def share(self) -> int:
        """Return how much is done, in percent."""
        return round(100 * self.row.done_rows / self.row.total_rows) if self.row.total_rows else 0


def imports_of(
    account_id: int | None, *, over: Sequence[str], table: str = ""
) -> list[SheetImport]:
    """Return the latest imports of an account, and those within the divisions it administers."""
    rows = SheetImport.objects.order_by("-created_at", "-pk").defer("content", "faults")
    if table:
        rows = rows.filter(table=table)
    found = [row for row in rows[: 10 * LATEST] if _sees(row, account_id, over)]
    return found[:LATEST]


def _sees(row: SheetImport, account_id: int | None, over: Sequence[str]) -> bool:
    if row.account_id is not None and row.account_id == account_id:
        return True
    return bool(row.codes) and all(
        any(contains(outer, code) for outer in over) for code in row.codes
    )


def access_import(uuid: UUID, *, account_id: int | None, over: Sequence[str]) -> ImportPage:
    """Return an import that an account may see; raise ImportOutOfSight."""
    row = SheetImport.objects.filter(uuid=uuid).defer("content").first()
    if row is None or not _sees(row, account_id, over):
        raise ImportOutOfSight(str(uuid))
    account = json.loads(row.faults) if row.faults else {}
    return ImportPage(row=row, table=table_named(row.table), account=account)
