"""What a set of rows would do to a table: parsed, found, matched, compared, checked. No writing."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.encryption import index_of
from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.tables.columns import Column, Course, Found, Reference, Wanted
from anlan.kernel.tables.drafts import Draft, Plan, RowState
from anlan.kernel.tables.matching import match
from anlan.kernel.tables.progress import Told, along, part, tell
from anlan.kernel.tables.revisions import revision_of
from anlan.kernel.tables.table import Table

Row = tuple[int, dict[str, Any]]
"""The number of a row and its cells by column name; a column that is not given stays as it is."""

Allowed = Callable[[str], bool]


def plan_rows(
    table: Table,
    rows: Iterable[Row],
    *,
    allowed: Allowed,
    pk: Any = None,
    told: Told | None = None,
) -> Plan:
    """Return what the rows would do to the table.

    `allowed` tells whether the actor may write in a division. `pk` says that the one row is about
    that record. `told` hears the share of the work that is done.
    """
    revision = revision_of(table)
    drafts = [Draft(number=number, cells=cells, pk=pk) for number, cells in rows]
    _parse(table, drafts, told=told)
    _find_references(table, drafts, told=part(told, 0.35, 0.5))
    match(table, drafts, pk=pk, told=part(told, 0.5, 0.8))
    if table.derive is not None:
        table.derive(drafts)
    for draft in along(drafts, told, since=0.8, until=1.0):
        _compare(table, draft)
        _require(table, draft)
        _check_place(table, draft, allowed=allowed)
        if not draft.faults and draft.state is not RowState.UNCHANGED:
            for check in table.checks:
                for column, sentence in check(draft.whole()):
                    draft.complain(column, sentence)
    if table.check_all is not None:
        table.check_all(drafts)
    tell(told, 1.0)
    return Plan(table=table, drafts=drafts, revision=revision)


def _parse(table: Table, drafts: Sequence[Draft], *, told: Told | None) -> None:
    parsers = {column.name: (column.kind.parse, column) for column in table.columns}
    for draft in along(drafts, told, since=0.0, until=0.35):
        for name, cell in draft.cells.items():
            parse, column = parsers[name]
            if column.is_personal and isinstance(cell, str) and "*" in cell:
                continue
            if isinstance(column.kind, Course) and cell in (None, ""):
                continue
            try:
                value = parse(cell)
            except BadCell as error:
                draft.complain(name, str(error))
                continue
            if value is None and column.default is not None:
                value = column.default
            draft.values[name] = value


def _find_references(table: Table, drafts: Sequence[Draft], *, told: Told | None) -> None:
    """Turn the texts of references into keys, the row's own division first."""
    columns = sorted(table.columns, key=lambda each: each.name != table.home)
    for number, column in enumerate(columns):
        tell(told, number / len(columns))
        if isinstance(column.kind, Reference):
            _find(column, column.kind, drafts, is_home=column.name == table.home)
        elif column.name == table.home:
            for draft in drafts:
                draft.home = draft.values.get(column.name) or ""


def _find(column: Column, kind: Reference, drafts: Sequence[Draft], *, is_home: bool) -> None:
    wanted: dict[Wanted, None] = {}
    asking: list[tuple[Draft, Wanted]] = []
    for draft in drafts:
        text = draft.values.get(column.name)
        if text is None:
            continue
        if not text:
            draft.values[column.name] = None
            continue
        ask = (text, draft.home)
        wanted[ask] = None
        asking.append((draft, ask))
    found = kind.find(list(wanted)) if wanted else {}
    for draft, ask in asking:
        _settle(draft, column, found[ask], is_home=is_home)


def _settle(draft: Draft, column: Column, found: Found | str, *, is_home: bool) -> None:
    if isinstance(found, str):
        del draft.values[column.name]
        draft.complain(column.name, found)
        return
    draft.values[column.name] = found.key
    draft.texts[column.name] = found.text
    if is_home:
        draft.home = found.home


def _compare(table: Table, draft: Draft) -> None:
    if draft.pk is None:
        for column in table.columns:
            if column.default is not None and draft.values.get(column.name) is None:
                draft.values[column.name] = column.default
        return
    draft.changes = [
        name
        for name, value in draft.values.items()
        if name != "uuid" and not _is_same(table.by_name[name], value, draft.before.get(name))
    ]
    for column in (table.by_name[name] for name in draft.changes):
        if column.is_fixed:
            draft.complain(
                column.name,
                _("“%(column)s” of a record stays; add a new record instead.")
                % {"column": column.label},
            )


def _is_same(column: Column, new: Any, old: Any) -> bool:
    return index_of(new) == (old or "") if column.index else column.kind.same(new, old)


def _require(table: Table, draft: Draft) -> None:
    complained = {fault.column for fault in draft.faults}
    for column in table.columns:
        name = column.name
        if not column.is_required or name in complained:
            continue
        if draft.pk is not None and name not in draft.values:
            continue
        if draft.values.get(name) in (None, ""):
            draft.complain(name, _("“%(column)s” is empty; fill it in.") % {"column": column.label})
    if draft.pk is None:
        for column in table.personal:
            given = {*draft.values, *complained}
            if column.name in draft.cells and column.name not in given:
                draft.complain(
                    column.name, _("The number is masked; write it in full for a new row.")
                )


def _check_place(table: Table, draft: Draft, *, allowed: Allowed) -> None:
    if any(fault.column == table.home for fault in draft.faults):
        return
    homes = {home for home in (draft.home, draft.before.get("home")) if home}
    for home in homes:
        if not allowed(home):
            draft.complain(
                table.home,
                _("%(code)s lies outside the places that you may change.") % {"code": home},
            )
