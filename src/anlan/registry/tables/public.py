"""Shelters, schools, hospitals, enterprises and infrastructure, as tables."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import (
    Choice,
    Code,
    Column,
    Day,
    Number,
    Phone,
    Text,
    Whole,
    YesNo,
)
from anlan.registry.data import (
    Condition,
    DutyKind,
    InfrastructureKind,
    Office,
    PlaceKind,
    SchoolKind,
    ShelterKind,
)
from anlan.registry.models import Enterprise, Hospital, Infrastructure, School, Shelter
from anlan.registry.tables.shared import check_position, duty_column, place_table

PEOPLE = ("人",)

SHELTERS = place_table(
    PlaceKind.SHELTER,
    name="shelters",
    label=_("Shelters"),
    one=_("shelter"),
    group="relief",
    detail=Shelter,
    named=("安置点名称", "避难场所名称", "安置点", "避难场所"),
    columns=(
        Column(
            name="capacity",
            label=_("Room for, people"),
            kind=Whole(0, 10**6, units=PEOPLE),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("可容纳人数", "容量", "安置容量", "容纳人数"),
        ),
        Column(
            name="shelter_kind",
            label=_("For how long"),
            kind=Choice(ShelterKind),
            on_detail=True,
            default=ShelterKind.SHORT.value,
            in_list=True,
            is_filter=True,
            also=("类别", "场所类别", "等级"),
        ),
        Column(
            name="is_indoor",
            label=_("Indoors"),
            kind=YesNo(),
            on_detail=True,
            default=True,
            in_list=True,
            also=("室内", "是否室内"),
        ),
        Column(
            name="area_m2",
            label=_("Usable area, m²"),
            kind=Number(0, 1e7),
            on_detail=True,
            also=("有效面积", "有效避难面积", "面积"),
        ),
        Column(
            name="facilities",
            label=_("Facilities"),
            kind=Text(200),
            on_detail=True,
            also=("设施", "配套设施"),
        ),
        duty_column(
            "keeper",
            in_list=True,
            label=_("Keeper"),
            kind=DutyKind.SHELTER_KEEPER,
            also=("负责人", "管理员", "责任人"),
            phones=("负责人电话", "联系电话", "电话"),
        ),
    ),
    office=Office.RELIEF.value,
)


def check_boarders(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about more boarders than pupils."""
    if values.get("boarders", 0) > (values.get("pupils") or 0):
        yield "boarders", gettext("There cannot be more boarders than pupils.")


def _safety(phones: tuple[str, ...] = ("负责人电话", "安全负责人电话")) -> Column:
    return duty_column(
        "safety",
        in_list=True,
        label=_("Safety person"),
        kind=DutyKind.SAFETY_OFFICER,
        also=("安全负责人", "安全责任人", "负责人"),
        phones=phones,
    )


SCHOOLS = place_table(
    PlaceKind.SCHOOL,
    name="schools",
    label=_("Schools"),
    one=_("school"),
    group="public",
    detail=School,
    named=("学校名称", "学校"),
    columns=(
        Column(
            name="school_kind",
            label=_("Type"),
            kind=Choice(SchoolKind),
            on_detail=True,
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("学校类别", "类别", "类型"),
        ),
        Column(
            name="pupils",
            label=_("Pupils"),
            kind=Whole(0, 10**5, units=PEOPLE),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("学生数", "学生人数", "在校生"),
        ),
        Column(
            name="boarders",
            label=_("Boarders"),
            kind=Whole(0, 10**5, units=PEOPLE),
            on_detail=True,
            default=0,
            in_list=True,
            also=("住校生", "寄宿生"),
        ),
        Column(
            name="staff",
            label=_("Staff"),
            kind=Whole(0, 10**4, units=PEOPLE),
            on_detail=True,
            default=0,
            also=("教职工", "教职工数"),
        ),
        Column(
            name="phone",
            label=_("Office phone"),
            kind=Phone(),
            on_detail=True,
            also=("学校电话", "办公电话", "值班电话"),
        ),
        _safety(),
    ),
    office=Office.SAFETY.value,
    checks=(check_position, check_boarders),
)

