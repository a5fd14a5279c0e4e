"""Prepared statements for many rows: a fraction of what the mapper takes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import connection, models

from anlan.kernel.tables.progress import Told, tell

BATCH = 5_000


@dataclass(frozen=True)
class StoredField:
    """One column of a statement: its name in the database and how a value is made ready for it."""

    field: models.Field[Any, Any]

    @property
    def column(self) -> str:
        """Return its name, quoted."""
        return connection.ops.quote_name(str(self.field.column))

    def ready(self, value: Any) -> Any:
        """Return a value as the database driver takes it."""
        if value is None or type(value) in (int, float, bool):
            return value
        return self.field.get_db_prep_save(value, connection)


def fields_of(model: type[models.Model]) -> Mapping[str, StoredField]:
    """Return the columns of a model's own table."""
    return {field.attname: StoredField(field) for field in model._meta.concrete_fields}


def insertion(model: type[models.Model], columns: Sequence[str]) -> str:
    """Return the statement that inserts a row of these quoted columns."""
    holes = ", ".join(["%s"] * len(columns))
    name = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({holes})"


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    as_stored: Collection[str] = (),
    told: Told | None = None,
) -> list[int]:
    """Insert rows of the columns `names` by one prepared statement and return their keys.

    Columns that are not named have their defaults, a uuid is made. Those of `as_stored` are given
    as the database holds them. It is a fraction of what `bulk_create` takes.
    """
    fields, key = fields_of(model), model._meta.pk.attname
    rest = [name for name in fields if name not in names and name not in (key, "uuid")]
    constants = [fields[name].ready(fields[name].field.get_default()) for name in rest]
    makers = [_as_it_is if name in as_stored else fields[name].ready for name in names]
    keys = next_keys(model, count=len(rows))
    ready = [
        [at, *(make(value) for make, value in zip(makers, row, strict=True)), *constants]
        for at, row in zip(keys, rows, strict=True)
    ]
    columns = [fields[name].column for name in (key, *names, *rest)]
    if "uuid" in fields and "uuid" not in names:
        columns.append(fields["uuid"].column)
        for each in ready:
            each.append(fields["uuid"].ready(uuid4()))
    execute_many(insertion(model, columns), ready, told=told)
    return keys


def _as_it_is(value: Any) -> Any:
    return value


def next_keys(model: type[models.Model], *, count: int) -> list[int]:
    """Return primary keys that nobody else will take, in the present transaction."""
    name = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(name), model._meta.pk.column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer: within its transaction nobody else takes a number.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        last = cursor.fetchone()
        start = (last[0] if last else 0) + 1
    return list(range(start, start + count))


def execute_many(
    statement: str, rows: Sequence[Sequence[Any]], *, told: Told | None = None
) -> None:
    """Carry out a statement for each row, and tell now and then how far it has come."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            tell(told, start / len(rows))
            cursor.executemany(statement, rows[start : start + BATCH])
