"""Compartments, ranger stations and fire checkpoints, as tables."""

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.tables.columns import Choice, Column, Number, Text, Whole
from anlan.registry.data import DutyKind, Office, PlaceKind, StationOwnership
from anlan.registry.models import FireCheckpoint, ForestCompartment, RangerStation
from anlan.registry.tables.shared import duty_column, place_table

_OWNER = Column(
    name="ownership",
    label=_("Ownership"),
    kind=Choice(StationOwnership, also=(("国有林", "state"), ("集体林", "collective"))),
    on_detail=True,
    is_required=True,
    in_list=True,
    is_filter=True,
    also=("权属", "林权", "性质", "类别"),
)

FOREST_COMPARTMENTS = place_table(
    PlaceKind.FOREST_COMPARTMENT,
    name="forest-compartments",
    label=_("Forest compartments"),
    one=_("forest compartment"),
    group="forest",
    detail=ForestCompartment,
    named=("林班名称", "林班"),
    coded=("林班号", "林班编号"),
    columns=(
        Column(
            name="area_ha",
            label=_("Area, ha"),
            kind=Number(0, 1e6, units=("公顷", "ha")),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("面积", "林班面积"),
        ),
        Column(
            name="species",
            label=_("Species"),
            kind=Text(60),
            on_detail=True,
            in_list=True,
            also=("优势树种", "树种"),
        ),
        _OWNER,
        Column(
            name="stock_m3",
            label=_("Stock, m³"),
            kind=Whole(0, 10**9),
            on_detail=True,
            also=("蓄积", "蓄积量", "活立木蓄积"),
        ),
        Column(
            name="fire_risk_class",
            label=_("Fire risk class"),
            kind=Whole(1, 5),
            on_detail=True,
            in_list=True,
            also=("火险等级", "森林火险等级"),
            help=_("1 to 5, 5 burns most easily."),
        ),
        duty_column(
            "chief",
            label=_("Forest chief"),
            kind=DutyKind.FOREST_CHIEF,
            also=("林长",),
            phones=("林长电话",),
        ),
    ),
    office=Office.FOREST.value,
)

RANGER_STATIONS = place_table(
    PlaceKind.RANGER_STATION,
    name="ranger-stations",
    label=_("Ranger stations"),
    one=_("ranger station"),
    group="forest",
    detail=RangerStation,
    named=("管护站名称", "管护站"),
    columns=(
        _OWNER,
        Column(
            name="guarded_ha",
            label=_("Guarded area, ha"),
            kind=Number(0, 1e7, units=("公顷", "ha")),
            on_detail=True,
            in_list=True,
            also=("管护面积",),
        ),
        duty_column(
            "head",
            in_list=True,
            label=_("Station head"),
            kind=DutyKind.STATION_STAFF,
            also=("站长", "负责人"),
            phones=("站长电话", "负责人电话"),
        ),
    ),
    office=Office.FOREST.value,
)

MONTH_DAY = re.compile(r"^(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?$")
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class MonthDay(Text):
    """A day of every year, written month-day."""

    def parse(self, cell: Any) -> str:
        """Return “MM-DD”."""
        if hasattr(cell, "month"):
            return f"{cell.month:02d}-{cell.day:02d}"
        text = super().parse(cell)
        if not text:
            return ""
        match = MONTH_DAY.match(text)
        if match:
            month, day = int(match.group(1)), int(match.group(2))
            if 1 <= month <= 12 and 1 <= day <= DAYS[month - 1]:
                return f"{month:02d}-{day:02d}"
        raise BadCell(gettext("“%(value)s” is no day of the year; write 10-01.") % {"value": text})


FIRE_CHECKPOINTS = place_table(
    PlaceKind.FIRE_CHECKPOINT,
    name="fire-checkpoints",
    label=_("Fire checkpoints"),
    one=_("fire checkpoint"),
    group="forest",
    detail=FireCheckpoint,
    named=("检查站名称", "卡口名称", "检查站", "卡口"),
    columns=(
        Column(
            name="road",
            label=_("Road"),
            kind=Text(80),
            on_detail=True,
            in_list=True,
            also=("道路", "所在道路", "路口"),
        ),
        Column(
            name="guards",
            label=_("Guards"),
            kind=Whole(0, 100, units=("人",)),
            on_detail=True,
            default=1,
            in_list=True,
            also=("值守人数", "人数"),
        ),
        Column(
            name="manned_from",
            label=_("Manned from"),
            kind=MonthDay(5),
            on_detail=True,
            in_list=True,
            also=("启用日期", "开始日期"),
            example="10-01",
        ),
        Column(
            name="manned_until",
            label=_("Manned until"),
            kind=MonthDay(5),
            on_detail=True,
            in_list=True,
            also=("停用日期", "结束日期"),
            example="05-31",
        ),
        duty_column(
            "guard",
            in_list=True,
            label=_("Guard"),
            kind=DutyKind.CHECKPOINT_GUARD,
            also=("值守人", "值守人员", "卡口负责人"),
            phones=("值守人电话", "值守电话"),
        ),
    ),
    office=Office.FOREST.value,
)
