"""Which record a row is about: by its system number, its code, or what makes it unmistakable."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anlan.kernel.encryption import index_of
from anlan.kernel.scope import within
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.drafts import Draft
from anlan.kernel.tables.progress import EVERY, Told, tell
from anlan.kernel.tables.table import Key, Table, Values

FEW = 40
CHUNK = 900
KeyValue = tuple[Any, ...]


@dataclass(frozen=True)
class Stored:
    """A record as it stands: encrypted numbers by their index."""

    pk: Any
    version: int
    values: Values


def match(
    table: Table, drafts: Sequence[Draft], *, pk: Any = None, told: Told | None = None
) -> None:
    """Join each draft to the record that it is about; complain where that cannot be told."""
    stored: dict[Any, Stored] = {}
    for row in stored_rows(table, drafts, pk=pk):
        stored[row.pk] = row
        if len(stored) % EVERY == 0:
            tell(told, 0.4 * len(stored) / (len(stored) + len(drafts)))
    taken: dict[Any, int] = {}
    if pk is not None:
        for draft in drafts:
            _join(draft, stored[pk])
            taken[pk] = draft.number
    for number, key in enumerate(table.keys):
        tell(told, 0.4 + 0.3 * number / len(table.keys))
        _match_by(table, key, drafts, stored=stored, taken=taken, known=pk)
    for draft in drafts:
        if draft.pk is None and draft.values.get("uuid"):
            draft.complain(
                "uuid",
                _("No record here has this system number; leave it empty for a new row."),
            )
    tell(told, 0.7)
    _check_unique(table, drafts, told=told)
    tell(told, 0.9)
    _load_kept(table, drafts)


def _load_kept(table: Table, drafts: Sequence[Draft]) -> None:
    """Add what other tables keep for the records, so that it is compared like the rest."""
    for column in table.columns:
        if column.keeper is None:
            continue
        about = [d for d in drafts if d.pk is not None and column.name in d.values]
        current = column.keeper.current([draft.pk for draft in about])
        for draft in about:
            draft.before[column.name] = current.get(draft.pk, (None, ""))[0]


def _join(draft: Draft, row: Stored) -> None:
    draft.pk, draft.version, draft.before = row.pk, row.version, row.values
    if not draft.home:
        draft.home = row.values["home"]


def _match_by(
    table: Table,
    key: Key,
    drafts: Sequence[Draft],
    *,
    stored: Mapping[Any, Stored],
    taken: dict[Any, int],
    known: Any,
) -> None:
    theirs: dict[KeyValue, list[Stored]] = defaultdict(list)
    for row in stored.values():
        if (value := _stored_key(table, key, row.values)) is not None:
            theirs[value].append(row)
    ours: dict[KeyValue, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if (draft.pk is not None and known is None) or _is_lost(draft, key):
            continue
        if (value := _draft_key(table, key, draft)) is not None:
            ours[value].append(draft)
    for value, same in ours.items():
        rows = theirs.get(value, [])
        if key.is_loose:
            _join_loosely(same, rows, taken=taken)
        else:
            _join_exactly(table, key, same, rows, taken=taken)


def _is_lost(draft: Draft, key: Key) -> bool:
    return any(fault.column in key.columns for fault in draft.faults)


def _join_loosely(same: list[Draft], rows: list[Stored], *, taken: dict[Any, int]) -> None:
    if len(same) == len(rows) == 1 and same[0].pk is None and rows[0].pk not in taken:
        _join(same[0], rows[0])
        taken[rows[0].pk] = same[0].number


def _join_exactly(
    table: Table, key: Key, same: list[Draft], rows: list[Stored], *, taken: dict[Any, int]
) -> None:
    column = key.columns[-1]
    for draft in same[1:]:
        draft.complain(
            column,
            _("This is the same record as in row %(row)s; keep one of the two.")
            % {"row": same[0].number},
        )
    first = same[0]
    if not rows or first.faults:
        return
    row = rows[0]
    if first.pk is not None:
        if row.pk != first.pk:
            first.complain(
                column,
                _("There is another record with the same %(columns)s already.")
                % {"columns": "、".join(str(table.by_name[n].label) for n in key.columns)},
            )
        return
    if row.pk in taken:
        first.complain(
            column,
            _("This is the same record as in row %(row)s; keep one of the two.")
            % {"row": taken[row.pk]},
        )
        return
    _join(first, row)
    taken[row.pk] = first.number


def _stored_key(table: Table, key: Key, values: Values) -> KeyValue | None:
    found = tuple(values.get(name) for name in key.columns)
    return None if any(value in (None, "") for value in found) else found


def _draft_key(table: Table, key: Key, draft: Draft) -> KeyValue | None:
    whole = draft.values if draft.pk is None else draft.whole()
    found = tuple(
        _indexed(table.by_name[name], whole.get(name)) if name in draft.values else whole.get(name)
        for name in key.columns
    )
    return None if any(value in (None, "") for value in found) else found


def _indexed(column: Column, value: Any) -> Any:
    return index_of(value) if column.index and value else value


def stored_rows(table: Table, drafts: Sequence[Draft], *, pk: Any = None) -> Iterator[Stored]:
    """Give the records that the drafts could be about."""
    given = {name for draft in drafts for name in draft.values}
    columns = [column for column in table.stored if _is_loaded(column, given)]
    paths = [_path(table, column) for column in columns]
    names = [column.name for column in columns]
    version = table.base_path("version")
    extra = [table.base_path("uuid")] if table.address == "uuid" else []
    rows = _narrowed(table, drafts, pk=pk).values_list(
        "pk", version, table.scope_path, *extra, *paths
    )
    head = 3 + len(extra)
    for row in rows.iterator(2_000):
        values = dict(zip(names, row[head:], strict=True))
        values["home"] = row[2]
        if extra:
            values["uuid"] = str(row[3])
        yield Stored(pk=row[0], version=row[1], values=values)


def _is_loaded(column: Column, given: set[str]) -> bool:
    """Tell whether a column is compared: one that must be opened first only when a row gives it."""
    is_closed = column.is_personal and not column.index
    return column.name != "uuid" and (not is_closed or column.name in given)


def _path(table: Table, column: Column) -> str:
    if not column.index:
        return table.path(column)
    return column.index if table.detail is None else table.base_path(column.index)


def _narrowed(table: Table, drafts: Sequence[Draft], *, pk: Any) -> QuerySet[Any]:
    """Return the records among which the drafts look: by key for a few, by county for many."""
    rows = table.source()._default_manager.filter(
        **{table.base_path(name): value for name, value in table.fixed.items()}
    )
    if pk is None and len(drafts) > FEW:
        counties = {draft.home[:6] for draft in drafts if draft.home}
        return rows.filter(within(table.scope_path, counties)) if counties else rows
    wanted = Q(pk=pk) if pk is not None else Q(pk__in=[])
    for draft in drafts:
        for key in table.keys:
            value = _draft_key(table, key, draft)
            if value is not None and not _is_lost(draft, key):
                wanted |= Q(**dict(zip(_key_paths(table, key), value, strict=True)))
    return rows.filter(wanted)


def _key_paths(table: Table, key: Key) -> list[str]:
    return [
        table.base_path("uuid") if name == "uuid" else _path(table, table.by_name[name])
        for name in key.columns
    ]


def _check_unique(table: Table, drafts: Sequence[Draft], *, told: Told | None) -> None:
    """Complain about values that the whole database may hold once and that are in it elsewhere."""
    for name in table.unique:
        column = table.by_name[name]
        field = column.index or column.attribute
        asked = {
            value: draft
            for draft in drafts
            if (value := _indexed(column, draft.values.get(name)))
            and value != draft.before.get(name)
        }
        for pk, value in _holders(table, field, list(asked), told=told):
            if asked[value].pk != pk:
                asked[value].complain(
                    name,
                    _("This %(column)s stands in another record of the register already.")
                    % {"column": column.label},
                )


def _holders(
    table: Table, field: str, values: list[Any], *, told: Told | None
) -> Iterable[tuple[Any, Any]]:
    for start in range(0, len(values), CHUNK):
        tell(told, 0.7 + 0.2 * start / len(values))
        chunk = values[start : start + CHUNK]
        yield from table.model._base_manager.filter(**{f"{field}__in": chunk}).values_list(
            "pk", field
        )
