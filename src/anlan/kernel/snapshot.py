"""A room's tables written whole into an empty database: a drill's copy, or a made district."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by model name, in an order in which each finds what it refers to; columns by name."""


class NotEmpty(RuntimeError):
    """A snapshot was to be written over rows that are already there."""

    def __init__(self, table: str) -> None:
        super().__init__(f"{table} already holds rows; a snapshot needs an empty database")


@transaction.atomic
def restore(app_label: str, rows: Rows) -> dict[str, int]:
    """Write the rows with their own primary keys and return how many by model.

    Raises NotEmpty when a table holds anything, and the database's own errors for rows that
    break a constraint; in both cases nothing is written.
    """
    counts: dict[str, int] = {}
    written: list[type[models.Model]] = []
    for name, records in rows.items():
        model = apps.get_model(app_label, name)
        if model._default_manager.exists():
            raise NotEmpty(model._meta.db_table)
        model._default_manager.bulk_create([model(**record) for record in records], batch_size=400)
        counts[name] = len(records)
        written.append(model)
    statements = connection.ops.sequence_reset_sql(no_style(), written)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return counts
