"""Taking back what a plan wrote, as long as nobody has touched it since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from anlan.kernel.encryption import index_of
from anlan.kernel.tables.table import Changed, Table, Values

CHUNK = 900


class CannotUndo(RuntimeError):
    """Rows that were written have been changed or used since; the sentence says which."""


@transaction.atomic
def take_back(
    table: Table,
    *,
    new: Sequence[Any],
    changed: Sequence[tuple[Any, Values]],
    versions: Mapping[Any, int],
    now: datetime,
) -> None:
    """Delete the rows that a plan added and give back what it changed.

    `versions` are the versions that the rows had when the plan had written them. Raises
    CannotUndo when one has another version now or is referred to, and then nothing is taken back.
    """
    _check_versions(table, versions)
    for column in table.columns:
        if column.keeper is not None:
            column.keeper.forget(new, now=now)
            before = {pk: values[column.name] for pk, values in changed if column.name in values}
            column.keeper.give_back(before, now=now)
    try:
        for model in (table.detail, table.model):
            if model is not None:
                _delete(model, new)
    except ProtectedError as error:
        raise CannotUndo(
            _("%(count)s records of this import are in use by others; remove those first.")
            % {"count": len(error.protected_objects)}
        ) from error
    given_back = _given_back(table, changed) if table.after_change is not None else []
    for pk, values in changed:
        _give_back(table, pk, values)
    if table.after_change is not None:
        table.after_change(given_back, now=now)


def _given_back(table: Table, changed: Sequence[tuple[Any, Values]]) -> list[Changed]:
    """Return what giving the rows back will change in the columns of the base model."""
    names = sorted({name for _pk, values in changed for name in values})
    kept = [c for c in map(table.by_name.__getitem__, names) if not (c.on_detail or c.is_virtual)]
    now: dict[Any, Values] = {}
    for start in range(0, len(changed), CHUNK):
        keys = [pk for pk, _values in changed[start : start + CHUNK]]
        rows = table.model._default_manager.filter(pk__in=keys)
        for pk, *found in rows.values_list("pk", *(column.attribute for column in kept)):
            now[pk] = dict(zip((column.name for column in kept), found, strict=True))
    return [
        Changed(
            pk=pk,
            before={name: now[pk][name] for name in values if name in now[pk]},
            after={name: value for name, value in values.items() if name in now[pk]},
        )
        for pk, values in changed
    ]


def _check_versions(table: Table, versions: Mapping[Any, int]) -> None:
    keys = list(versions)
    now: dict[Any, int] = {}
    for start in range(0, len(keys), CHUNK):
        rows = table.model._default_manager.filter(pk__in=keys[start : start + CHUNK])
        now |= dict(rows.values_list("pk", "version"))
    moved = sum(1 for pk, version in versions.items() if now.get(pk) != version)
    if moved:
        raise CannotUndo(
            _("%(count)s rows of this import were changed since; it cannot be taken back whole.")
            % {"count": moved}
        )


def _delete(model: type[models.Model], keys: Sequence[Any]) -> None:
    for start in range(0, len(keys), CHUNK):
        model._default_manager.filter(pk__in=keys[start : start + CHUNK]).delete()


def _give_back(table: Table, pk: Any, values: Values) -> None:
    base: dict[str, Any] = {"version": models.F("version") + 1}
    detail: dict[str, Any] = {}
    for name, value in values.items():
        column = table.by_name[name]
        if column.is_virtual:
            continue
        target = detail if column.on_detail else base
        target[_attname(table, column.attribute, is_detail=column.on_detail)] = value
        if column.index:
            target[column.index] = index_of(value or "")
    table.model._default_manager.filter(pk=pk).update(**base)
    if detail and table.detail is not None:
        table.detail._default_manager.filter(pk=pk).update(**detail)


def _attname(table: Table, attribute: str, *, is_detail: bool) -> str:
    model = table.detail if is_detail and table.detail is not None else table.model
    field: Any = model._meta.get_field(attribute)
    return str(field.attname)
