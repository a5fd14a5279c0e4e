"""Geohazard points and macro-observation stations, as tables."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import Choice, Column, Day, Number, Text, Whole
from anlan.registry.data import DutyKind, HazardPointKind, Office, PlaceKind
from anlan.registry.models import HazardPoint, MacroStation
from anlan.registry.tables.shared import duty_column, place_table

CUBIC = ("m3", "m³", "立方米", "立方", "方")

HAZARD_POINTS = place_table(
    PlaceKind.HAZARD_POINT,
    name="hazard-points",
    label=_("Geohazard points"),
    one=_("geohazard point"),
    group="ground",
    detail=HazardPoint,
    named=("隐患点名称", "灾害点名称", "隐患点"),
    coded=("隐患点编号", "灾害点编号", "野外编号"),
    columns=(
        Column(
            name="hazard_kind",
            label=_("Type"),
            kind=Choice(HazardPointKind),
            on_detail=True,
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("灾害类型", "类型", "隐患类型", "灾种"),
        ),
        Column(
            name="volume_m3",
            label=_("Volume, m³"),
            kind=Whole(0, 10**9, units=CUBIC),
            on_detail=True,
            in_list=True,
            also=("体积", "规模", "方量"),
        ),
        Column(
            name="registered_on",
            label=_("Registered on"),
            kind=Day(),
            on_detail=True,
            also=("在册日期", "登记日期", "建档日期"),
        ),
        Column(
            name="trigger",
            label=_("Trigger"),
            kind=Text(80),
            on_detail=True,
            also=("诱发因素", "引发因素"),
        ),
        Column(
            name="threatened_property_wan",
            label=_("Threatened property, 10⁴ yuan"),
            kind=Number(0, 1e7, places=2, units=("万元", "万")),
            on_detail=True,
            also=("威胁财产", "威胁资产"),
        ),
        Column(
            name="alarm_signal",
            label=_("Alarm signal"),
            kind=Text(60),
            on_detail=True,
            also=("预警信号", "报警信号"),
        ),
        Column(
            name="escape_route",
            label=_("Escape route"),
            kind=Text(200),
            on_detail=True,
            also=("撤离路线", "避险路线", "疏散路线"),
        ),
        duty_column(
            "monitor",
            in_list=True,
            label=_("Monitor"),
            kind=DutyKind.POINT_MONITOR,
            also=("监测员", "群测群防员", "监测人"),
            phones=("监测员电话", "监测员联系电话", "群测群防员电话"),
        ),
    ),
    office=Office.GEOLOGY.value,
)

MACRO_STATIONS = place_table(
    PlaceKind.MACRO_STATION,
    name="macro-stations",
    label=_("Macro-observation stations"),
    one=_("macro-observation station"),
    group="ground",
    detail=MacroStation,
    named=("观测点名称", "观测站名称", "宏观点"),
    columns=(
        Column(
            name="observes",
            label=_("Observes"),
            kind=Text(60),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("观测内容", "观测对象", "观测手段"),
        ),
        duty_column(
            "observer",
            in_list=True,
            label=_("Observer"),
            kind=DutyKind.MACRO_OBSERVER,
            also=("观测员", "联络员"),
            phones=("观测员电话", "联络员电话"),
        ),
    ),
    office=Office.EARTHQUAKE.value,
)
