"""What a list is narrowed to, read from its address, and the choices that its form offers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise

from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.kernel.paging import whole_number
from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.tables.columns import Choice, Column, YesNo
from anlan.kernel.tables.showing import Sought
from anlan.kernel.tables.table import Table
from anlan.registry.data import Bearing
from anlan.registry.models import Division

LONGEST_WORDS = 60


@dataclass(frozen=True)
class Filter:
    """One choice of the form above a list."""

    name: str
    label: str | Promise
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class PlaceChoice:
    """The divisions to choose from: the way down to the chosen one, and what lies in it."""

    above: tuple[Bearing, ...]
    inside: tuple[Bearing, ...]
    chosen: str


def sought_in(table: Table, asked: QueryDict) -> Sought:
    """Return what an address asks for; what cannot be understood narrows nothing."""
    return Sought(
        division=_code(asked.get("division", "")),
        words=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        values=dict(_values(table, asked)),
        with_gone=asked.get("gone") == "1",
        page=whole_number(asked.get("page", ""), otherwise=1),
    )


def _code(text: str) -> str:
    try:
        check_code(text)
    except InvalidDivisionCode:
        return ""
    return text


def _values(table: Table, asked: QueryDict) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        text = asked.get(column.name, "")
        if not text or column.is_virtual:
            continue
        if column.is_filter:
            try:
                value = column.kind.parse(text)
            except BadCell:
                continue
            if value not in (None, ""):
                yield column.name, value
        elif column.is_reference and (key := _key_of(table, column, text)) is not None:
            yield column.name, key


def _key_of(table: Table, column: Column, text: str) -> Any:
    """Return the key of the record that a reference column must name, by its uuid."""
    try:
        address = UUID(text)
    except ValueError:
        return None
    model: Any = table.detail if column.on_detail and table.detail else table.model
    target = model._meta.get_field(column.attribute).related_model
    names = {field.name for field in target._meta.concrete_fields}
    path = "uuid" if "uuid" in names else "place__uuid"
    return target._default_manager.filter(**{path: address}).values_list("pk", flat=True).first()


def filters_of(table: Table, asked: Mapping[str, Any]) -> list[Filter]:
    """Return the choices of the form above a list."""
    return [
        Filter(
            name=column.name,
            label=column.label,
            options=tuple(_options(column)),
            chosen=str(asked.get(column.name, "")),
        )
        for column in table.filters
        if isinstance(column.kind, (Choice, YesNo))
    ]


def _options(column: Column) -> Iterator[tuple[str, str]]:
    if isinstance(column.kind, Choice):
        yield from ((str(m.value), str(m.label)) for m in column.kind.of)
    else:
        words = column.kind.choices()
        yield from (("1", words[0]), ("0", words[1]))


def place_choice(chosen: str) -> PlaceChoice:
    """Return the divisions to choose from in sight: few, however many counties there are."""
    present = Division.objects.filter(ended_on__isnull=True)
    above: list[Bearing] = []
    if chosen:
        codes = [chosen[:digits].ljust(12, "0") for digits in (6, 9, 12)]
        above = _bearings(present.filter(code__in=codes, code__lte=chosen))
    if above:
        inside = _bearings(present.filter(parent_id=above[-1].code))
    else:
        inside = _bearings(_tops(present))
    return PlaceChoice(above=tuple(above), inside=tuple(inside), chosen=chosen if above else "")


def _tops(present: Any) -> Any:
    """Return what to begin with: the counties when there are several, else what lies in the one."""
    for kinds in (("county",), ("town", "subdistrict"), ("village", "community")):
        rows = present.filter(kind__in=kinds)
        if rows[:2].count() > 1:
            return rows
    return present.none()


def _bearings(rows: Any) -> list[Bearing]:
    found = rows.order_by("code").values_list("code", "name")[:400]
    return [Bearing(code=code, name=name) for code, name in found]
