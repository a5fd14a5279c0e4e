"""Teams with their members, equipment, training, certificates and yearly checks, as tables."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import Choice, Code, Column, Day, Number, Phone, Text, Whole
from anlan.kernel.tables.table import Key, Table
from anlan.registry.data import Office, Permission, Readiness, TeamKind
from anlan.registry.models import (
    Certificate,
    ReadinessCheck,
    Team,
    TeamEquipment,
    TeamMember,
    TeamTraining,
)
from anlan.registry.tables.references import ORGANIZATION, PERSON, TEAM
from anlan.registry.tables.shared import BY_SYSTEM_NUMBER, SYSTEM_NUMBER, division_column

_RIGHTS: dict[str, Any] = {
    "office": Office.GENERAL.value,
    "reading": Permission.READ_REGISTER.value,
    "writing": Permission.EDIT_REGISTER.value,
    "group": "teams",
}
_OF_TEAM: dict[str, Any] = {**_RIGHTS, "home": "team", "order": ("team__division_id", "pk")}
_TEAM = Column(
    name="team",
    label=_("Team"),
    kind=TEAM,
    is_required=True,
    in_list=True,
    also=("队伍", "队伍名称", "所属队伍"),
)
_PHONES = ("电话", "联系电话", "手机", "手机号", "手机号码")

TEAMS = Table(
    name="teams",
    label=_("Teams"),
    one=_("team"),
    model=Team,
    columns=(
        Column(
            name="name",
            label=_("Name"),
            kind=Text(80),
            is_required=True,
            in_list=True,
            also=("队伍名称", "队伍"),
        ),
        division_column(),
        Column(
            name="kind",
            label=_("Kind"),
            kind=Choice(TeamKind),
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("队伍类别", "类别", "类型"),
        ),
        Column(
            name="leader",
            label=_("Leader"),
            kind=PERSON,
            is_required=True,
            in_list=True,
            also=("队长", "负责人"),
            after=("队长电话", "负责人电话", "联系电话"),
        ),
        Column(
            name="organization",
            label=_("Organ"),
            kind=ORGANIZATION,
            also=("所属单位", "组建单位", "单位"),
        ),
        Column(
            name="readiness",
            label=_("Readiness"),
            kind=Choice(Readiness),
            in_list=True,
            is_filter=True,
            default=Readiness.READY.value,
            also=("战备状态", "状态"),
        ),
        Column(
            name="duty_phone",
            label=_("Duty phone"),
            kind=Phone(),
            in_list=True,
            also=("值班电话", "备勤电话"),
        ),
        Column(
            name="muster_minutes",
            label=_("Musters within, min"),
            kind=Whole(0, 1_440, units=("分钟", "min")),
            also=("集结时间", "出动时间"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("division", "name"))),
    title="name",
    order=("division_id", "name", "pk"),
    **_RIGHTS,
)

MEMBERS = Table(
    name="team-members",
    label=_("Team members"),
    one=_("team member"),
    model=TeamMember,
    columns=(
        _TEAM,
        Column(
            name="person",
            label=_("Person"),
            kind=PERSON,
            is_required=True,
            in_list=True,
            also=("姓名", "队员", "队员姓名"),
            after=_PHONES,
        ),
        Column(
            name="position",
            label=_("Position in the team"),
            kind=Text(40),
            in_list=True,
            also=("职务", "岗位", "分工"),
        ),
        Column(
            name="joined_on",
            label=_("Joined on"),
            kind=Day(),
            in_list=True,
            also=("入队日期", "入队时间"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("team", "person"))),
    title="person",
    **_OF_TEAM,
)


def check_serviceable(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about more working pieces than there are."""
    if (values.get("serviceable") or 0) > (values.get("quantity") or 0):
        yield "serviceable", gettext("More pieces work than there are; check both numbers.")


