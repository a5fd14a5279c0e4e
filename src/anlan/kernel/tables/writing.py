"""Carrying out a plan: prepared statements in one short transaction, and what undoes them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, models, transaction

from anlan.kernel.actors import Actor
from anlan.kernel.encryption import index_of
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.drafts import Draft, Plan, RowState
from anlan.kernel.tables.progress import Told, along, part
from anlan.kernel.tables.revisions import take_revision
from anlan.kernel.tables.statements import execute_many, fields_of, insertion, next_keys
from anlan.kernel.tables.table import Changed, Table, Values

CHUNK = 900


@dataclass(frozen=True)
class Written:
    """What a plan wrote: the new records, and the changed ones with what stood there before."""

    new: tuple[Any, ...]
    changed: tuple[tuple[Any, Values], ...]


@dataclass(frozen=True)
class ReadyPlan:
    """A plan with its statements made ready: values encrypted, nothing left but to write them."""

    plan: Plan
    new: list[Draft]
    changed: list[Draft]
    before: list[tuple[Any, Values]]
    inserts: "list[_Insert]"
    updates: list[tuple[str, list[list[Any]]]]


def make_ready(plan: Plan, *, told: Told | None = None) -> ReadyPlan:
    """Return a plan ready to write. No transaction should be open: this is the longer part."""
    table = plan.table
    new = list(plan.in_state(RowState.NEW))
    changed = list(plan.in_state(RowState.CHANGED))
    before = _before(table, changed)
    inserts = _inserts(table, new, told=part(told, 0.0, 0.8))
    updates = list(_updates(table, changed, told=part(told, 0.8, 1.0)))
    _prepare_kept(table, new + changed)
    return ReadyPlan(plan, new, changed, before, inserts, updates)


@transaction.atomic
def write_ready(ready: ReadyPlan, *, by: Actor, now: datetime, told: Told | None = None) -> Written:
    """Write what was made ready: the write lock is held for the statements alone.

    Raises PlanOutOfDate when the table was written after the plan was made, and then nothing is.
    """
    table = ready.plan.table
    take_revision(table, expected=ready.plan.revision)
    keys = _insert(table, ready.new, ready.inserts, told=part(told, 0.0, 0.5))
    for statement, rows in ready.updates:
        execute_many(statement, rows, told=part(told, 0.5, 0.6))
    _keep_virtual(table, ready.new + ready.changed, by=by, now=now, told=part(told, 0.6, 1.0))
    if table.after_change is not None:
        table.after_change([_changed(draft) for draft in ready.changed], now=now)
    return Written(new=tuple(keys), changed=tuple(ready.before))


def _changed(draft: Draft) -> Changed:
    return Changed(
        pk=draft.pk,
        before={name: draft.before.get(name) for name in draft.changes},
        after={name: draft.values[name] for name in draft.changes},
    )


def write_plan(plan: Plan, *, by: Actor, now: datetime, told: Told | None = None) -> Written:
    """Write the new and changed rows of a plan; bad and unchanged rows are left alone.

    Raises PlanOutOfDate when the table was written in between, and then nothing is written.
    `told` hears the share of the work that is done.
    """
    ready = make_ready(plan, told=part(told, 0.0, 0.6))
    return write_ready(ready, by=by, now=now, told=part(told, 0.6, 1.0))


def _attname(table: Table, column: Column) -> str:
    model = table.detail if column.on_detail and table.detail else table.model
    field: Any = model._meta.get_field(column.attribute)
    return str(field.attname)


# New rows


@dataclass(frozen=True)
class _Insert:
    model: type[models.Model]
    names: tuple[str, ...]
    rows: list[list[Any]]
    key_at: int | None


def _inserts(table: Table, drafts: Sequence[Draft], *, told: Told | None) -> list[_Insert]:
    if not drafts:
        return []
    base = part(told, 0.0, 0.5)
    found = [_insert_of(table, table.model, drafts, is_detail=False, told=base)]
    if table.detail is not None:
        rest = part(told, 0.5, 1.0)
        found.append(_insert_of(table, table.detail, drafts, is_detail=True, told=rest))
    return found


def _insert_of(
    table: Table,
    model: type[models.Model],
    drafts: Sequence[Draft],
    *,
    is_detail: bool,
    told: Told | None,
) -> _Insert:
    """Make the rows of one model ready: constant columns once, the others row by row."""
    fields = fields_of(model)
    makers = _makers(table, is_detail=is_detail)
    key = model._meta.pk.attname
    is_made = key not in makers
    names = [name for name in fields if name in makers or name != key]
    names = ([key] if is_made else []) + [name for name in names if name != key or not is_made]
    constants: dict[str, Any] = {}
    for name in names:
        if name not in makers and name != "uuid" and not (is_made and name == key):
            constants[name] = fields[name].ready(_default(table, fields[name].field, name=name))
    rows = [
        [
            None
            if is_made and name == key
            else constants[name]
            if name in constants
            else fields[name].ready(makers[name](draft) if name in makers else uuid4())
            for name in names
        ]
        for draft in along(drafts, told)
    ]
    columns = tuple(fields[name].column for name in names)
    return _Insert(model=model, names=columns, rows=rows, key_at=0 if is_made else None)


def _default(table: Table, field: models.Field[Any, Any], *, name: str) -> Any:
    if name in table.fixed:
        return table.fixed[name]
    return field.get_default()


def _makers(table: Table, *, is_detail: bool) -> dict[str, Any]:
    """Return how each column of a model is taken from a draft."""
    makers: dict[str, Any] = {}
    for column in table.stored:
        if column.name == "uuid" or column.on_detail != is_detail:
            continue
        name = column.name
        makers[_attname(table, column)] = _taking(name, _empty(table, column))
        if column.index:
            makers[column.index] = _indexing(name)
    return {name: make for name, make in makers.items() if name in _names_of(table, is_detail)}


def _empty(table: Table, column: Column) -> Any:
    """Return what stands in a column that a row leaves empty."""
    if column.default is not None:
        return column.default
    model = table.detail if column.on_detail and table.detail else table.model
    field: Any = model._meta.get_field(column.attribute)
    return field.get_default()


def _names_of(table: Table, is_detail: bool) -> set[str]:  # noqa: FBT001  private, named at its call
    model = table.detail if is_detail and table.detail else table.model
    return {field.attname for field in model._meta.concrete_fields}


def _taking(name: str, default: Any) -> Any:
    def take(draft: Draft) -> Any:
        value = draft.values.get(name)
        return default if value is None else value

    return take


def _indexing(name: str) -> Any:
    def take(draft: Draft) -> Any:
        return index_of(draft.values.get(name) or "")

    return take


def _insert(
    table: Table, drafts: Sequence[Draft], inserts: Sequence[_Insert], *, told: Told | None
) -> list[Any]:
    if not drafts:
        return []
    first = inserts[0]
    if first.key_at is None:
        keys = [draft.values[_key_column(table)] for draft in drafts]
    else:
        keys = next_keys(first.model, count=len(drafts))
    for insert in inserts:
        if insert.key_at is not None:
            for row, key in zip(insert.rows, keys, strict=True):
                row[insert.key_at] = key
        execute_many(insertion(insert.model, insert.names), insert.rows, told=told)
    for draft, key in zip(drafts, keys, strict=True):
        draft.pk = key
    return keys


def _key_column(table: Table) -> str:
    key = table.model._meta.pk
    return next(
        column.name
        for column in table.stored
        if not column.on_detail and key.attname in (column.attribute, f"{column.attribute}_id")
    )


# Changed rows


def _updates(
    table: Table, drafts: Sequence[Draft], *, told: Told | None
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Give one statement for each set of columns that changes together, with its rows."""
    groups: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[tuple(sorted(draft.changes))].append(draft)
    for names, rows in groups.items():
        columns = [table.by_name[name] for name in names]
        base = [c for c in columns if not c.on_detail and not c.is_virtual]
        detail = [c for c in columns if c.on_detail and not c.is_virtual]
        yield _update(table, table.model, base, rows, counts=True, told=told)
        if detail and table.detail is not None:
            yield _update(table, table.detail, detail, rows, counts=False, told=told)


