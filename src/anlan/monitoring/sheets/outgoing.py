"""Reports and levels as workbooks: what an office takes away, and may send again as it is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel.sheets.writing import SheetColumn, write_rows
from anlan.kernel.tables.outgoing import sheet_column
from anlan.kernel.tables.table import Table
from anlan.monitoring.core.staff import Seen
from anlan.monitoring.data import MacroKind, MacroResult, MacroSign, MacroState, Quality
from anlan.monitoring.models import MacroReport
from anlan.monitoring.queries.staff import StaffGauge
from anlan.monitoring.sheets.columns import MACRO, STAFF


def macro_workbook(rows: Iterable[MacroReport], *, created: datetime) -> bytes:
    """Return a workbook of reports: the columns of the template, then how each stands."""
    more = (_("State"), _("Reported by"), _("Reported at"), _("Looked into by"), _("Reason"))
    return _workbook(MACRO, more, map(_macro_cells, rows), created=created)


def _macro_cells(row: MacroReport) -> Sequence[object]:
    result = MacroResult.ANOMALY if row.is_anomaly else MacroResult.NORMAL
    return (
        row.place.name,
        row.day,
        MacroKind(row.kind).label,
        result.label,
        MacroSign(row.sign).label if row.sign else "",
        row.description,
        row.animals,
        row.water_level_m,
        row.temperature_c,
        MacroState(row.state).label if row.is_anomaly else "",
        row.reporter,
        row.reported_at,
        row.judged_by,
        row.reason,
    )


def staff_workbook(levels: Iterable[tuple[StaffGauge, Seen]], *, created: datetime) -> bytes:
    """Return a workbook of counting levels: the columns of the template, name and quality."""
    more = (_("Name of the gauge"), _("Quality"))
    return _workbook(STAFF, more, map(_staff_cells, levels), created=created)


def _staff_cells(one: tuple[StaffGauge, Seen]) -> Sequence[object]:
    gauge, seen = one
    return (
        gauge.code, seen.at, seen.level_m, _("yes"), gauge.name, Quality(seen.quality).label
    )  # fmt: skip


def _workbook(
    table: Table, more: Iterable[str], rows: Iterator[Sequence[Any]], *, created: datetime
) -> bytes:
    columns = [sheet_column(column) for column in table.columns]
    columns += [SheetColumn(heading=heading, width=16) for heading in more]
    return b"".join(
        write_rows(str(table.label), columns, rows, created=timezone.make_naive(created))
    )
