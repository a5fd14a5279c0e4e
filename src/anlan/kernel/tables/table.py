"""A table of records: its models, its columns, by what a row is known again, its own rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from django.db import models

from anlan.kernel.tables.columns import Column, Words

Values = dict[str, Any]
"""The values of one row by the names of its columns."""

Complaint = tuple[str, str]
"""The name of a column and the sentence that says what is wrong with its value."""

Check = Callable[[Values], Iterable[Complaint]]
"""Looks at one row with the values that it will have, old ones where the row gives none."""


@dataclass(frozen=True)
class Changed:
    """A row that was changed: its key, and the changed columns before and after."""

    pk: Any
    before: Values
    after: Values


class AfterChange(Protocol):
    """What a table does in the transaction in which rows of it are changed."""

    def __call__(self, changed: Sequence[Changed], *, now: datetime) -> None:
        """Keep what hangs on the change."""
        ...


@dataclass(frozen=True)
class Key:
    """Columns by which a row is known again. A loose key counts only while it is unmistakable."""

    columns: tuple[str, ...]
    is_loose: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table declared once.

    `name` stands in addresses and commands. `home` names the column whose division the row
    belongs to. `gone` names the day from which a row no longer counts. `derive` completes the
    drafts (codes, positions, counts) before they are compared, `check_all` looks at them
    together, `after_change` hears of rows that were changed or given back.
    """

    name: str
    label: Words
    one: Words
    group: str
    columns: tuple[Column, ...]
    model: type[models.Model]
    detail: type[models.Model] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[Key, ...]
    title: str
    home: str = "division"
    order: tuple[str, ...] = ("division_id", "pk")
    office: str = ""
    reading: str = ""
    writing: str = ""
    is_located: bool = False
    gone: str = ""
    unique: tuple[str, ...] = ()
    address: str = "uuid"
    checks: tuple[Check, ...] = ()
    derive: Callable[[list[Any]], None] | None = None
    check_all: Callable[[list[Any]], None] | None = None
    after_change: AfterChange | None = None
    notes: tuple[Words, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Return the columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """Return the columns that the models themselves hold."""
        return tuple(column for column in self.columns if not column.is_virtual)

    @cached_property
    def listed(self) -> tuple[Column, ...]:
        """Return the columns of the list page."""
        return tuple(column for column in self.columns if column.in_list)

    @cached_property
    def filters(self) -> tuple[Column, ...]:
        """Return the columns by which the list page can be narrowed."""
        return tuple(column for column in self.columns if column.is_filter)

    @property
    def personal(self) -> tuple[Column, ...]:
        """Return the columns with numbers of persons."""
        return tuple(column for column in self.columns if column.is_personal)

    @cached_property
    def headings(self) -> Mapping[str, tuple[str, ...]]:
        """Return the headings under which a sheet may give each column."""
        return {column.name: column.headings for column in self.columns}

    def source(self) -> type[models.Model]:
        """Return the model from which whole records are read."""
        return self.detail or self.model

    @cached_property
    def scope_path(self) -> str:
        """Return how to reach the division from the record's source."""
        return str(getattr(self.source(), "scope_path", "division_id"))

    def path(self, column: Column) -> str:
        """Return how to reach a column from the record's source."""
        return column.attribute if column.on_detail else self.base_path(column.attribute)

    def base_path(self, attribute: str) -> str:
        """Return how to reach a column of the base model from the record's source."""
        return attribute if self.detail is None else f"place__{attribute}"


_tables: dict[str, Table] = {}


def declare(*tables: Table) -> None:
    """Make tables known by their names."""
    for table in tables:
        _tables[table.name] = table


def tables() -> tuple[Table, ...]:
    """Return every declared table, in the order of their declaration."""
    return tuple(_tables.values())


class NoSuchTable(LookupError):
    """A name that no table has."""


def table_named(name: str) -> Table:
    """Return a table by its name; raise NoSuchTable."""
    try:
        return _tables[name]
    except KeyError:
        raise NoSuchTable(name) from None