def _update(
    table: Table,
    model: type[models.Model],
    columns: Sequence[Column],
    drafts: Sequence[Draft],
    *,
    counts: bool,
    told: Told | None,
) -> tuple[str, list[list[Any]]]:
    fields = fields_of(model)
    sets, makers = [], []
    for column in columns:
        attname = _attname(table, column)
        sets.append(f"{fields[attname].column} = %s")
        makers.append((fields[attname], _taking(column.name, _empty(table, column))))
        if column.index:
            sets.append(f"{fields[column.index].column} = %s")
            makers.append((fields[column.index], _indexing(column.name)))
    if counts:
        sets.append("version = version + 1")
    key = connection.ops.quote_name(str(model._meta.pk.column))
    name = connection.ops.quote_name(model._meta.db_table)
    rows = [
        [*(field.ready(make(draft)) for field, make in makers), draft.pk]
        for draft in along(drafts, told)
    ]
    return f"UPDATE {name} SET {', '.join(sets)} WHERE {key} = %s", rows


def _before(table: Table, drafts: Sequence[Draft]) -> list[tuple[Any, Values]]:
    """Return what the changed records hold now, numbers in full, for the undo."""
    closed = [column for column in table.stored if column.index]
    opened: dict[Any, tuple[Any, ...]] = {}
    touched = [d.pk for d in drafts if any(column.name in d.changes for column in closed)]
    paths = [table.path(column) for column in closed]
    for start in range(0, len(touched), CHUNK):
        rows = table.source()._default_manager.filter(pk__in=touched[start : start + CHUNK])
        opened |= {row[0]: row[1:] for row in rows.values_list("pk", *paths)}
    found = []
    for draft in drafts:
        values = {name: draft.before.get(name) for name in draft.changes}
        for column, value in zip(closed, opened.get(draft.pk, ()), strict=False):
            if column.name in values:
                values[column.name] = value
        found.append((draft.pk, values))
    return found


def _said(column: Column, drafts: Sequence[Draft]) -> list[tuple[Draft, Any]]:
    return [(draft, draft.values[column.name]) for draft in drafts if column.name in draft.values]


def _prepare_kept(table: Table, drafts: Sequence[Draft]) -> None:
    for column in table.columns:
        if column.keeper is not None:
            column.keeper.prepare(_said(column, drafts))


def _keep_virtual(
    table: Table, drafts: Sequence[Draft], *, by: Actor, now: datetime, told: Told | None
) -> None:
    """Let the columns that other tables keep write what the rows say."""
    kept = [column for column in table.columns if column.keeper is not None]
    for number, column in enumerate(kept):
        if column.keeper is not None and (said := _said(column, drafts)):
            own = part(told, number / len(kept), (number + 1) / len(kept))
            column.keeper.keep(said, by=by, now=now, told=own)
