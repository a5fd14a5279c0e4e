"""Endpoints of one table: list, read, add, change, remove. Each is typed by the table's columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import Query, Router, Status
from ninja.params.models import Query as QueryParams
from pydantic import BaseModel

from anlan.kernel.encryption import masked
from anlan.kernel.tables.columns import Column, Course
from anlan.kernel.tables.showing import COUNTED, Record, Sought, listed, record_at
from anlan.kernel.tables.table import Table
from anlan.registry.actions.remove_record import remove_record
from anlan.registry.actions.save_record import save_record
from anlan.registry.actions.show_personal import show_personal
from anlan.registry.data import Permission
from anlan.registry.http.faults import READING_REFUSED, WRITING_REFUSED, Problem
from anlan.registry.http.fields import plain
from anlan.registry.http.keys import Bearer, Caller, caller_of
from anlan.registry.http.shapes import Personal, Shapes, Version, columns_of
from anlan.registry.keeping import RecordOutOfSight
from anlan.registry.permissions import FOR_PROGRAMS
from anlan.registry.tables.references import DIVISION, HOUSEHOLD

UNSEEN = str.maketrans("", "", "".join(map(chr, range(32))))


@dataclass(frozen=True)
class Desk:
    """A table with its types, and the words in which its endpoints are described."""

    table: Table
    shapes: Shapes
    label: str
    one: str

    def name(self, verb: str) -> str:
        """Return the identifier of an endpoint."""
        return f"{verb}_{self.table.name.replace('-', '_')}"


def desk_of(table: Table, shapes: Shapes) -> Desk:
    """Return the desk of a table, in English."""
    with override("en"):
        return Desk(table=table, shapes=shapes, label=str(table.label), one=str(table.one))


def is_written_by_programs(table: Table) -> bool:
    """Tell whether a key can hold the permission to write the table."""
    return table.writing in {each.value for each in FOR_PROGRAMS}


def add_record_routes(router: Router, desk: Desk) -> None:
    """Add the endpoints of a table to a router."""
    _add_reading(router, desk)
    if is_written_by_programs(desk.table):
        _add_writing(router, desk)


def typed(function: Callable[..., Any], **types: Any) -> Callable[..., Any]:
    """Return a function whose parameters have these types, which only running code knows."""
    function.__annotations__ = {**function.__annotations__, **types}
    return function


def read(shape: Any) -> dict[Any, Any]:
    """Return what an endpoint that reads may answer: one shape, or a refusal."""
    return {200: shape, READING_REFUSED: Problem}


def written(status: int, shape: Any) -> dict[Any, Any]:
    """Return what an endpoint that writes may answer: one shape, or a refusal."""
    return {status: shape, WRITING_REFUSED: Problem}


# Reading


def _add_reading(router: Router, desk: Desk) -> None:
    _add_listing(router, desk)
    _add_reading_one(router, desk)


def _add_listing(router: Router, desk: Desk) -> None:
    table, shapes = desk.table, desk.shapes

    def list_records(request: HttpRequest, sought: Any) -> Any:
        caller = caller_of(request)
        with caller.sight():
            return _page(table, sought, caller=caller)

    router.get(
        f"/{table.name}",
        response=read(shapes.page),
        auth=Bearer(table.reading),
        operation_id=desk.name("list"),
        summary=f"List: {desk.label}",
        description=f"A page of the records in sight of the key: {desk.label}.",
        tags=[table.name],
        url_name=table.name,
    )(typed(list_records, sought=Annotated[shapes.sought, QueryParams(...)]))


def _add_reading_one(router: Router, desk: Desk) -> None:
    table, shapes = desk.table, desk.shapes

    def read_record(request: HttpRequest, address: Any) -> Any:
        return _read(request, address, in_full=False)

    def read_person(request: HttpRequest, address: Any, personal: Query[Personal]) -> Any:
        return _read(request, address, in_full=personal.in_full)

    def _read(request: HttpRequest, address: Any, *, in_full: bool) -> Any:
        caller = caller_of(request)
        with caller.sight():
            return _one(table, str(address), caller=caller, in_full=in_full)

    router.get(
        f"/{table.name}/{{address}}",
        response=read(shapes.record),
        auth=Bearer(table.reading),
        operation_id=desk.name("read"),
        summary=f"Read one {desk.one}",
        description=f"One {desk.one}.",
        tags=[table.name],
        url_name=f"{table.name}/one",
    )(typed(read_person if table.personal else read_record, address=shapes.address))


def _page(table: Table, sought: BaseModel, *, caller: Caller) -> dict[str, Any]:
    asked = sought.model_dump(exclude_none=True)
    in_full = asked.get("in_full", False)
    names = {column.name for column in table.filters}
    found = listed(
        table,
        Sought(
            division=asked.get("division", ""),
            words=asked["q"].translate(UNSEEN).strip(),
            values={name: value for name, value in asked.items() if name in names},
            with_gone=asked.get("with_gone", False),
            page=asked["page"],
            size=asked["size"],
        ),
    )
    return {
        "records": shown(table, found.records, caller=caller, in_full=in_full),
        "page": found.page,
        "pages": found.pages,
        "total": min(found.total, COUNTED),
        "total_is_exact": not found.is_more,
    }


def _one(table: Table, address: str, *, caller: Caller, in_full: bool) -> dict[str, Any]:
    record = record_at(table, address)
    if record is None:
        raise RecordOutOfSight(address)
    return shown(table, [record], caller=caller, in_full=in_full)[0]


def shown(
    table: Table, found: Sequence[Record], *, caller: Caller, in_full: bool
) -> list[dict[str, Any]]:
    """Return records as a program reads them; numbers in full are journalled."""
    if in_full:
        caller.check(Permission.SHOW_PERSONAL)
        held = [each for each in found if any(each.values.get(c.name) for c in table.personal)]
        show_personal(
            table, shown=held, columns=table.personal, way="api", by=caller.actor, now=caller.now
        )
    columns = columns_of(table)
    return [
        {
            table.address: record.address,
            "version": record.version,
            "division_code": record.home,
            **{
                column.name: _value(record, column, caller=caller, in_full=in_full)
                for column in columns
            },
        }
        for record in found
    ]


def _value(record: Record, column: Column, *, caller: Caller, in_full: bool) -> Any:
    value = record.values.get(column.name)
    if column.is_reference:
        name = record.texts.get(column.name, "")
        if not name or (column.kind is HOUSEHOLD and not caller.may(Permission.READ_HOUSEHOLDS)):
            return None
        return {"name": name, "code": value} if column.kind is DIVISION else {"name": name}
    if column.is_personal and value and not in_full:
        return masked(str(value))
    return plain(column.kind, value)


# Writing


def _add_writing(router: Router, desk: Desk) -> None:
    _add_adding(router, desk)
    _add_changing(router, desk)
    _add_removing(router, desk)


def _add_adding(router: Router, desk: Desk) -> None:
    table, shapes = desk.table, desk.shapes

    def add_record(request: HttpRequest, body: Any, response: HttpResponse) -> Any:
        caller = caller_of(request)
        with caller.sight():
            found = _saved(table, body.model_dump(exclude_unset=True), caller=caller)
        response.headers["Location"] = f"{request.path}/{found[table.address]}"
        return Status(201, found)

    router.post(
        f"/{table.name}",
        response=written(201, shapes.record),
        auth=Bearer(table.reading, table.writing),
        operation_id=desk.name("add"),
        summary=f"Add a {desk.one}",
        description=f"Add a {desk.one}. One that is there already is refused: change that one.",
        tags=[table.name],
        url_name=table.name,
        openapi_extra={"responses": {201: {"links": _links(desk)}}},
    )(typed(add_record, body=shapes.new))


def _links(desk: Desk) -> dict[str, Any]:
    """Return which endpoints go on with a record that was added."""
    of_record = {"address": f"$response.body#/{desk.table.address}"}
    return {
        verb.capitalize(): {"operationId": desk.name(verb), "parameters": of_record}
        for verb in ("read", "change", "remove")
    }


def _add_changing(router: Router, desk: Desk) -> None:
    table, shapes = desk.table, desk.shapes

    def change_record(request: HttpRequest, address: Any, body: Any) -> Any:
        caller = caller_of(request)
        cells = body.model_dump(exclude_unset=True)
        version = cells.pop("version")
        with caller.sight():
            return _saved(table, cells, caller=caller, address=str(address), version=version)

    router.patch(
        f"/{table.name}/{{address}}",
        response=written(200, shapes.record),
        auth=Bearer(table.reading, table.writing),
        operation_id=desk.name("change"),
        summary=f"Change a {desk.one}",
        description="Only the fields that are given change; null empties one.",
        tags=[table.name],
        url_name=f"{table.name}/one",
    )(typed(change_record, address=shapes.address, body=shapes.change))


def _add_removing(router: Router, desk: Desk) -> None:
    table, shapes = desk.table, desk.shapes

    def remove(request: HttpRequest, address: Any, version: Version) -> Any:
        caller = caller_of(request)
        with caller.sight():
            remove_record(
                table,
                address=str(address),
                version=version,
                allowed=caller.allowed,
                by=caller.actor,
                now=caller.now,
            )
        return Status(204, None)

    router.delete(
        f"/{table.name}/{{address}}",
        response=written(204, None),
        auth=Bearer(table.reading, table.writing),
        operation_id=desk.name("remove"),
        summary=f"Remove a {desk.one}",
        description="For what was entered by mistake; what has ended is marked so, not removed.",
        tags=[table.name],
        url_name=f"{table.name}/one",
    )(typed(remove, address=shapes.address))


def _saved(
    table: Table,
    cells: dict[str, Any],
    *,
    caller: Caller,
    address: str = "",
    version: int | None = None,
) -> dict[str, Any]:
    if any(table.by_name[name].kind is HOUSEHOLD for name in cells):
        caller.check(Permission.READ_HOUSEHOLDS)
    for name, cell in cells.items():
        if cell is None and isinstance(table.by_name[name].kind, Course):
            cells[name] = []
    saved = save_record(
        table,
        cells=cells,
        allowed=caller.allowed,
        by=caller.actor,
        now=caller.now,
        address=address,
        version=version,
    )
    return _one(table, saved, caller=caller, in_full=False)
