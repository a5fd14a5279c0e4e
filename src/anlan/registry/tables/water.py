"""Rivers, gauged sections and reservoirs, as tables."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import (
    Code,
    Column,
    Course,
    Curve,
    Number,
    Text,
    Whole,
    YesNo,
)
from anlan.kernel.tables.table import Key, Table
from anlan.registry.data import DutyKind, Office, Permission, PlaceKind
from anlan.registry.models import Reservoir, River, RiverSection
from anlan.registry.tables.references import RIVER
from anlan.registry.tables.shared import (
    BY_SYSTEM_NUMBER,
    SYSTEM_NUMBER,
    check_position,
    division_column,
    duty_column,
    place_table,
)

METRES = ("m", "米")
CUBIC = ("m3", "m³", "立方米", "方")
LEVELS = (
    ("dead_level_m", _("Dead level, m"), ("死水位",), False),
    ("flood_limit_level_m", _("Flood-limit level, m"), ("汛限水位", "汛期限制水位"), True),
    ("normal_level_m", _("Normal level, m"), ("正常蓄水位", "正常高水位"), False),
    ("design_level_m", _("Design flood level, m"), ("设计水位", "设计洪水位"), True),
    ("check_level_m", _("Check flood level, m"), ("校核水位", "校核洪水位"), True),
    ("dam_top_m", _("Dam top, m"), ("坝顶高程", "坝顶"), True),
)
RISING = ("dead_level_m", "flood_limit_level_m", "design_level_m", "check_level_m", "dam_top_m")


def _metres(
    name: str, label: Any, *, also: tuple[str, ...] = (), on_detail: bool = True, **options: Any
) -> Column:
    return Column(
        name=name,
        label=label,
        kind=Number(-200, 9_000, units=METRES),
        on_detail=on_detail,
        also=also,
        **options,
    )


def check_levels(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about a level of a reservoir that lies below the one that must be lower."""
    known = [(name, values[name]) for name in RISING if values.get(name) is not None]
    for (_lower, low), (higher, high) in pairwise(known):
        if high < low:
            yield (
                higher,
                gettext("%(high).2f m is below %(low).2f m, the level under it; check both.")
                % {"high": high, "low": low},
            )


RESERVOIRS = place_table(
    PlaceKind.RESERVOIR,
    name="reservoirs",
    label=_("Reservoirs"),
    one=_("reservoir"),
    group="water",
    detail=Reservoir,
    named=("水库名称", "水库"),
    coded=("水库编码", "注册登记号"),
    columns=(
        Column(
            name="capacity_m3",
            label=_("Total capacity, m³"),
            kind=Whole(0, 10**11, units=CUBIC),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("总库容",),
        ),
        *(
            _metres(
                name, label, also=also, is_required=needed, in_list=name == "flood_limit_level_m"
            )
            for name, label, also, needed in LEVELS
        ),
        _metres("dam_height_m", _("Dam height, m"), also=("坝高", "最大坝高")),
        Column(
            name="catchment_km2",
            label=_("Catchment, km²"),
            kind=Number(0, 1e6),
            on_detail=True,
            also=("集雨面积", "流域面积", "控制流域面积"),
        ),
        _metres("spillway_crest_m", _("Spillway crest, m"), also=("溢洪道堰顶高程", "堰顶高程")),
        _metres("spillway_width_m", _("Spillway width, m"), also=("溢洪道宽", "溢洪道净宽")),
        Column(
            name="storage_curve",
            label=_("Level and storage"),
            kind=Curve(),
            on_detail=True,
            default=[],
            also=("水位库容曲线", "库容曲线"),
            help=_("Pairs of level in m and storage in m³, both rising: 440:1200000; 442:…"),
            example="440:1200000; 442:2100000",
        ),
        Column(
            name="is_defective",
            label=_("Defective"),
            kind=YesNo(),
            on_detail=True,
            default=False,
            in_list=True,
            is_filter=True,
            also=("病险水库", "是否病险"),
        ),
        Column(
            name="people_downstream",
            label=_("People downstream"),
            kind=Whole(0, 10**7),
            on_detail=True,
            also=("下游影响人口", "影响人口"),
        ),
        duty_column(
            "administrative",
            label=_("Administrative person"),
            kind=DutyKind.RESERVOIR_ADMINISTRATIVE,
            also=("行政责任人",),
            phones=("行政责任人电话", "行政责任人联系电话"),
        ),
        duty_column(
            "technical",
            label=_("Technical person"),
            kind=DutyKind.RESERVOIR_TECHNICAL,
            also=("技术责任人",),
            phones=("技术责任人电话", "技术责任人联系电话"),
        ),
        duty_column(
            "patrol",
            in_list=True,
            label=_("Patrol person"),
            kind=DutyKind.RESERVOIR_PATROL,
            also=("巡查责任人", "巡查值守责任人"),
            phones=("巡查责任人电话", "巡查责任人联系电话"),
        ),
    ),
    office=Office.FLOOD.value,
    checks=(check_position, check_levels),
)

