"""The types of one table: a record, a page of them, what is written, by what a list is narrowed."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from annotated_types import Ge, Le, MaxLen
from django.utils.translation import override
from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import SkipJsonSchema

from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.showing import COUNTED, PAGE
from anlan.kernel.tables.table import Table
from anlan.registry.http.fields import camel, narrowing, reading, writing

MOST_ROWS, LATEST_VERSION = 200, 2_147_483_647
DIVISION_CODE = r"^[0-9]{12}$"

Version = Annotated[int, Ge(0), Le(LATEST_VERSION)]
Code = Annotated[str, Field(pattern=DIVISION_CODE)]
DivisionCode = Annotated[str, Field(pattern=DIVISION_CODE, examples=["990701101000"])]


class Cells(BaseModel):
    """What a program writes; a field that no column has is refused."""

    model_config = ConfigDict(extra="forbid")


class Turning(BaseModel):
    """Which page of a list."""

    page: Annotated[int, Ge(1), Le(COUNTED)] = Field(default=1, description="Page, from 1.")
    size: Annotated[int, Ge(1), Le(MOST_ROWS)] = Field(
        default=PAGE, description="Records a page, at most 200."
    )


class Narrowing(Turning):
    """By what every list can be narrowed."""

    division: Code | SkipJsonSchema[None] = Field(
        default=None, description="Only records of this division and what lies in it: 12 digits."
    )
    q: Annotated[str, MaxLen(80)] = Field(
        default="",
        description="Only records of this name, code or number, or a part of it.",
    )


class Personal(BaseModel):
    """Whether numbers of persons are given in full."""

    in_full: bool = Field(
        default=False,
        description="Numbers of persons in full, for a key with `show_personal`; it is journalled.",
    )


class Paged(BaseModel):
    """Where in the list the page stands."""

    page: int = Field(description="This page, from 1; the last one when asked beyond it.")
    pages: int = Field(description="How many pages there are.")
    total: int = Field(description=f"How many records fit; counting stops at {COUNTED}.")
    total_is_exact: bool = Field(description="No when counting stopped; then narrow the list.")


@dataclass(frozen=True)
class Shapes:
    """The types of one table."""

    record: type[BaseModel]
    page: type[BaseModel]
    new: type[BaseModel]
    change: type[BaseModel]
    sought: type[BaseModel]
    address: Any


def shapes_of(table: Table) -> Shapes:
    """Return the types of a table, described in English."""
    name = camel(table.name.split("-"))
    with override("en"):
        record = _record(table, name=name)
        records: Any = list[record]  # type: ignore[valid-type]  # known only here
        return Shapes(
            record=record,
            page=create_model(f"{name}Page", __base__=Paged, __doc__=None, records=(records, ...)),
            new=_written(table, name=f"{name}New", is_change=False),
            change=_written(table, name=f"{name}Change", is_change=True),
            sought=_sought(table, name=name),
            address=_address(table),
        )


def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns besides the record's own address."""
    return tuple(column for column in table.columns if column.name != table.address)


def _record(table: Table, *, name: str) -> type[BaseModel]:
    fields: dict[str, Any] = {
        table.address: (str, Field(description="By which the record is known.")),
        "version": (int, Field(description="Counts up with each change; give it when you write.")),
        "division_code": (str, Field(description="The division that the record belongs to.")),
    }
    for column in columns_of(table):
        fields[column.name] = reading(column)
    return create_model(f"{name}Record", __doc__=f"One {table.one}.", **fields)


def _written(table: Table, *, name: str, is_change: bool) -> type[BaseModel]:
    fields: dict[str, Any] = {
        each.name: writing(each, is_change=is_change) for each in columns_of(table)
    }
    if is_change:
        seen = "The version that you have seen; refused when somebody was quicker."
        fields["version"] = (Version, Field(description=seen))
    words = "What changes; the rest stays." if is_change else f"A new {table.one}."
    return create_model(name, __base__=Cells, __doc__=words, **fields)


def _sought(table: Table, *, name: str) -> type[BaseModel]:
    fields: dict[str, Any] = {column.name: narrowing(column) for column in table.filters}
    if table.gone:
        words = "Also records that no longer count."
        fields["with_gone"] = (bool, Field(default=False, description=words))
    bases = (Narrowing, Personal) if table.personal else (Narrowing,)
    return create_model(f"{name}Sought", __base__=bases, **fields)


def _address(table: Table) -> Any:
    return UUID if table.address == "uuid" else DivisionCode
