"""Rows on their way into a table: what each says, what it would change, what is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from anlan.kernel.tables.table import Table, Values


class RowState(Enum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, or with the whole row when `column` is empty."""

    column: str
    sentence: str


@dataclass(slots=True)
class Draft:
    """One row: its number, what its cells say, and the record that it is about.

    `values` hold what the cells say, `before` what the record has now, `changes` the names of the
    columns that differ.
    """

    number: int
    cells: dict[str, Any]
    values: Values = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    home: str = ""
    pk: Any = None
    version: int = 0
    before: Values = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> RowState:
        """Return what becomes of the row."""
        if self.faults:
            return RowState.BAD
        if self.pk is None:
            return RowState.NEW
        return RowState.CHANGED if self.changes else RowState.UNCHANGED

    def whole(self) -> Values:
        """Return the row as it will stand: what it says over what the record has."""
        return {**self.before, **self.values}

    def complain(self, column: str, sentence: str) -> None:
        """Note that a cell cannot be used."""
        self.faults.append(Fault(column=column, sentence=sentence))


@dataclass(frozen=True)
class Plan:
    """What a set of rows would do to a table whose revision was `revision`."""

    table: Table
    drafts: list[Draft]
    revision: int

    def in_state(self, *states: RowState) -> Iterator[Draft]:
        """Give the rows that come to this."""
        return (draft for draft in self.drafts if draft.state in states)

    def counts(self) -> dict[RowState, int]:
        """Return how many rows come to what."""
        found = dict.fromkeys(RowState, 0)
        for draft in self.drafts:
            found[draft.state] += 1
        return found

    @property
    def is_clean(self) -> bool:
        """Tell whether no row is bad."""
        return not any(draft.faults for draft in self.drafts)


def good(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the rows without a fault."""
    return [draft for draft in drafts if not draft.faults]
