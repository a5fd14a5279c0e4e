"""Households at risk, as a table."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import (
    Choice,
    Column,
    IdNumber,
    Number,
    Phone,
    Text,
    Whole,
    YesNo,
)
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.table import Key, Table
from anlan.registry.data import DutyKind, HouseholdThreat, Office, Permission, PlaceKind
from anlan.registry.models import Division, Household
from anlan.registry.tables.keepers import DutyKeeper
from anlan.registry.tables.references import ANSWERING, place_of
from anlan.registry.tables.shared import (
    BY_SYSTEM_NUMBER,
    SYSTEM_NUMBER,
    check_position,
    division_column,
    is_unplaced,
)

PEOPLE = ("人", "口")
NEEDS = (
    ("elderly", _("Elderly"), ("老人", "高龄老人", "老年人")),
    ("disabled", _("Disabled"), ("残疾人", "残疾")),
    ("infants", _("Infants"), ("婴幼儿", "幼儿", "儿童")),
    ("chronically_ill", _("Chronically ill"), ("慢性病人", "慢病", "重病")),
)


def complete_households(drafts: list[Draft]) -> None:
    """Count who needs help where the row does not say, and put the house where its village is."""
    lost = [d for d in drafts if is_unplaced(d)]
    rows = Division.objects.filter(pk__in={d.home for d in lost}, lon__isnull=False)
    centres = {code: (lon, lat) for code, lon, lat in rows.values_list("pk", "lon", "lat")}
    for draft in lost:
        if draft.pk is not None:
            draft.values.pop("lon", None)
            draft.values.pop("lat", None)
        elif draft.home in centres:
            draft.values["lon"], draft.values["lat"] = centres[draft.home]
        elif draft.home:
            draft.complain("lon", gettext("Give the coordinates: the village has none either."))
    for draft in drafts:
        given = [name for name, _label, _also in NEEDS if name in draft.values]
        if given and draft.values.get("needing_help") is None:
            whole = draft.whole()
            draft.values["needing_help"] = min(
                sum(whole.get(name) or 0 for name, _label, _also in NEEDS),
                whole.get("people") or 0,
            )
        elif draft.values.get("needing_help", 0) is None:
            draft.values["needing_help"] = 0


def check_people(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about more people needing help than there are, or somebody alone among others."""
    people = values.get("people") or 0
    for name in ("needing_help", *(name for name, _label, _also in NEEDS)):
        if (values.get(name) or 0) > people:
            yield (
                name,
                gettext("%(count)s is more than the %(people)s people of the household.")
                % {"count": values[name], "people": people},
            )
    if values.get("lives_alone") and people != 1:
        yield "lives_alone", gettext("Somebody who lives alone makes a household of 1 person.")
    if values.get("threat") == HouseholdThreat.GEOHAZARD and not values.get("hazard_point"):
        yield "hazard_point", gettext("Name the geohazard point that threatens the household.")


HOUSEHOLDS = Table(
    name="households",
    label=_("Households at risk"),
    one=_("household"),
    group="relief",
    model=Household,
    columns=(
        Column(
            name="head_name",
            label=_("Head of household"),
            kind=Text(40),
            is_required=True,
            in_list=True,
            also=("户主", "户主姓名", "姓名"),
        ),
        division_column(),
        Column(
            name="address",
            label=_("Address"),
            kind=Text(120),
            is_required=True,
            in_list=True,
            also=("住址", "家庭住址", "详细地址"),
        ),
        Column(
            name="phone",
            label=_("Phone"),
            kind=Phone(),
            index="phone_index",
            is_personal=True,
            in_list=True,
            also=("电话", "联系电话", "户主电话", "手机号"),
        ),
        Column(
            name="id_number",
            label=_("ID number"),
            kind=IdNumber(),
            index="id_index",
            is_personal=True,
            also=("身份证号", "户主身份证号", "身份证号码"),
        ),
        Column(
            name="people",
            label=_("People"),
            kind=Whole(1, 99, units=PEOPLE),
            is_required=True,
            in_list=True,
            also=("人口", "家庭人口", "人数", "常住人口"),
        ),
        Column(
            name="needing_help",
            label=_("Needing help"),
            kind=Whole(0, 99, units=PEOPLE),
            in_list=True,
            also=("需帮扶人数", "需帮助转移人数", "特殊人员数"),
            help=_("How many cannot leave alone; counted from the columns beside when empty."),
        ),
        *(
            Column(name=name, label=label, kind=Whole(0, 99, units=PEOPLE), default=0, also=also)
            for name, label, also in NEEDS
        ),
        Column(
            name="lives_alone",
            label=_("Lives alone"),
            kind=YesNo(),
            default=False,
            also=("独居", "是否独居"),
        ),
        Column(
            name="threat",
            label=_("Threatened by"),
            kind=Choice(HouseholdThreat),
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("威胁类型", "风险类型", "受威胁类型"),
        ),
        Column(
            name="hazard_point",
            label=_("Geohazard point"),
            kind=place_of(PlaceKind.HAZARD_POINT),
            also=("隐患点", "所属隐患点", "隐患点名称", "隐患点编号"),
        ),
        Column(
            name="shelter",
            label=_("Shelter"),
            kind=place_of(PlaceKind.SHELTER),
            is_required=True,
            in_list=True,
            also=("安置点", "避难场所", "转移安置点", "安置地点"),
        ),
        Column(name="route", label=_("Route"), kind=Text(200), also=("转移路线", "撤离路线")),
        Column(
            name="route_km",
            label=_("Way to the shelter, km"),
            kind=Number(0, 200, units=("km", "公里")),
            is_required=True,
            also=("转移距离", "路程", "距离"),
        ),
        Column(
            name="carer",
            label=_("Carer"),
            kind=ANSWERING,
            keeper=DutyKeeper(kind=DutyKind.HOUSEHOLD_CARER, over="household"),
            in_list=True,
            also=("包保责任人", "包保人", "责任人", "帮扶责任人", "转移责任人"),
            after=("包保人电话", "责任人电话", "包保责任人电话", "转移责任人电话"),
            help=_("Name, and the phone behind it when the person is not in the register yet."),
        ),
        Column(name="lon", label=_("Longitude"), kind=Number(73, 136), also=("经度(E)",)),
        Column(name="lat", label=_("Latitude"), kind=Number(3, 54), also=("纬度(N)",)),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("division", "head_name", "address"))),
    title="head_name",
    order=("division_id", "head_name", "pk"),
    office=Office.RELIEF.value,
    reading=Permission.READ_HOUSEHOLDS.value,
    writing=Permission.EDIT_HOUSEHOLDS.value,
    derive=complete_households,
    checks=(check_position, check_people),
)
