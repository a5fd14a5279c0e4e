"""Many rows of one table in one prepared statement, several times as fast as the object mapper."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(
    model: type[models.Model],
    rows: Iterable[Sequence[Any]],
    *,
    columns: Sequence[str],
    same: Mapping[str, Any],
) -> int:
    """Insert rows in the transaction of the caller and return how many.

    `columns` names the fields whose values each row gives in order, `same` gives those that are
    alike in all of them; every other field takes its default. Foreign keys are named by their
    column (`person_id`) and given by primary key. No keys come back and no signal is sent.
    """
    fields = {
        field.attname: field for field in model._meta.concrete_fields if not field.primary_key
    }
    unknown = {*columns, *same} - fields.keys()
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    fixed = [
        (field, same[name] if name in same else field.get_default())
        for name, field in fields.items()
        if name not in columns
    ]
    constants = tuple(field.get_db_prep_save(value, connection) for field, value in fixed)
    prepare = [fields[name].get_db_prep_save for name in columns]
    every = [fields[name] for name in columns] + [field for field, _value in fixed]
    names = [str(field.column) for field in every]
    values = [
        (*(to_db(value, connection) for to_db, value in zip(prepare, row, strict=True)), *constants)
        for row in rows
    ]
    if values:
        _write(model._meta.db_table, names, values)
    return len(values)


def _write(table: str, names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    quote = connection.ops.quote_name
    into = f"{quote(table)} ({', '.join(map(quote, names))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", values)  # noqa: S608
