"""Who answers for what, as a table."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import Choice, Column, Day, Whole
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.table import Key, Table
from anlan.registry.data import DutyKind, Office, Permission
from anlan.registry.models import Duty
from anlan.registry.queries.duty_drafts import DutyKeys, duty_complaints
from anlan.registry.tables.references import HOUSEHOLD, PERSON, place_of
from anlan.registry.tables.shared import BY_SYSTEM_NUMBER, SYSTEM_NUMBER, division_column


class Rank(Whole):
    """A or B: 1 answers first, 2 stands in."""

    def parse(self, cell: Any) -> int | None:
        """Return the rank of a letter or a number."""
        if isinstance(cell, str):
            plain = cell.strip().upper().removesuffix("角").removesuffix("岗")
            cell = {"A": 1, "B": 2, "主": 1, "副": 2}.get(plain, cell)
        return super().parse(cell)

    def show(self, value: Any) -> Any:
        """Return the letter."""
        return {1: "A", 2: "B"}.get(value, value)

    def choices(self) -> tuple[str, ...]:
        """Return both letters."""
        return ("A", "B")


def check_days(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about a duty that ends before it begins."""
    start, end = values.get("valid_from"), values.get("valid_until")
    if start and end and end < start:
        yield (
            "valid_until",
            gettext("The last day lies before the first, %(day)s.") % {"day": start},
        )


def check_duties(drafts: list[Draft]) -> None:
    """Complain about duties that contradict where their people, places and households are."""
    asked = [draft for draft in drafts if not draft.faults and _is_written(draft)]
    complaints = duty_complaints([_keys(draft.whole()) for draft in asked])
    for draft, found in zip(asked, complaints, strict=True):
        for column, sentence in found:
            draft.complain(column, sentence)


def _is_written(draft: Draft) -> bool:
    return draft.pk is None or bool(draft.changes)


def _keys(values: dict[str, Any]) -> DutyKeys:
    return DutyKeys(
        kind=values["kind"],
        rank=values["rank"],
        person_id=values["person"],
        division_code=values["division"],
        place_id=values.get("place"),
        household_id=values.get("household"),
        valid_from=values["valid_from"],
        valid_until=values.get("valid_until"),
    )


DUTIES = Table(
    name="duties",
    label=_("Who answers for what"),
    one=_("duty"),
    group="people",
    model=Duty,
    columns=(
        Column(
            name="person",
            label=_("Person"),
            kind=PERSON,
            is_required=True,
            in_list=True,
            also=("姓名", "责任人", "责任人姓名"),
            after=("电话", "联系电话", "手机", "手机号", "手机号码"),
        ),
        Column(
            name="kind",
            label=_("Duty"),
            kind=Choice(DutyKind),
            is_required=True,
            in_list=True,
            is_filter=True,
            also=("职责", "责任类别", "责任", "责任类型"),
        ),
        division_column(),
        Column(
            name="place",
            label=_("Place"),
            kind=place_of(),
            in_list=True,
            also=("地点", "点位", "隐患点", "水库", "对象", "责任对象", "编号", "统一编号"),
        ),
        Column(
            name="household",
            label=_("Household"),
            kind=HOUSEHOLD,
            also=("户主", "包保户"),
            help=_("For carers: the head of the household."),
        ),
        Column(
            name="rank",
            label=_("A or B"),
            kind=Rank(1, 2),
            default=1,
            in_list=True,
            also=("AB角", "A/B角", "角色", "序位"),
        ),
        Column(
            name="valid_from",
            label=_("From"),
            kind=Day(),
            is_required=True,
            in_list=True,
            also=("起始日期", "生效日期", "开始日期", "任职日期"),
        ),
        Column(
            name="valid_until",
            label=_("Until"),
            kind=Day(),
            in_list=True,
            also=("截止日期", "失效日期", "结束日期"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(
        BY_SYSTEM_NUMBER,
        Key(("person", "kind", "division", "place", "valid_from")),
        Key(("person", "kind", "division", "household", "valid_from")),
        Key(("person", "kind", "division", "valid_from"), is_loose=True),
    ),
    title="person",
    order=("division_id", "kind", "pk"),
    office=Office.GENERAL.value,
    reading=Permission.READ_REGISTER.value,
    writing=Permission.EDIT_REGISTER.value,
    checks=(check_days,),
    check_all=check_duties,
)
