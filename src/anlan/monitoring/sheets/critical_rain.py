"""The spreadsheet of villages' critical rain: its columns, its rows in and out.

It is laid out as a table of the register is, but not declared among them: a row takes over from an
older one and is not edited.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.sheets.writing import write_rows
from anlan.kernel.tables.columns import Column, Day, Number, Text, Whole
from anlan.kernel.tables.intake import take_in
from anlan.kernel.tables.outgoing import sheet_column, table_template
from anlan.kernel.tables.table import Key, Table
from anlan.monitoring.core.critical_rain import MOST_MM, SOIL_MM, VillageRain
from anlan.monitoring.core.rules import LONGEST_MIN, LONGEST_SOURCE, SLOT_MIN
from anlan.monitoring.models import CriticalRain
from anlan.monitoring.sheets.columns import Named
from anlan.registry.api import division_meant

MOST_ROWS: Final = 5_000
MILLIMETRES: Final = ("mm", "毫米")
_STAGES: Final = (
    ("prepare_dry_mm", gettext_lazy("Prepare, dry soil, mm"), "准备转移", "干"),
    ("prepare_normal_mm", gettext_lazy("Prepare, normal soil, mm"), "准备转移", "一般"),
    ("prepare_wet_mm", gettext_lazy("Prepare, wet soil, mm"), "准备转移", "湿"),
    ("move_dry_mm", gettext_lazy("Move, dry soil, mm"), "立即转移", "干"),
    ("move_normal_mm", gettext_lazy("Move, normal soil, mm"), "立即转移", "一般"),
    ("move_wet_mm", gettext_lazy("Move, wet soil, mm"), "立即转移", "湿"),
)

RAIN: Final = Table(
    name="critical-rain",
    label=gettext_lazy("Critical rain of villages"),
    one=gettext_lazy("critical rain"),
    group="monitoring",
    model=CriticalRain,
    keys=(Key(("village", "window_min", "effective_from")),),
    title="village",
    home="village",
    columns=(
        Column(
            name="village",
            label=gettext_lazy("Village"),
            kind=Named(),
            is_required=True,
            also=("村", "行政村", "村名", "区划代码", "行政区划代码", "自然村", "village"),
            help=gettext_lazy("Its code, or its name as “town/village”."),
        ),
        Column(
            name="window_min",
            label=gettext_lazy("Window, minutes"),
            kind=Whole(SLOT_MIN, LONGEST_MIN, units=("min", "分钟", "分")),
            is_required=True,
            also=("时段", "时段长", "预警时段", "历时", "时段（分钟）"),
            example="60",
        ),
        *(
            Column(
                name=name,
                label=label,
                kind=Number(0.0, MOST_MM, units=MILLIMETRES),
                is_required=True,
                also=(
                    f"{stage}{soil}",
                    f"{stage}-{soil}",
                    f"{soil}{stage}",
                    f"{soil}土{stage}雨量",
                ),
            )
            for name, label, stage, soil in _STAGES
        ),
        Column(
            name="soil_mm",
            label=gettext_lazy("What the soil holds, mm"),
            kind=Number(0.0, MOST_MM, units=MILLIMETRES),
            also=("最大蓄水量", "土壤最大蓄水量", "流域最大蓄水量", "Wm"),
            help=gettext_lazy("Empty: 100 mm."),
        ),
        Column(
            name="source",
            label=gettext_lazy("Source"),
            kind=Text(LONGEST_SOURCE),
            is_required=True,
            also=("来源", "依据", "数据来源"),
        ),
        Column(
            name="effective_from",
            label=gettext_lazy("In force from"),
            kind=Day(),
            is_required=True,
            also=("生效日期", "启用日期", "执行日期"),
        ),
    ),
    notes=(
        gettext_lazy("One row a village and window. All rows are kept, or none."),
        gettext_lazy(
            "A row of a later day takes over from that day on; older ones stay on record."
        ),
    ),
)


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read: its number in the sheet, and column and sentence of each fault."""

    number: int
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RainSheet:
    """What a spreadsheet holds: the rains with the numbers of their rows, and the bad rows."""

    rains: tuple[VillageRain, ...]
    numbers: tuple[int, ...]
    bad: tuple[BadRow, ...]


def read_rain(file_name: str, content: bytes) -> RainSheet:
    """Return the rows of a spreadsheet; raise UnusableFile with a sentence when it has none."""
    intake = take_in(open_book(file_name, content), RAIN)
    if intake.total > MOST_ROWS:
        raise UnusableFile(
            _("The file has %(rows)s rows, %(most)s are taken at a time; split it.")
            % {"rows": intake.total, "most": MOST_ROWS}
        )
    villages = _Villages()
    rains, numbers, bad = [], [], []
    for number, cells in intake.rows():
        values, faults = _values(cells)
        code = villages.code_of(values["village"]) if values.get("village") else None
        if code is not None and not code.isdigit():
            faults.append(("village", code))
        if faults:
            bad.append(BadRow(number, tuple(faults)))
            continue
        rains.append(_rain(values, code=code or ""))
        numbers.append(number)
    return RainSheet(tuple(rains), tuple(numbers), tuple(bad))


def rain_template(*, created: datetime) -> bytes:
    """Return the empty workbook."""
    return table_template(RAIN, created=created)


def rain_workbook(rows: Sequence[CriticalRain], *, created: datetime) -> Iterator[bytes]:
    """Give a workbook of rows as they stand, in pieces."""
    columns = [sheet_column(column) for column in RAIN.columns]
    cells = (
        [
            row.division_id,
            row.window_min,
            *(getattr(row, name) for name, *_words in _STAGES),
            row.soil_mm,
            row.source,
            row.effective_from,
        ]
        for row in rows
    )
    return write_rows(str(RAIN.label), columns, cells, created=created)


class _Villages:
    """Codes of villages by what a sheet calls them; each name is looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def code_of(self, text: str) -> str:
        """Return the code, or a sentence that says why there is none."""
        if text.isdigit():
            return text
        if text not in self._known:
            found = division_meant(text)
            self._known[text] = found if isinstance(found, str) else found.code
        return self._known[text]


def _values(cells: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for column in RAIN.columns:
        try:
            values[column.name] = column.kind.parse(cells.get(column.name))
        except BadCell as error:
            faults.append((column.name, str(error)))
            continue
        if column.is_required and values[column.name] in (None, ""):
            faults.append((column.name, _("It is empty; fill it in.")))
    return values, faults


def _rain(values: dict[str, Any], *, code: str) -> VillageRain:
    prepare = tuple(float(values[f"prepare_{x}_mm"]) for x in ("dry", "normal", "wet"))
    move = tuple(float(values[f"move_{x}_mm"]) for x in ("dry", "normal", "wet"))
    return VillageRain(
        division_code=code,
        window_min=int(values["window_min"]),
        prepare_mm=(prepare[0], prepare[1], prepare[2]),
        move_mm=(move[0], move[1], move[2]),
        source=values["source"],
        effective_from=values["effective_from"],
        soil_mm=SOIL_MM if values.get("soil_mm") is None else float(values["soil_mm"]),
    )
