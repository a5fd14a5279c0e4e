"""Records read back: one page of a list, one record whole, all of them in pieces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from anlan.kernel.encryption import index_of, masked
from anlan.kernel.paging import Turned, turned
from anlan.kernel.scope import active, within
from anlan.kernel.tables.columns import Column, Reference
from anlan.kernel.tables.table import Table, Values

PAGE = 50
COUNTED = 10_000
PIECE = 900
COUNTY_DIGITS = 6
NUMBER_DIGITS = 7  # words with fewer digits are no phone and no ID number


@dataclass(frozen=True)
class Record:
    """One record: its values, and the texts that name what it refers to."""

    pk: Any
    address: str
    version: int
    home: str
    values: Values
    texts: Mapping[str, str]

    def shown(self, column: Column, *, in_full: bool = False) -> Any:
        """Return a value as pages and sheets show it, a person's number masked."""
        if column.name == "uuid":
            return self.address
        if column.is_reference:
            return self.texts.get(column.name, "")
        value = self.values.get(column.name)
        if column.is_personal and value and not in_full:
            return masked(str(value))
        return column.kind.show(value)


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to: a division, words, values of columns, one page of it."""

    division: str = ""
    words: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    with_gone: bool = False
    page: int = 1
    size: int = PAGE


@dataclass(frozen=True)
class Listed:
    """One page of a list. `total` stops counting at COUNTED."""

    records: tuple[Record, ...]
    page: int
    pages: int
    total: int

    @property
    def is_more(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.total > COUNTED


def listed(table: Table, sought: Sought) -> Listed:
    """Return one page of the records in sight, in the table's order.

    Two steps keep it quick however many there are: the keys of the page along an index, then the
    records of those keys. Counting stops at COUNTED, and so does turning pages.
    """
    rows = sought_rows(table, sought)
    ordered = rows.order_by(*table.order).values_list("pk", flat=True)
    if sought.words or sought.values:
        # What has to be looked for is looked for once: the keys are few or cheap beside that.
        found = list(ordered[: COUNTED + 1])
        turn = turned(sought.page, total=min(len(found), COUNTED), size=sought.size)
        return _listed(table, found[turn.first : turn.first + sought.size], turn, len(found))
    total = rows.order_by()[: COUNTED + 1].count()
    turn = turned(sought.page, total=min(total, COUNTED), size=sought.size)
    return _listed(table, list(ordered[turn.first : turn.first + sought.size]), turn, total)


def _listed(table: Table, keys: Sequence[Any], turn: Turned, total: int) -> Listed:
    found = tuple(records(table, keys))
    return Listed(records=found, page=turn.page, pages=turn.pages, total=total)


def sought_rows(table: Table, sought: Sought) -> QuerySet[Any]:
    """Return the base rows in sight that fit what is sought."""
    rows = _rows_in(table, _prefix(sought.division)).filter(**table.fixed)
    if table.gone and not sought.with_gone:
        rows = rows.filter(**{f"{table.gone}__isnull": True})
    for name, value in sought.values.items():
        rows = _narrow(table, rows, table.by_name[name], value)
    if sought.words:
        rows = rows.filter(_named(table, sought.words))
    return rows


def _rows_in(table: Table, prefix: str) -> QuerySet[Any]:
    """Return the base rows in sight of one division, of all that is in sight without a prefix.

    A division that lies in sight as a whole is asked for alone: of two ranges of codes SQLite
    walks along the first, however long.
    """
    model: Any = table.model
    is_whole = bool(prefix) and active().sees(prefix)
    rows: QuerySet[Any] = (model._base_manager if is_whole else model._default_manager).all()
    if not prefix:
        return rows
    return rows.filter(within(str(getattr(model, "scope_path", "division_id")), [prefix]))


def _prefix(code: str) -> str:
    significant = code.rstrip("0")
    for digits in (2, 4, 6, 9, 12):
        if len(significant) <= digits:
            return code[:digits]
    return code


def _narrow(table: Table, rows: QuerySet[Any], column: Column, value: Any) -> QuerySet[Any]:
    wanted = {column.attribute: value}
    if column.on_detail and table.detail is not None:
        # Not the scoped rows: those that are narrowed are, and a join in between costs.
        return rows.filter(pk__in=table.detail._base_manager.filter(**wanted).values("pk"))
    return rows.filter(**wanted)


def _named(table: Table, words: str) -> Q:
    """Return the condition that a record's name or code holds the words, or its number is them."""
    title = table.by_name[table.title]
    fits = Q(pk__in=[])
    if isinstance(title.kind, Reference):
        # The few that are named first, then what refers to them along the key's index. They may
        # belong to the town or county above what is in sight, so they are sought in its counties.
        target: Any = table.model._meta.get_field(title.attribute).related_model
        named = Q(pk__in=[])
        counties = {prefix[:COUNTY_DIGITS] for prefix in active().prefixes}
        around = Q() if active().is_everywhere else within(target.scope_path, counties)
        for path in title.kind.paths:
            named |= Q(**{f"{path}__icontains": words})
        fits |= Q(
            **{f"{title.attribute}__in": target._base_manager.filter(around, named).values("pk")}
        )
    else:
        fits |= Q(**{f"{title.attribute}__icontains": words})
    if "code" in table.by_name and table.title != "code" and words.isascii():
        fits |= Q(**{f"{table.by_name['code'].attribute}__istartswith": words})
    if sum(sign.isdigit() for sign in words) >= NUMBER_DIGITS:
        for column in table.columns:
            if column.index:
                fits |= Q(**{column.index: index_of(words)})
    return fits


