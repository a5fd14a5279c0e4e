"""A table of places as a layer of the map."""

from typing import Any

from anlan.kernel.tables.showing import records
from anlan.kernel.tables.table import Table

MOST = 20_000
DEGREE = 10_000
FACTS = 3


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
