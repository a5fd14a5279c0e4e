"""Organs, posts, people and who holds which post, as tables."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import (
    Choice,
    Column,
    Day,
    IdNumber,
    Phone,
    Text,
    Whole,
    YesNo,
)
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.table import Key, Table
from anlan.registry.data import DeputyCycle, Office, OrganKind, Permission, PostKind
from anlan.registry.models import Organization, Person, Post, PostHolding
from anlan.registry.queries.duty_drafts import check_new_deputies
from anlan.registry.tables.references import ORGANIZATION, PERSON, POST
from anlan.registry.tables.shared import BY_SYSTEM_NUMBER, SYSTEM_NUMBER, division_column

_RIGHTS: dict[str, Any] = {
    "office": Office.GENERAL.value,
    "reading": Permission.READ_REGISTER.value,
    "writing": Permission.EDIT_REGISTER.value,
}

ORGANIZATIONS = Table(
    name="organizations",
    label=_("Organs"),
    one=_("organ"),
    group="people",
    model=Organization,
    columns=(
        Column(
            name="name",
            label=_("Name"),
            kind=Text(80),
            is_required=True,
            in_list=True,
            also=("机构名称", "单位名称", "机构", "单位"),
        ),
        division_column(),
        Column(
            name="kind",
            label=_("Kind"),
            kind=Choice(OrganKind),
            in_list=True,
            is_filter=True,
            default=OrganKind.OTHER.value,
            also=("机构类别", "性质", "类别"),
        ),
        Column(
            name="staff_quota",
            label=_("Staff quota"),
            kind=Whole(0, 5_000, units=("人", "名")),
            in_list=True,
            also=("编制数", "核定编制", "编制"),
            help=_("How many people its 三定 gives the organ."),
        ),
        Column(
            name="duty_phone",
            label=_("Duty phone"),
            kind=Phone(),
            in_list=True,
            also=("值班电话", "办公电话"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("division", "name"))),
    title="name",
    order=("division_id", "name", "pk"),
    **_RIGHTS,
)

POSTS = Table(
    name="posts",
    label=_("Posts"),
    one=_("post"),
    group="people",
    model=Post,
    columns=(
        Column(
            name="title",
            label=_("Post"),
            kind=Text(60),
            is_required=True,
            in_list=True,
            also=("岗位", "岗位名称", "职位"),
        ),
        division_column(),
        Column(
            name="organization",
            label=_("Organ"),
            kind=ORGANIZATION,
            is_required=True,
            in_list=True,
            also=("机构名称", "所属机构", "单位", "单位名称", "机构"),
        ),
        Column(
            name="kind",
            label=_("Kind"),
            kind=Choice(PostKind),
            default=PostKind.OTHER.value,
            in_list=True,
            is_filter=True,
            also=("岗位类别", "类别"),
        ),
        Column(
            name="quota",
            label=_("Quota"),
            kind=Whole(0, 1_000, units=("人", "名")),
            default=1,
            in_list=True,
            also=("定员", "核定人数", "编制", "编制数"),
        ),
        Column(
            name="established_on",
            label=_("Established on"),
            kind=Day(),
            also=("设立日期", "设岗时间", "批准日期"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("organization", "title"))),
    title="title",
    order=("division_id", "pk"),
    **_RIGHTS,
)


def check_deputies(drafts: list[Draft]) -> None:
    """Complain about deputies who would run in a circle."""
    changed = {draft.pk: draft for draft in drafts if draft.pk and "deputy" in draft.changes}
    links = {pk: draft.values["deputy"] for pk, draft in changed.items() if not draft.faults}
    while links:
        try:
            check_new_deputies(links, names={})
            return
        except DeputyCycle as error:
            for pk in set(error.person_ids) & set(links):
                changed[pk].complain("deputy", str(error))
                del links[pk]


PEOPLE = Table(
    name="people",
    label=_("Persons"),
    one=_("person"),
    group="people",
    model=Person,
    columns=(
        Column(
            name="name",
            label=_("Name"),
            kind=Text(40),
            is_required=True,
            in_list=True,
            also=("姓 名", "人员姓名", "责任人", "联系人"),
        ),
        division_column(
            also=(
                "所在村",
                "所属村",
                "村社区",
                "村",
                "社区",
                "所在单位区划",
                "行政区划",
                "区划代码",
                "village",
                "所在区划",
                "乡村",
            )
        ),
        Column(
            name="organization",
            label=_("Organ"),
            kind=ORGANIZATION,
            in_list=True,
            also=("单位", "工作单位", "所在单位", "所属单位", "机构"),
        ),
        Column(
            name="title",
            label=_("Position held"),
            kind=Text(40),
            in_list=True,
            also=("职务", "职 务", "岗位"),
        ),
        Column(
            name="phone",
            label=_("Phone"),
            kind=Phone(),
            index="phone_index",
            is_personal=True,
            in_list=True,
            also=("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式"),
        ),
        Column(
            name="second_phone",
            label=_("Second phone"),
            kind=Phone(),
            is_personal=True,
            also=("备用电话", "第二电话", "固定电话", "办公电话"),
        ),
        Column(
            name="id_number",
            label=_("ID number"),
            kind=IdNumber(),
            index="id_index",
            is_personal=True,
            also=("身份证", "身份证号", "身份证号码", "公民身份号码"),
        ),
        Column(
            name="deputy",
            label=_("Deputy"),
            kind=PERSON,
            also=("代理人", "AB角", "B角"),
            help=_("Who takes this person's calls when no duty names another B."),
        ),
        Column(
            name="phone_checked_on",
            label=_("Phone checked on"),
            kind=Day(),
            also=("电话核对日期", "核对日期"),
        ),
        Column(
            name="left_on",
            label=_("Left on"),
            kind=Day(),
            also=("离任日期", "调离日期"),
            help=_("From this day on the person answers for nothing."),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(
        BY_SYSTEM_NUMBER,
        Key(("id_number",)),
        Key(("division", "name", "phone")),
        Key(("division", "name"), is_loose=True),
    ),
    title="name",
    order=("division_id", "name", "pk"),
    gone="left_on",
    unique=("id_number",),
    check_all=check_deputies,
    notes=(_("People are known again by ID number, else by place, name and phone."),),
    **_RIGHTS,
)


def check_holding(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about a post that was given up before it was taken."""
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        yield "until", gettext("The last day lies before the first, %(day)s.") % {"day": since}