def records(table: Table, keys: Sequence[Any]) -> list[Record]:
    """Return the records of these keys in sight, in the order of the keys."""
    found: dict[Any, Record] = {}
    for start in range(0, len(keys), PIECE):
        piece = keys[start : start + PIECE]
        found |= {record.pk: record for record in _read(table, piece)}
    return [found[key] for key in keys if key in found]


def all_records(table: Table, sought: Sought) -> Iterator[Record]:
    """Give every record that fits, in the table's order, a piece at a time."""
    keys = list(sought_rows(table, sought).order_by(*table.order).values_list("pk", flat=True))
    for start in range(0, len(keys), PIECE):
        yield from records(table, keys[start : start + PIECE])


def record_at(table: Table, address: str) -> Record | None:
    """Return the record with this address in sight, or None."""
    path = table.base_path(table.address)
    rows = _source_rows(table).filter(**{path: address})
    key = rows.values_list("pk", flat=True).first()
    return None if key is None else next(iter(records(table, [key])), None)


def _source_rows(table: Table) -> QuerySet[Any]:
    fixed = {table.base_path(name): value for name, value in table.fixed.items()}
    return table.source()._default_manager.filter(**fixed)


def _read(table: Table, keys: Sequence[Any]) -> Iterator[Record]:
    columns = [column for column in table.stored if column.name != "uuid"]
    plain = [table.path(column) for column in columns]
    naming = [
        (column, [f"{table.path(column)}__{path}" for path in column.kind.paths])
        for column in columns
        if isinstance(column.kind, Reference)
    ]
    heads = ["pk", table.base_path(table.address), table.base_path("version"), table.scope_path]
    paths = [*heads, *plain, *(path for _column, found in naming for path in found)]
    kept = _kept(table, keys)
    # By key alone, and looked at afterwards whether it is in sight: asked by division too, SQLite
    # would rather walk through all the divisions in sight.
    sight = active()
    for row in table.source()._base_manager.filter(pk__in=list(keys)).values_list(*paths):
        if not sight.sees(row[3]):
            continue
        values = dict(zip((c.name for c in columns), row[4:], strict=False))
        texts: dict[str, str] = {}
        at = 4 + len(columns)
        for column, found in naming:
            if values[column.name] is not None and isinstance(column.kind, Reference):
                texts[column.name] = column.kind.word(row[at : at + len(found)])
            at += len(found)
        for name, current in kept.items():
            values[name], texts[name] = current.get(row[0], (None, ""))
        yield Record(
            pk=row[0],
            address=str(row[1]),
            version=row[2],
            home=row[3],
            values=values,
            texts=texts,
        )


def _kept(table: Table, keys: Sequence[Any]) -> dict[str, Mapping[Any, tuple[Any, str]]]:
    return {
        column.name: column.keeper.current(keys)
        for column in table.columns
        if column.keeper is not None
    }
