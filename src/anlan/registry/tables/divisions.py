"""The division tree and the forest of towns, as tables."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes import InvalidDivisionCode, Level, level_of, parent_of
from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.tables.columns import Choice, Code, Column, Number, Text, Whole
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.table import Changed, Key, Table
from anlan.registry.data import DivisionChangeKind, DivisionKind, Office, Permission
from anlan.registry.models import Division, DivisionChange, ForestStand
from anlan.registry.tables.shared import BY_SYSTEM_NUMBER, SYSTEM_NUMBER, division_column

KINDS_OF_LEVEL: dict[Level, tuple[DivisionKind, ...]] = {
    Level.PROVINCE: (DivisionKind.PROVINCE,),
    Level.CITY: (DivisionKind.CITY,),
    Level.COUNTY: (DivisionKind.COUNTY,),
    Level.TOWN: (DivisionKind.TOWN, DivisionKind.SUBDISTRICT),
    Level.VILLAGE: (DivisionKind.VILLAGE, DivisionKind.COMMUNITY),
}
SUBDISTRICT_ENDS = ("街道", "街道办事处", "办事处")
COMMUNITY_ENDS = ("社区", "居委会", "居民委员会", "社区居委会")


class DivisionCode(Code):
    """The statistical code of 12 digits; 6 or 9 digits are filled up with zeros."""

    def parse(self, cell: Any) -> str:
        """Return the 12 digits."""
        found = super().parse(cell)
        if found.isascii() and found.isdigit() and len(found) in (2, 4, 6, 9):
            found = found.ljust(12, "0")
        if found:
            try:
                level_of(found)
            except InvalidDivisionCode as error:
                raise BadCell(str(error)) from None
        return found


def kind_of(code: str, *, name: str, said: str) -> DivisionKind:
    """Return the kind of a division: as it is said where that fits its code, else by its name.

    Real registers break the number ranges, so that the name goes before the number.
    """
    fits = KINDS_OF_LEVEL[level_of(code)]
    if len(fits) > 1:
        ends = SUBDISTRICT_ENDS if fits[0] is DivisionKind.TOWN else COMMUNITY_ENDS
        if said == fits[1] or name.endswith(ends):
            return fits[1]
    return fits[0]


def complete_divisions(drafts: list[Draft]) -> None:
    """Give each division its parent and its kind, and take the upper levels first."""
    codes = {draft.values.get("code", "") for draft in drafts}
    wanted = {parent_of(code) for code in codes if code} - {None}
    known = codes | set(Division.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    highest = min((level_of(code) for code in codes if code), default=Level.PROVINCE)
    for draft in drafts:
        code = draft.values.get("code", "")
        if not code:
            continue
        _place_in_tree(draft, code, known=known, is_top=level_of(code) == highest)
        name = draft.values.get("name") or draft.before.get("name") or ""
        draft.values["kind"] = kind_of(code, name=name, said=draft.values.get("kind") or "").value
    drafts.sort(key=lambda draft: level_of(draft.values["code"]) if draft.values.get("code") else 0)


def _place_in_tree(draft: Draft, code: str, *, known: set[str], is_top: bool) -> None:
    parent = parent_of(code)
    if parent in known:
        draft.values["parent"] = parent
    elif draft.pk is None and parent is not None and not is_top:
        draft.complain(
            "code",
            gettext("The division above, %(code)s, is neither in the register nor in this file.")
            % {"code": parent},
        )
    elif draft.pk is None:
        draft.values["parent"] = None


class OwnPeople(Whole):
    """A count that upper divisions do not keep: theirs is the sum of their villages'."""

    def show(self, value: Any) -> Any:
        """Return nothing for none, so that a town does not seem to be empty."""
        return value or ""


class OwnArea(Number):
    """An area that upper divisions do not keep: theirs is the sum of their villages'."""

    def show(self, value: Any) -> Any:
        """Return nothing for none."""
        return super().show(value) or ""


class ParentCode(Code):
    """The code of the division above, which the code itself says."""

    def parse(self, cell: Any) -> str:
        """Return the text; it is replaced by what the code says."""
        return super().parse(cell)


