"""How much the register holds."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from anlan.kernel.tables.showing import COUNTED, Sought, sought_rows
from anlan.kernel.tables.table import Table

COUNTED_ONE_BY_ONE = ("divisions", "organizations", "people", "duties", "households", "teams")


def counts_by_table(tables: Sequence[Table]) -> dict[str, int]:
    """Return how many rows in sight places and some other tables have.

    One query counts them all, to COUNTED + 1 at most: it is quick over any number of counties.
    """
    counted = [t for t in tables if "kind" in t.fixed or t.name in COUNTED_ONE_BY_ONE]
    statements, values = [], []
    for number, table in enumerate(counted):
        try:
            sql, given = _some_rows(table).query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(f"SELECT {number}, COUNT(*) FROM ({sql}) AS counted")  # noqa: S608  made by Django
        values += given
    found = {table.name: 0 for table in counted}
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), values)
            found |= {counted[number].name: count for number, count in cursor.fetchall()}
    return found


def _some_rows(table: Table) -> Any:
    return sought_rows(table, Sought()).order_by().values("pk")[: COUNTED + 1]
