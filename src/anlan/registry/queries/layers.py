"""A table of places as a layer of the map."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from anlan.kernel.tables.showing import records
from anlan.kernel.tables.table import Table, tables
from anlan.registry.data import Permission
from anlan.registry.queries.authorities import codes_where, grants_of
from anlan.registry.queries.overview import counts_by_table

MOST = 20_000
DEGREE = 10_000
FACTS = 3


@dataclass(frozen=True)
class LocatedTable:
    """A table whose rows stand on the map, with how many are in sight."""

    name: str
    label: str | Promise
    count: int


def located_tables(account_id: int | None, *, at: datetime) -> list[LocatedTable]:
    """Return the tables that an account may lay on the map and that have rows in sight."""
    grants = grants_of(account_id, at=at)
    found = [t for t in tables() if t.is_located and codes_where(grants, Permission(t.reading))]
    counts = counts_by_table(found)
    return [
        LocatedTable(name=table.name, label=table.label, count=counts[table.name])
        for table in found
        if counts.get(table.name)
    ]


def layer_of(table: Table) -> list[list[Any]]:
    """Return the places in sight: [name, x, y, a fact in words, address], positions in 1e-4°."""
    keys = table.model._default_manager.filter(**table.fixed).order_by("pk")
    found = records(table, list(keys.values_list("pk", flat=True)[:MOST]))
    telling = [
        column
        for column in table.columns
        if column.in_list and column.name not in ("name", "code", "division")
    ][:FACTS]
    rows = []
    for record in found:
        facts = [
            f"{column.label} {text}" for column in telling if (text := record.shown(column)) != ""
        ]
        rows.append(
            [
                record.values["name"],
                round(record.values["lon"] * DEGREE),
                round(record.values["lat"] * DEGREE),
                " · ".join(facts),
                record.address,
            ]
        )
    return rows
