"""The columns of the two spreadsheets, with the headings that offices use for them.

They are laid out as tables of the register are, but not declared among them: what they hold is
never edited, so they have no form and no row of their own to change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from anlan.kernel.sheets.cells import as_code, as_number, as_text
from anlan.kernel.tables.columns import Choice, Column, Day, Kind, Number, Text, Whole, YesNo
from anlan.kernel.tables.table import Key, Table
from anlan.monitoring.core.macro import MOST_ANIMALS, TEMPERATURES_C, WATER_LEVELS_M
from anlan.monitoring.data import HandSubject, MacroKind, MacroResult, MacroSign
from anlan.monitoring.models import MacroReport, Reading
from anlan.monitoring.sheets.moments import Moment

METRES: Final = ("m", "米")
DEGREES: Final = ("°C", "℃", "度")


class Named(Kind):
    """A code or a name, kept as it is written."""

    wants_text = True

    def parse(self, cell: Any) -> str:
        """Return the text."""
        found = as_text(cell, longest=80) if isinstance(cell, str) else as_code(cell)
        return found or ""


@dataclass(frozen=True)
class Metres(Kind):
    """A level in m."""

    def parse(self, cell: Any) -> float | None:
        """Return the number, without what a spreadsheet's arithmetic adds in the twelfth place."""
        found = as_number(cell, units=METRES)
        return None if found is None else round(found, 6)

    def schema(self) -> Any:
        """Return float."""
        return float


STAFF: Final = Table(
    name="staff-readings",
    label=_("Staff gauge readings"),
    one=_("staff gauge reading"),
    group="monitoring",
    model=Reading,
    keys=(Key(("station", "at")),),
    title="station",
    home="station",
    columns=(
        Column(
            name="station",
            label=_("Staff gauge"),
            kind=Named(),
            is_required=True,
            also=(
                *("水尺", "水尺编码", "水尺编号", "水尺名称", "测站", "测站编码", "测站名称"),
                *("站码", "站名", "断面", "断面名称", "gauge"),
            ),
            help=_("Its code or its name."),
        ),
        Column(
            name="at",
            label=_("Time of reading"),
            kind=Moment(),
            is_required=True,
            also=("观测时间", "读数时间", "时间", "观测日期时间", "采集时间", "time"),
            before=("日期", "观测日期", "date"),
            help=_("Day and time; a column of days may stand beside one of times."),
            example="2024-07-15 20:00",
        ),
        Column(
            name="level",
            label=_("Water level, m"),
            kind=Metres(),
            is_required=True,
            also=("水位", "读数", "水尺读数", "观测水位", "level"),
            help=_("To the centimetre, counted as at the gauge's own limits."),
            example="102.35",
        ),
        Column(
            name="confirmed",
            label=_("Leap confirmed"),
            kind=YesNo(),
            also=("已核对", "已确认", "突变确认", "确认"),
            help=_("“yes” where a level leaps from the one before it and is right."),
        ),
    ),
    notes=(
        _("One row a reading. Readings of the last 7 days are taken."),
        _("A reading that stands there already changes nothing; nothing is ever overwritten."),
    ),
)

MACRO: Final = Table(
    name="macro-reports",
    label=_("Macro-observation reports"),
    one=_("macro-observation report"),
    group="monitoring",
    model=MacroReport,
    keys=(Key(("station", "day", "kind")),),
    title="station",
    home="station",
    columns=(
        Column(
            name="station",
            label=_("Observation station"),
            kind=Named(),
            is_required=True,
            also=("观测点", "观测点名称", "观测站", "观测站名称", "宏观点", "宏观观测点", "点名"),
            help=_("Its name or its code."),
        ),
        Column(
            name="day",
            label=_("Day of observation"),
            kind=Day(),
            is_required=True,
            also=("观测日期", "日期", "day"),
            example="2024-07-15",
        ),
        Column(
            name="kind",
            label=_("What is observed"),
            kind=Choice(
                MacroKind,
                also=(
                    *(("水", "water"), ("地下水", "water"), ("井水", "water"), ("泉水", "water")),
                    *(("井泉", "water"), ("井泉水", "water"), ("动物", "animal")),
                    *(("地气", "gas"), ("气体", "gas"), ("气", "gas"), ("地声地光", "geophysics")),
                    *(("地声", "geophysics"), ("地光", "geophysics"), ("其他", "other")),
                    ("其它", "other"),
                ),
            ),
            also=("观测项目", "观测对象", "观测类别", "类别", "项目"),
            help=_("Empty when nothing unusual was seen at all: the row then stands for the rest."),
        ),
        Column(
            name="result",
            label=_("Finding"),
            kind=Choice(
                MacroResult,
                also=(
                    *(("正常", "normal"), ("无异常", "normal"), ("无", "normal")),
                    *(("未见异常", "normal"), ("异常", "anomaly"), ("有异常", "anomaly")),
                    ("有", "anomaly"),
                ),
            ),
            is_required=True,
            also=("观测结果", "观测情况", "有无异常", "是否异常", "结果"),
        ),
        Column(
            name="sign",
            label=_("Sign"),
            kind=Choice(
                MacroSign,
                also=(
                    *(("突升", "rose"), ("水位上升", "rose"), ("突降", "fell")),
                    *(("水位下降", "fell"), ("干涸", "dry"), ("断流", "dry"), ("自流", "gushed")),
                    *(("喷涌", "gushed"), ("发浑", "muddy"), ("浑浊", "muddy")),
                    *(("冒泡", "bubbling"), ("翻花", "bubbling"), ("翻花冒泡", "bubbling")),
                    *(("变色", "coloured"), ("变味", "taste"), ("升温", "warm")),
                    *(("惊恐", "frightened"), ("地声", "sound"), ("地光", "light")),
                ),
            ),
            also=("异常现象", "异常表现", "现象"),
        ),
        Column(
            name="description",
            label=_("Description"),
            kind=Text(200),
            also=("描述", "异常描述", "情况说明"),
        ),
        Column(
            name="animals",
            label=_("Number of animals"),
            kind=Whole(1, MOST_ANIMALS, units=("只", "头", "条", "羽")),
            also=("动物数量", "数量"),
        ),
        Column(
            name="water_level_m",
            label=_("Well level, m"),
            kind=Number(*WATER_LEVELS_M, units=METRES),
            also=("井水位", "水位", "井泉水位"),
        ),
        Column(
            name="temperature_c",
            label=_("Temperature, °C"),
            kind=Number(*TEMPERATURES_C, units=DEGREES),
            also=("水温", "温度"),
        ),
    ),
    notes=(
        _("One row a station, day and kind; one row without a kind says “nothing unusual” of all."),
        _("No spreadsheet takes an anomaly back; another person verifies or dismisses it."),
    ),
)

TABLES: Final[Mapping[HandSubject, Table]] = {HandSubject.STAFF: STAFF, HandSubject.MACRO: MACRO}
