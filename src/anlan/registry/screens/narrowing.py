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

LONGEST_WORDS = 60


@dataclass(frozen=True)
class Filter:
    """One choice of the form above a list."""

    name: str
    label: str | Promise
    options: tuple[tuple[str, str], ...]
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