EQUIPMENT = Table(
    name="team-equipment",
    label=_("Team equipment"),
    one=_("piece of equipment"),
    model=TeamEquipment,
    columns=(
        _TEAM,
        Column(
            name="name",
            label=_("Equipment"),
            kind=Text(60),
            is_required=True,
            in_list=True,
            also=("装备名称", "装备", "器材名称", "名称"),
        ),
        Column(
            name="model",
            label=_("Model"),
            kind=Text(60),
            in_list=True,
            also=("规格型号", "型号", "规格"),
        ),
        Column(name="unit", label=_("Unit"), kind=Text(10), in_list=True, also=("计量单位",)),
        Column(
            name="quantity",
            label=_("Quantity"),
            kind=Whole(0, 10**6),
            is_required=True,
            in_list=True,
            also=("数量",),
        ),
        Column(
            name="serviceable",
            label=_("In working order"),
            kind=Whole(0, 10**6),
            is_required=True,
            in_list=True,
            also=("完好数", "完好数量"),
        ),
        Column(
            name="checked_on",
            label=_("Checked on"),
            kind=Day(),
            in_list=True,
            also=("检查日期", "检修日期"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("team", "name", "model")), Key(("team", "name"), is_loose=True)),
    title="name",
    checks=(check_serviceable,),
    **_OF_TEAM,
)

TRAININGS = Table(
    name="team-trainings",
    label=_("Team trainings"),
    one=_("training"),
    model=TeamTraining,
    columns=(
        _TEAM,
        Column(
            name="held_on",
            label=_("Held on"),
            kind=Day(),
            is_required=True,
            in_list=True,
            also=("培训日期", "训练日期", "日期", "时间"),
        ),
        Column(
            name="subject",
            label=_("Subject"),
            kind=Text(80),
            is_required=True,
            in_list=True,
            also=("培训内容", "训练科目", "内容", "科目"),
        ),
        Column(
            name="hours",
            label=_("Hours"),
            kind=Number(0, 999, places=1, units=("小时", "学时")),
            is_required=True,
            in_list=True,
            also=("学时", "时长"),
        ),
        Column(
            name="attended",
            label=_("Attended"),
            kind=Whole(0, 10_000, units=("人",)),
            is_required=True,
            in_list=True,
            also=("参训人数", "参加人数"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("team", "held_on", "subject"))),
    title="subject",
    **_OF_TEAM,
)


def check_certificate(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about a certificate that runs out before it was given."""
    start, end = values.get("issued_on"), values.get("expires_on")
    if start and end and end < start:
        yield "expires_on", gettext("The last day lies before the first, %(day)s.") % {"day": start}


CERTIFICATES = Table(
    name="certificates",
    label=_("Certificates"),
    one=_("certificate"),
    model=Certificate,
    columns=(
        Column(
            name="person",
            label=_("Person"),
            kind=PERSON,
            is_required=True,
            in_list=True,
            also=("姓名", "持证人"),
            after=_PHONES,
        ),
        Column(
            name="kind",
            label=_("Certificate"),
            kind=Text(60),
            is_required=True,
            in_list=True,
            also=("证书名称", "证书", "资格证书"),
        ),
        Column(
            name="number",
            label=_("Number"),
            kind=Code(40),
            is_personal=True,
            also=("证书编号", "证号"),
        ),
        Column(
            name="issued_on",
            label=_("Issued on"),
            kind=Day(),
            is_required=True,
            in_list=True,
            also=("发证日期", "取证日期"),
        ),
        Column(
            name="expires_on",
            label=_("Expires on"),
            kind=Day(),
            in_list=True,
            also=("有效期至", "到期日期", "有效期"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("person", "kind", "issued_on"))),
    title="person",
    home="person",
    order=("person__division_id", "pk"),
    checks=(check_certificate,),
    **_RIGHTS,
)


def check_count(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about more present than enlisted, or more working than checked."""
    if (values.get("members_present") or 0) > (values.get("members_enlisted") or 0):
        yield "members_present", gettext("More members came than the team has; check both numbers.")
    if (values.get("equipment_serviceable") or 0) > (values.get("equipment_checked") or 0):
        yield (
            "equipment_serviceable",
            gettext("More pieces work than were checked; check both numbers."),
        )


CHECKS = Table(
    name="readiness-checks",
    label=_("Yearly readiness checks"),
    one=_("readiness check"),
    model=ReadinessCheck,
    columns=(
        _TEAM,
        Column(
            name="year",
            label=_("Year"),
            kind=Whole(2000, 2100, units=("年",)),
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("年度",),
        ),
        Column(
            name="checked_on",
            label=_("Checked on"),
            kind=Day(),
            is_required=True,
            in_list=True,
            also=("检查日期",),
        ),
        *(
            Column(
                name=name,
                label=label,
                kind=Whole(0, 10**5),
                is_required=True,
                in_list=True,
                also=also,
            )
            for name, label, also in (
                ("members_enlisted", _("Members enlisted"), ("在册人数",)),
                ("members_present", _("Members present"), ("到场人数", "实到人数")),
                ("equipment_checked", _("Pieces checked"), ("抽查装备数",)),
                ("equipment_serviceable", _("Pieces in order"), ("完好装备数",)),
            )
        ),
        Column(
            name="verdict",
            label=_("Verdict"),
            kind=Choice(Readiness),
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("结论", "检查结论"),
        ),
        Column(name="findings", label=_("Findings"), kind=Text(400), also=("问题", "存在问题")),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("team", "year"))),
    title="team",
    checks=(check_count,),
    **{**_OF_TEAM, "writing": Permission.CHECK_TEAMS.value},
)
