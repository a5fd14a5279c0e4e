"""The columns that every kind of place shares, and how a place without coordinates is put."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import Choice, Code, Column, Number, Text, Words
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.table import Key, Table
from anlan.registry.data import DutyKind, Located, Office, Permission, PlaceKind
from anlan.registry.models import Division, Place
from anlan.registry.tables.keepers import DutyKeeper
from anlan.registry.tables.references import ANSWERING, DIVISION

TOWN_HEADINGS = (
    "乡镇",
    "镇办",
    "镇街",
    "乡镇街道",
    "所在乡镇",
    "所属乡镇",
    "镇（街道）",
    "街道",
    "town",
)
BY_SYSTEM_NUMBER = Key(("uuid",))

SYSTEM_NUMBER = Column(
    name="uuid",
    label=_("System number"),
    kind=Code(36),
    also=("系统编号",),
    help=_("Leave it empty for a new row. In a file that the program gave out, do not change it."),
)


def division_column(*, label: Words = "", **options: Any) -> Column:
    """Return the column of the division that a record belongs to."""
    settings: dict[str, Any] = {
        "name": "division",
        "label": label or _("Division"),
        "kind": DIVISION,
        "is_required": True,
        "in_list": True,
        "also": (
            "村社区",
            "村（社区）",
            "行政村",
            "所在村",
            "所属村",
            "村",
            "社区",
            "区划代码",
            "行政区划",
            "行政区划代码",
            "所在区划",
            "所属区划",
            "单位所在地",
            "village",
        ),
        "before": TOWN_HEADINGS,
        "help": _("“town/village”, or the 12-digit code."),
        "example": "上河镇/坡下村",
    }
    return Column(**settings | options)


def place_columns(
    *, named: tuple[str, ...] = (), coded: tuple[str, ...] = ()
) -> tuple[Column, ...]:
    """Return the columns of every place: code, name, division."""
    return (
        Column(
            name="code",
            label=_("Code"),
            kind=Code(30),
            also=("编码", "统一编号", "代码", *coded),
            in_list=True,
            help=_("The office's own number; without one the program gives a number."),
        ),
        Column(
            name="name",
            label=_("Name"),
            kind=Text(80),
            is_required=True,
            also=("名 称", *named),
            in_list=True,
        ),
        division_column(),
    )


POSITION = (
    Column(
        name="lon",
        label=_("Longitude"),
        kind=Number(73, 136, units=("°", "度", "e")),
        also=("经度(E)", "东经", "X坐标", "lng"),
        help=_("Decimal degrees, WGS 84 or CGCS2000. Empty: the centre of the division."),
        example="107.0213",
    ),
    Column(
        name="lat",
        label=_("Latitude"),
        kind=Number(3, 54, units=("°", "度", "n")),
        also=("纬度(N)", "北纬", "Y坐标"),
        example="33.0712",
    ),
    Column(
        name="located",
        label=_("Position"),
        kind=Choice(Located),
        default=Located.MEASURED.value,
        help=_("Set by the program: measured, or the centre of the division."),
    ),
    Column(name="address", label=_("Address"), kind=Text(120), also=("详细地址", "地点", "位置")),
    Column(name="remark", label=_("Remark"), kind=Text(200), also=("备 注", "说明")),
)


def duty_column(
    name: str,
    *,
    label: Words,
    kind: DutyKind,
    phones: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    in_list: bool = False,
) -> Column:
    """Return the column that names who holds a duty over the place, with the phone behind it."""
    return Column(
        name=name,
        label=label,
        kind=ANSWERING,
        keeper=DutyKeeper(kind=kind, over="place"),
        in_list=in_list,
        also=also,
        after=phones,
        help=_("Name, and the phone behind it when the person is not in the register yet."),
        example="王守田 13800000000",
    )


def place_table(
    kind: PlaceKind,
    *,
    columns: tuple[Column, ...],
    named: tuple[str, ...] = (),
    coded: tuple[str, ...] = (),
    **options: Any,
) -> Table:
    """Return the table of one kind of place."""
    settings: dict[str, Any] = {
        "model": Place,
        "fixed": {"kind": kind.value},
        "columns": (
            *place_columns(named=named, coded=coded),
            *columns,
            *POSITION,
            SYSTEM_NUMBER,
        ),
        "keys": (BY_SYSTEM_NUMBER, Key(("code",)), Key(("division", "name"), is_loose=True)),
        "title": "name",
        "order": ("division_id", "name", "pk"),
        "reading": Permission.READ_REGISTER.value,
        "writing": Permission.EDIT_REGISTER.value,
        "office": Office.GENERAL.value,
        "is_located": True,
        "derive": complete_places(kind),
        "checks": (check_position,),
    }
    return Table(**settings | options)


CODE_LETTERS = {
    PlaceKind.RESERVOIR: "SK",
    PlaceKind.RIVER_SECTION: "HD",
    PlaceKind.HAZARD_POINT: "DZ",
    PlaceKind.SHELTER: "BN",
    PlaceKind.RANGER_STATION: "GH",
    PlaceKind.MACRO_STATION: "HG",
    PlaceKind.FOREST_COMPARTMENT: "LB",
    PlaceKind.FIRE_CHECKPOINT: "JC",
    PlaceKind.SCHOOL: "XX",
    PlaceKind.HOSPITAL: "YY",
    PlaceKind.ENTERPRISE: "QY",
    PlaceKind.INFRASTRUCTURE: "JS",
}


def complete_places(kind: PlaceKind) -> Callable[[list[Draft]], None]:
    """Return what gives new places of a kind their codes and positions where the rows give none."""

    def complete(drafts: list[Draft]) -> None:
        new = [draft for draft in drafts if draft.pk is None]
        give_codes([draft for draft in new if not draft.values.get("code")], kind=kind)
        for draft in drafts:
            _keep_position(draft)
        place_at_centre([draft for draft in new if is_unplaced(draft)])

    return complete


def give_codes(drafts: list[Draft], *, kind: PlaceKind) -> None:
    """Give places without a code the next numbers of their county and kind."""
    last: dict[str, int] = {}
    for draft in drafts:
        prefix = f"{draft.home[:6]}-{CODE_LETTERS[kind]}"
        if prefix not in last:
            codes = Place.objects.filter(kind=kind, code__startswith=prefix)
            found = codes.order_by("-code").values_list("code", flat=True).first()
            tail = (found or "").removeprefix(prefix)
            last[prefix] = int(tail) if tail.isdigit() else 0
        last[prefix] += 1
        draft.values["code"] = f"{prefix}{last[prefix]:05d}"


def _keep_position(draft: Draft) -> None:
    """A measured position says so; empty cells leave the position of a known place alone."""
    if draft.values.get("lon") is not None and draft.values.get("lat") is not None:
        draft.values.setdefault("located", Located.MEASURED.value)
    elif draft.pk is not None and is_unplaced(draft):
        for name in ("lon", "lat", "located"):
            draft.values.pop(name, None)


def place_at_centre(drafts: list[Draft]) -> None:
    """Put new places without coordinates at the centre of their divisions."""
    codes = {draft.home for draft in drafts if draft.home}
    rows = Division.objects.filter(pk__in=codes, lon__isnull=False)
    centres = {code: (lon, lat) for code, lon, lat in rows.values_list("pk", "lon", "lat")}
    for draft in drafts:
        if draft.home in centres:
            draft.values["lon"], draft.values["lat"] = centres[draft.home]
            draft.values["located"] = Located.CENTRE.value
        elif draft.home:
            draft.complain(
                "lon",
                gettext("Give the coordinates: the division has no position on the map either."),
            )


def is_unplaced(draft: Draft) -> bool:
    """Tell whether a row gives no coordinates."""
    return draft.values.get("lon") is None and draft.values.get("lat") is None


def check_position(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Complain about half a position, or none where the division has none either."""
    if (values.get("lon") is None) != (values.get("lat") is None):
        name = "lon" if values.get("lon") is None else "lat"
        yield name, gettext("Longitude and latitude go together: give both or neither.")
