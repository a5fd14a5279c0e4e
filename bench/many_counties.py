"""Fill an empty register with many counties of made-up data, quickly and always the same.

A county has 22 towns, 313 villages, 3,000 places of every kind with their details, 2,000 people,
1,500 households at risk and whatever else the register's models hold. The first county is made row
by row through the models; the others are copies of it by SQL, with their own codes and keys. The
numbers of people in a copy are those of the first county, and their digests are made different.

    PYTHONPATH=src:bench python bench/many_counties.py [counties=1]

makes a database, prints what it holds and how long it took, and deletes it.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from first_county import FIRST, NOW, PROVINCE, FirstCounty
from throwaway import own_database

STRIDE = 50_000  # keys of county n begin at n times this


def county_prefix(number: int) -> str:
    """Return the six digits of the county with this number, from 0."""
    return f"11{1 + number // 99:02d}{1 + number % 99:02d}"


def fill(counties: int, *, say: bool = False) -> None:
    """Write `counties` counties into the present, empty register."""
    from anlan.kernel.scope import everywhere

    begin = time.perf_counter()
    with everywhere("measurement"):
        made = FirstCounty()
        made.write()
    if say:
        print(f"first county {time.perf_counter() - begin:.1f} s")
    for number in range(1, counties):
        copy_county(number)
    settle()
    if say:
        print(f"{counties} counties {time.perf_counter() - begin:.1f} s")


def copied_models() -> Sequence[Any]:
    """Return the models that a county fills, those that others refer to first."""
    from django.apps import apps

    from anlan.command.models import Incident
    from anlan.kernel.models import JournalEntry
    from anlan.warning.models import HazardWarning

    wanted = {*apps.get_app_config("registry").get_models(), JournalEntry, HazardWarning, Incident}
    ordered: list[Any] = []
    while wanted:
        ready = [model for model in wanted if not _needs(model) & (wanted - {model})]
        ordered += sorted(ready, key=lambda model: model.__name__)
        wanted -= set(ready)
    return ordered


def _needs(model: Any) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def copy_county(number: int) -> None:
    """Write the county with this number as a copy of the first."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for model in copied_models():
            fields = model._meta.concrete_fields
            names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
            values = ", ".join(_copied(field, number) for field in fields)
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} "  # noqa: S608  names come from the models
                f"WHERE {_is_first(model)}"
            )


def _is_first(model: Any) -> str:
    """Return the condition that a row is one of the first county's."""
    if model.__name__ == "Division":
        return f"code >= '{FIRST}' AND code <= '{FIRST}999999'"
    key = model._meta.pk
    column = f'"{key.column}"'
    if key.is_relation and key.related_model.__name__ == "Division":
        return f"{column} <= '{FIRST}999999'"
    return f"{column} < {STRIDE}"


def _copied(field: Any, number: int) -> str:
    """Return the SQL of a column's value in a copy."""
    column, prefix = f'"{field.column}"', county_prefix(number)
    target = field.related_model.__name__ if field.is_relation else ""
    if target == "Division" or field.column in ("code", "from_code", "division_code"):
        return (
            f"CASE WHEN substr({column}, 1, 6) = '{FIRST}' "
            f"THEN '{prefix}' || substr({column}, 7) ELSE {column} END"
        )
    if target or (field.primary_key and not field.is_relation):
        return f"{column} + {number * STRIDE}"
    if field.column == "uuid":
        return _copied_uuid(column, number)
    if field.column in ("phone_index", "id_index", "digest"):
        return f"CASE WHEN {column} = '' THEN '' ELSE '{number:08x}' || substr({column}, 9) END"
    if field.column in ("username", "number") and field.unique:
        return f"'{number}-' || {column}"
    return column


def _copied_uuid(column: str, number: int) -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"('{number:08x}' || substr(replace({column}::text, '-', ''), 9))::uuid"
    return f"'{number:08x}' || substr({column}, 9)"


def settle() -> None:
    """Let the database know what it holds, as a server does by itself in a quiet hour."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), copied_models()):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def account_over_all() -> None:
    """Open the account `all`, with authority over the province."""
    _open("all", [PROVINCE])


def account_over_each(counties: int) -> None:
    """Open the account `each`, with an authority over every county."""
    _open("each", [f"{county_prefix(number)}000000" for number in range(counties)])


def _open(name: str, codes: Sequence[str]) -> None:
    from anlan.registry.data import Role
    from anlan.registry.models import Account, Authority

    account = Account.objects.create(username=name, division_id=PROVINCE)
    Authority.objects.bulk_create(
        Authority(
            account=account, role=role, division_id=code, valid_from=NOW - timedelta(days=900)
        )
        for code in codes
        for role in (Role.ADMINISTRATOR, Role.CLERK)
    )


def counted() -> dict[str, int]:
    """Return how many rows each table holds."""
    return {model.__name__: model._base_manager.count() for model in copied_models()}


if __name__ == "__main__":
    with own_database():
        fill(int(sys.argv[1]) if len(sys.argv) > 1 else 1, say=True)
        print(json.dumps(counted(), indent=1))