HOSPITALS = place_table(
    PlaceKind.HOSPITAL,
    name="hospitals",
    label=_("Hospitals"),
    one=_("hospital"),
    group="public",
    detail=Hospital,
    named=("医院名称", "机构名称", "医院", "卫生院"),
    columns=(
        Column(
            name="grade",
            label=_("Grade"),
            kind=Text(30),
            on_detail=True,
            in_list=True,
            also=("等级", "医院等级"),
        ),
        Column(
            name="beds",
            label=_("Beds"),
            kind=Whole(0, 10**5, units=("张",)),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("床位", "床位数"),
        ),
        Column(
            name="ambulances",
            label=_("Ambulances"),
            kind=Whole(0, 1_000, units=("辆", "台")),
            on_detail=True,
            default=0,
            in_list=True,
            also=("救护车", "救护车数"),
        ),
        Column(
            name="emergency_phone",
            label=_("Emergency phone"),
            kind=Phone(),
            on_detail=True,
            in_list=True,
            also=("急诊电话", "急救电话", "值班电话"),
        ),
        _safety(),
    ),
    office=Office.SAFETY.value,
)

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, power, 31) for power in range(17))


def check_credit_code(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about a credit code whose check character is wrong (GB 32100-2015)."""
    code = (values.get("credit_code") or "").upper()
    if not code:
        return
    if len(code) != 18 or any(character not in CREDIT for character in code):
        yield (
            "credit_code",
            gettext("“%(code)s” is no credit code of 18 characters.") % {"code": code},
        )
        return
    total = sum(CREDIT.index(c) * w for c, w in zip(code, WEIGHTS, strict=False))
    if CREDIT[-total % 31] != code[-1]:
        yield (
            "credit_code",
            gettext("The last character of “%(code)s” does not fit the others; check every one.")
            % {"code": code},
        )


ENTERPRISES = place_table(
    PlaceKind.ENTERPRISE,
    name="enterprises",
    label=_("Enterprises"),
    one=_("enterprise"),
    group="public",
    detail=Enterprise,
    named=("企业名称", "单位名称", "企业"),
    columns=(
        Column(
            name="credit_code",
            label=_("Credit code"),
            kind=Code(18),
            on_detail=True,
            also=("统一社会信用代码", "信用代码"),
        ),
        Column(
            name="industry",
            label=_("Industry"),
            kind=Text(60),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("行业", "所属行业", "行业类别"),
        ),
        Column(
            name="employees",
            label=_("Employees"),
            kind=Whole(0, 10**6, units=PEOPLE),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("从业人数", "职工人数"),
        ),
        Column(
            name="is_high_risk",
            label=_("High-risk"),
            kind=YesNo(),
            on_detail=True,
            default=False,
            in_list=True,
            is_filter=True,
            also=("高危行业", "是否高危"),
        ),
        Column(
            name="has_major_hazard",
            label=_("Major hazard source"),
            kind=YesNo(),
            on_detail=True,
            default=False,
            in_list=True,
            is_filter=True,
            also=("重大危险源", "是否重大危险源"),
        ),
        Column(
            name="hazards",
            label=_("Hazards"),
            kind=Text(200),
            on_detail=True,
            also=("主要危险因素", "危险因素", "主要风险"),
        ),
        _safety(),
    ),
    office=Office.SAFETY.value,
    checks=(check_position, check_credit_code),
)

INFRASTRUCTURE = place_table(
    PlaceKind.INFRASTRUCTURE,
    name="infrastructure",
    label=_("Infrastructure"),
    one=_("facility"),
    group="public",
    detail=Infrastructure,
    named=("设施名称", "设施"),
    columns=(
        Column(
            name="facility_kind",
            label=_("Type"),
            kind=Choice(InfrastructureKind),
            on_detail=True,
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("设施类型", "类型", "类别"),
        ),
        Column(
            name="owner",
            label=_("Owner"),
            kind=Text(80),
            on_detail=True,
            is_required=True,
            in_list=True,
            also=("权属单位", "管理单位", "产权单位"),
        ),
        Column(
            name="condition",
            label=_("Condition"),
            kind=Choice(Condition),
            on_detail=True,
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("状况", "技术状况", "现状"),
        ),
        Column(
            name="built_year",
            label=_("Built in"),
            kind=Whole(1900, 2100, units=("年",)),
            on_detail=True,
            also=("建成年份", "建成时间", "投用年份"),
        ),
        Column(
            name="length_km",
            label=_("Length, km"),
            kind=Number(0, 1e5, units=("km", "公里")),
            on_detail=True,
            also=("长度", "里程"),
        ),
        Column(
            name="inspected_on",
            label=_("Inspected on"),
            kind=Day(),
            on_detail=True,
            also=("检测日期", "最近检查日期", "检查日期"),
        ),
        duty_column(
            "keeper",
            in_list=True,
            label=_("Facility keeper"),
            kind=DutyKind.FACILITY_KEEPER,
            also=("管护责任人", "管理责任人", "负责人"),
            phones=("管护责任人电话", "负责人电话"),
        ),
    ),
    office=Office.SAFETY.value,
)