HOLDINGS = Table(
    name="post-holdings",
    label=_("Who holds which post"),
    one=_("holding of a post"),
    group="people",
    model=PostHolding,
    columns=(
        Column(
            name="post",
            label=_("Post"),
            kind=POST,
            is_required=True,
            in_list=True,
            also=("岗位", "岗位名称"),
            before=("机构名称", "机构", "单位", "所属机构"),
            help=_("“organ/title”, or the title where it is unmistakable."),
            example="上河镇应急管理办公室/应急专干",
        ),
        Column(
            name="person",
            label=_("Person"),
            kind=PERSON,
            is_required=True,
            in_list=True,
            also=("姓名", "人员", "任职人"),
            after=("电话", "联系电话", "手机号", "手机"),
        ),
        Column(
            name="is_full_time",
            label=_("Full-time"),
            kind=YesNo(),
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("是否专职", "专职"),
            help=_("No: beside another job."),
        ),
        Column(
            name="since",
            label=_("Since"),
            kind=Day(),
            is_required=True,
            in_list=True,
            also=("任职日期", "任职时间", "到岗日期"),
        ),
        Column(
            name="until", label=_("Until"), kind=Day(), in_list=True, also=("离任日期", "免职日期")
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("post", "person", "since"))),
    title="post",
    home="post",
    order=("post__division_id", "pk"),
    checks=(check_holding,),
    **_RIGHTS,
)