def check_terrain(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about a county that is recorded with terrain of its own beside its villages'."""
    if values.get("population", 0) and values.get("households", 0) > values["population"]:
        yield "households", gettext("There cannot be more households than people.")


def note_renames(changed: Sequence[Changed], *, now: datetime) -> None:
    """Write the names that a sheet or a form changed into the history of their divisions."""
    on = timezone.localtime(now).date()
    DivisionChange.objects.bulk_create(
        [
            DivisionChange(
                division_id=each.pk,
                kind=DivisionChangeKind.RENAMED,
                on=on,
                from_code=each.pk,
                from_name=each.before["name"],
                to_name=each.after["name"],
            )
            for each in changed
            if "name" in each.after
        ],
        batch_size=500,
    )


DIVISIONS = Table(
    name="divisions",
    label=_("Divisions"),
    one=_("division"),
    group="divisions",
    model=Division,
    columns=(
        Column(
            name="code",
            label=_("Division code"),
            kind=DivisionCode(12),
            is_required=True,
            is_fixed=True,
            in_list=True,
            also=("行政区划代码", "区划代码", "统计用区划代码", "代码"),
            help=_("The statistical code of 12 digits."),
            example="990701101201",
        ),
        Column(
            name="name",
            label=_("Name"),
            kind=Text(60),
            is_required=True,
            in_list=True,
            also=("区划名称", "行政区划名称"),
        ),
        Column(
            name="kind",
            label=_("Kind"),
            kind=Choice(DivisionKind, also=(("居委会", "community"), ("村委会", "village"))),
            in_list=True,
            is_filter=True,
            also=("level", "级别", "类别", "类型"),
            help=_("Without it, the code and the name say it."),
        ),
        Column(
            name="parent",
            label=_("Division above"),
            kind=ParentCode(12),
            also=("parent_code", "上级代码", "上级区划代码"),
            help=_("The code says it; what stands here is not needed."),
        ),
        Column(
            name="population",
            label=_("Population"),
            kind=OwnPeople(0, 50_000_000, units=("人",)),
            default=0,
            in_list=True,
            also=("总人口", "户籍人口", "常住人口"),
        ),
        Column(
            name="households",
            label=_("Households"),
            kind=OwnPeople(0, 20_000_000, units=("户",)),
            default=0,
            also=("户数", "总户数"),
        ),
        *(
            Column(
                name=f"{name}_km2",
                label=label,
                kind=OwnArea(0, 99_999, places=4, units=("km2", "km²", "平方公里")),
                default=0,
                also=also,
            )
            for name, label, also in (
                ("plain", _("Plain, km²"), ("平川面积", "平川")),
                ("hill", _("Hills, km²"), ("丘陵面积", "丘陵")),
                ("mountain", _("Mountains, km²"), ("山地面积", "山地")),
            )
        ),
        Column(name="lon", label=_("Longitude"), kind=Number(73, 136), also=("中心经度",)),
        Column(name="lat", label=_("Latitude"), kind=Number(3, 54), also=("中心纬度",)),
        Column(
            name="elevation_m",
            label=_("Elevation, m"),
            kind=Number(-200, 9_000, units=("m", "米")),
            default=0,
            also=("海拔", "高程"),
        ),
    ),
    keys=(Key(("code",)),),
    title="name",
    home="code",
    address="code",
    order=("code",),
    gone="ended_on",
    office=Office.GENERAL.value,
    reading=Permission.READ_REGISTER.value,
    writing=Permission.REDRAW_DIVISIONS.value,
    derive=complete_divisions,
    checks=(check_terrain,),
    after_change=note_renames,
    notes=(
        _("The statistical code file of any county can be taken in as it is published."),
        _("Another name is a renaming and stays in the history; merge and split on its own page."),
    ),
)


def check_forest(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about stocked land beyond the forest land."""
    land, stocked = values.get("forest_land_ha"), values.get("stocked_ha")
    if land is not None and stocked is not None and stocked > land:
        yield (
            "stocked_ha",
            gettext("Stocked land cannot be more than the forest land it is part of."),
        )


FOREST_STANDS = Table(
    name="forest-stands",
    label=_("Forest resources by town"),
    one=_("forest of a town"),
    group="forest",
    model=ForestStand,
    columns=(
        division_column(
            label=_("Town"),
            also=("镇办", "乡镇", "单位", "统计单位"),
            before=(),
            is_fixed=True,
        ),
        *(
            Column(
                name=name,
                label=label,
                kind=Number(0, 1e9, places=2),
                is_required=True,
                in_list=True,
                also=also,
            )
            for name, label, also in (
                ("forest_land_ha", _("Forest land, ha"), ("林业用地", "林地面积")),
                ("stocked_ha", _("Stocked land, ha"), ("有林地", "有林地面积")),
                ("special_shrub_ha", _("Special shrub land, ha"), ("特灌林", "特殊灌木林地")),
            )
        ),
        Column(
            name="growing_stock_m3",
            label=_("Growing stock, m³"),
            kind=Whole(0, 10**12),
            is_required=True,
            in_list=True,
            also=("活立木蓄积", "蓄积量"),
        ),
        SYSTEM_NUMBER,
    ),
    keys=(BY_SYSTEM_NUMBER, Key(("division",))),
    title="division",
    order=("division_id",),
    office=Office.FOREST.value,
    reading=Permission.READ_REGISTER.value,
    writing=Permission.EDIT_REGISTER.value,
    checks=(check_forest,),
)
