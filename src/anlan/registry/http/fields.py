"""From a column to the types by which programs give and take its values."""

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, Len, MaxLen
from pydantic import AllowInfNan, BaseModel, BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.tables.columns import (
    Choice,
    Code,
    Column,
    Course,
    Curve,
    Day,
    IdNumber,
    Kind,
    Number,
    Phone,
    Text,
    Whole,
    YesNo,
)
from anlan.registry.tables.references import DIVISION

LONGEST_NAME, LONGEST_PHONE, MOST_PAIRS = 160, 40, 5_000
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EXAMPLE_DAY = "2026-07-01"
CODE = r"^([0-9A-Za-z][0-9A-Za-z._-]*)?$"


class Named(BaseModel):
    """Another record, by the text that names it; write the same text to refer to it."""

    name: str


class NamedDivision(Named):
    """A division by its code and its name; write either to refer to it."""

    code: str


def day_of(value: Any) -> Any:
    """Return a day for the calendar to read; refuse numbers, which would be seconds."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return value
    raise PydanticCustomError("date_type", "not a day")


def whole_of(value: Any) -> Any:
    """Return 3 for 3.0, which is the same number in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Pair = Annotated[list[Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]], Len(2, 2)]
Pairs = Annotated[list[Pair], MaxLen(MOST_PAIRS)]


def taken(column: Column) -> Any:
    """Return the type of a value that a program writes."""
    kind = column.kind
    if isinstance(kind, Choice):
        return Literal[tuple(kind.of.values)]
    if isinstance(kind, Whole):
        return Annotated[int, Strict(), Ge(kind.least), Le(kind.most), BeforeValidator(whole_of)]
    if isinstance(kind, Number):
        bounds = (Ge(float(kind.least)), Le(float(kind.most)))
        return Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False), *bounds]
    if isinstance(kind, Day):
        return Annotated[date, BeforeValidator(day_of)]
    if isinstance(kind, YesNo):
        return Annotated[bool, Strict()]
    if isinstance(kind, Curve | Course):
        return Pairs
    if isinstance(kind, Code):
        return Annotated[str, MaxLen(kind.longest), Field(pattern=CODE)]
    return Annotated[str, MaxLen(longest(kind))]


def longest(kind: Kind) -> int:
    """Return how many characters a text may have."""
    if isinstance(kind, Text):
        return kind.longest
    return LONGEST_PHONE if isinstance(kind, Phone | IdNumber) else LONGEST_NAME


def given(column: Column) -> Any:
    """Return the type of a value that a program reads."""
    kind = column.kind
    if column.is_reference:
        return NamedDivision | None if kind is DIVISION else Named | None
    if isinstance(kind, Choice):
        return Literal[tuple(kind.of.values)] | None
    if isinstance(kind, Curve | Course):
        return list[Pair]
    return kind.schema() if kind.schema() is str else kind.schema() | None


def described(column: Column) -> str:
    """Return what a column holds: its label, its help, what each of its words stands for."""
    parts = [str(column.label).rstrip(".") + ".", str(column.help)]
    if isinstance(column.kind, Choice):
        parts.append("; ".join(f"`{each.value}`: {each.label}" for each in column.kind.of) + ".")
    return " ".join(part for part in parts if part)


def described_for_reading(column: Column) -> str:
    """Return what a column holds, with how it is read."""
    masked = " Masked unless it is asked for in full and the key allows it."
    return described(column) + (masked if column.is_personal else "")


def described_for_writing(column: Column, *, is_change: bool) -> str:
    """Return what a column holds, with how it is written."""
    parts = [described(column)]
    if column.is_reference:
        parts.append("Write the name, or the code where there is one.")
    if column.default is not None and not is_change:
        parts.append(f"Without it: `{json.dumps(column.default)}`.")
    return " ".join(parts)


def examples(column: Column) -> list[Any] | None:
    """Return an example of a column's value in JSON, None when it has none."""
    if isinstance(column.kind, Day):
        return [column.example or EXAMPLE_DAY]
    if not column.example:
        return None
    if column.is_reference:
        return [column.example]
    try:
        return [plain(column.kind, column.kind.parse(column.example))]
    except BadCell:
        return None


def plain(kind: Kind, value: Any) -> Any:
    """Return a stored value as JSON has it: no decimals, no empty choices, no missing texts."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(kind, Choice):
        return value if value in kind.of.values else None
    if isinstance(kind, Curve | Course):
        return list(value or ())
    if value is None and kind.schema() is str:
        return ""
    return value


def reading(column: Column) -> tuple[Any, Any]:
    """Return a column as a field of what is read."""
    return given(column), Field(title=str(column.label), description=described_for_reading(column))


def writing(column: Column, *, is_change: bool) -> tuple[Any, Any]:
    """Return a column as a field of what is written; null empties one that may be empty."""
    kind = taken(column)
    shown: dict[str, Any] = {
        "title": str(column.label),
        "description": described_for_writing(column, is_change=is_change),
        "examples": examples(column),
    }
    if column.is_required:
        return kind, Field(default=None if is_change else ..., **shown)
    return kind | None, Field(default=None, **shown)


def narrowing(column: Column) -> tuple[Any, Any]:
    """Return a column as a parameter by which a list is narrowed."""
    kind: Any = taken(column)
    if isinstance(column.kind, Whole):
        kind = Annotated[int, Ge(column.kind.least), Le(column.kind.most)]
    elif isinstance(column.kind, YesNo):
        kind = bool
    return kind, Field(default=None, title=str(column.label), description=described(column))


def camel(words: Sequence[str]) -> str:
    """Return words as the name of a type."""
    return "".join(word.capitalize() for word in words)
