"""The walk of other programs through the API: every endpoint, keys over own and others' places."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from anlan.kernel.tables.table import Table, tables
from anlan.registry.data import Permission
from anlan.registry.permissions import FOR_PROGRAMS
from tests.leak_addresses import (
    API,
    Address,
    Body,
    Case,
    anew,
    api_addresses,
    changed,
    file_of,
    form_of,
)
from tests.leak_visitors import BEYOND
from tests.leak_walk import Walk
from tests.leaks import Hold, Visitor, said
from tests.programs import key_for
from tests.rooms.registry.test_sheets import workbook
from tests.two_counties import COUNTY, TOWN, VILLAGE, TwoCounties

READS = frozenset({Permission.READ_REGISTER})
KEYS: Mapping[str, tuple[str, frozenset[Permission]]] = {
    "program-county": (COUNTY, FOR_PROGRAMS),
    "program-town": (TOWN, FOR_PROGRAMS),
    "program-village": (VILLAGE, FOR_PROGRAMS),
    "program-town-reads": (TOWN, READS),
    "program-village-households": (VILLAGE, READS | {Permission.READ_HOUSEHOLDS}),
    "program-town-edits": (TOWN, READS | {Permission.EDIT_REGISTER}),
}
# Endpoints of no table: the queries that reach for a place; `code` stands for it.
QUESTIONS: Mapping[str, tuple[dict[str, str], ...]] = {
    "api:tables": ({},),
    "api:gaps": ({}, {"division": "code", "size": "200"}),
    "api:who-answers": ({"place": "code", "hazard": "geohazard", "in_full": "true"},),
    "api:history": ({},),
}


def program_named(name: str, world: TwoCounties) -> Visitor:
    """Issue a key and return the program that shows it."""
    code, permissions = KEYS[name]
    return Visitor(
        name=name,
        holds=(Hold(permissions, code),),
        own=VILLAGE,
        others=BEYOND[code],
        client=Client(raise_request_exception=False),
        headers={"authorization": f"Bearer {key_for(code, permissions=permissions)}"},
    )


class ProgramWalk(Walk):
    """One program's way through every endpoint."""

    def run(self) -> None:
        """Call everything; what is wrong stands in the visitor's faults."""
        by_name = {table.name: table for table in tables()}
        for address in api_addresses():
            name, _, rest = address.name.removeprefix(API).partition("/")
            if name in by_name:
                self.of_table(address, by_name[name], rest)
            elif address.name in QUESTIONS:
                self.of_question(address)
            elif address.name != "api:api-root":
                self.fault(f"new endpoint {address.name}: say in tests/leak_programs.py QUESTIONS")

    def of_question(self, address: Address) -> None:
        """Ask about every place."""
        for code in self.visitor.places:
            arguments = {"code": code} if "code" in address.arguments else {}
            path = reverse(address.name, kwargs=arguments)
            for query in QUESTIONS[address.name]:
                asked = {k: code if v == "code" else v for k, v in query.items()}
                self.get(Case(address.name, path, code=code), asked)

    def of_table(self, address: Address, table: Table, rest: str) -> None:
        """List, read and write the records of every place."""
        for code in self.visitor.places:
            record = self.record(table, code)
            arguments = {"address": record.address} if rest == "one" else {}
            path = reverse(address.name, kwargs=arguments)
            case = Case(address.name, path, table, record, code)
            if rest != "sheet":
                self.get(case, {"in_full": "true"} if rest == "one" and table.personal else None)
            if rest == "" and table.by_name.get("division"):
                self.get(case, {"division": code, "size": "200"})
            for method, body in self.bodies(case, rest):
                self.send(case, method, body)

    def bodies(self, case: Case, rest: str) -> Iterator[tuple[str, Body]]:
        """Give what an endpoint takes, by method."""
        assert case.table
        assert case.record
        table, fields = case.table, form_of(case.table, case.record)
        version = case.record.version
        if rest == "sheet":
            rows = {**changed(table, fields), "uuid": case.record.address}
            rows.pop("version")
            content = workbook(list(rows), list(rows.values()))
            yield "post", Body({"file": content}, query={"mode": "good_rows"})
        elif rest == "one":
            new = changed(table, fields)
            cells = {k: v for k, v in new.items() if v != fields[k]}
            yield "patch", Body({**cells_of(table, cells), "version": version})
            yield "delete", Body({}, query={"version": str(version)})
        else:
            new = anew(table, fields, number=len(case.name))
            yield "post", Body(cells_of(table, {k: v for k, v in new.items() if k != "version"}))

    def send(self, case: Case, method: str, body: Body) -> None:
        """Call with a body; nothing may change beyond what the key may change."""
        path = f"{case.path}?{urlencode(body.query)}" if body.query else case.path
        data, kind = dict(body.data), "application/json"
        if "file" in data:
            data, kind = {"file": file_of(data["file"], "rows.xlsx")}, ""
        found = self.site.ask(self.visitor, method, path, data, content_type=kind)
        self.count(case, method.upper(), "")
        assert case.record
        echo = said(path, {} if kind == "" else data, str(case.record.values), case.record.address)
        what = f"{method.upper()} {path} {data}"
        for answer in found:
            if answer.status != 405:
                self.look(what, answer, echo=echo)
            for change in self.site.changes(answer):
                self.judge(what, case, change)


def cells_of(table: Table, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return typed cells as JSON has them; empty ones left out."""
    found: dict[str, Any] = {}
    for name, text in fields.items():
        if not text or name not in table.by_name:
            continue
        kind = table.by_name[name].kind.schema()
        if kind is bool:
            found[name] = text == "1"
        else:
            found[name] = kind(float(text)) if kind in (int, float) else text
    return found