RIVERS = Table(
    name="rivers",
    label=_("Rivers"),
    one=_("river"),
    group="water",
    model=River,
    columns=(
        Column(
            name="code",
            label=_("Code"),
            kind=Code(30),
            is_required=True,
            in_list=True,
            also=("河流代码", "河流编码", "编号"),
        ),
        Column(
            name="name",
            label=_("Name"),
            kind=Text(60),
            is_required=True,
            in_list=True,
            also=("河流名称", "河流", "河名"),
        ),
        division_column(also=("区县", "县区", "所在区划", "流经", "行政区划", "区划代码")),
        Column(
            name="basin_km2",
            label=_("Basin, km²"),
            kind=Number(0, 1e7),
            is_required=True,
            in_list=True,
            also=("流域面积",),
        ),
        Column(
            name="length_km",
            label=_("Length, km"),
            kind=Number(0, 1e5),
            is_required=True,
            in_list=True,
            also=("河长", "长度"),
        ),
        Column(name="course", label=_("Course"), kind=Course(), default=[]),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("code",)), Key(("division", "name"), is_loose=True)),
    title="name",
    order=("division_id", "name", "pk"),
    office=Office.FLOOD.value,
    reading=Permission.READ_REGISTER.value,
    writing=Permission.EDIT_REGISTER.value,
)


def check_river_levels(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain when the guaranteed level is not above the warning level."""
    low, high = values.get("warning_level_m"), values.get("guaranteed_level_m")
    if low is not None and high is not None and high <= low:
        yield (
            "guaranteed_level_m",
            gettext("%(high).2f m is not above the warning level, %(low).2f m; check both.")
            % {"high": high, "low": low},
        )


RIVER_SECTIONS = place_table(
    PlaceKind.RIVER_SECTION,
    name="river-sections",
    label=_("River sections"),
    one=_("river section"),
    group="water",
    detail=RiverSection,
    named=("断面名称", "断面"),
    coded=("断面编码",),
    columns=(
        Column(
            name="river",
            label=_("River"),
            kind=RIVER,
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("河流", "所在河流", "河流名称"),
        ),
        _metres(
            "warning_level_m",
            _("Warning level, m"),
            also=("警戒水位",),
            is_required=True,
            in_list=True,
        ),
        _metres(
            "guaranteed_level_m",
            _("Guaranteed level, m"),
            also=("保证水位",),
            is_required=True,
            in_list=True,
        ),
        _metres("zero_m", _("Gauge zero, m"), also=("水尺零点高程", "零点高程")),
        Column(
            name="catchment_km2",
            label=_("Catchment, km²"),
            kind=Number(0, 1e6),
            on_detail=True,
            also=("集水面积", "控制面积"),
        ),
        _metres("bed_width_m", _("Bed width, m"), also=("河底宽",)),
        Column(
            name="side_slope",
            label=_("Side slope"),
            kind=Number(0, 100),
            on_detail=True,
            also=("边坡系数",),
        ),
        Column(
            name="bed_slope",
            label=_("Bed slope"),
            kind=Number(0, 1),
            on_detail=True,
            also=("比降", "河底比降"),
        ),
        Column(
            name="roughness",
            label=_("Roughness"),
            kind=Number(0, 1),
            on_detail=True,
            also=("糙率",),
        ),
        duty_column(
            "chief",
            in_list=True,
            label=_("River chief"),
            kind=DutyKind.RIVER_CHIEF,
            also=("河长姓名", "河长责任人"),
            phones=("河长电话", "河长联系电话"),
        ),
    ),
    office=Office.FLOOD.value,
    checks=(check_position, check_river_levels),
)
