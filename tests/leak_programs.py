"""The walk of other programs through the API: every endpoint, keys over own and others' places."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from anlan.kernel import scope
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.showing import Record
from anlan.kernel.tables.table import Table, tables
from anlan.registry.data import Permission
from anlan.registry.http.fields import plain
from anlan.registry.models import ApiToken
from anlan.registry.permissions import FOR_PROGRAMS
from tests import leak_readings
from tests.conftest import FLOOD_EVENING
from tests.leak_addresses import (
    Case,
    anew,
    changed,
    file_of,
    form_of,
    typed,
)
from tests.leak_patterns import API, Address, Body, api_addresses
from tests.leak_visitors import BEYOND
from tests.leak_walk import Walk
from tests.leaks import Change, Hold, Visitor, said
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
    "program-run-out": (TOWN, FOR_PROGRAMS),
    "program-revoked": (TOWN, FOR_PROGRAMS),
    "program-unknown": (TOWN, FOR_PROGRAMS),
}
# Keys that open nothing: what was done to them.
SPOILT: Mapping[str, dict[str, Any]] = {
    "program-run-out": {"expires_at": FLOOD_EVENING, "issued_at": FLOOD_EVENING - timedelta(1)},
    "program-revoked": {"revoked_at": FLOOD_EVENING},
    "program-unknown": {"digest": "0" * 64},
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
    with scope.everywhere("tests"):
        key = key_for(code, permissions=permissions)
    if name in SPOILT:
        newest = ApiToken.objects.order_by("-pk").values_list("pk", flat=True)[0]
        ApiToken.objects.filter(pk=newest).update(**SPOILT[name])
    return Visitor(
        name=name,
        holds=() if name in SPOILT else (Hold(permissions, code),),
        own=VILLAGE,
        others=BEYOND[code],
        client=Client(raise_request_exception=False),
        headers={"authorization": f"Bearer {key}"},
    )


class ProgramWalk(Walk):
    """One program's way through every endpoint."""

    def run(self, *only: str) -> None:
        """Call everything, or only these names; what is wrong stands in the visitor's faults."""
        by_name = {table.name: table for table in tables()}
        for address in api_addresses():
            if only and address.name not in only:
                continue
            name, _, rest = address.name.removeprefix(API).partition("/")
            if name in by_name:
                self.of_table(address, by_name[name], rest)
            elif address.name in QUESTIONS:
                self.of_question(address)
            elif address.name in leak_readings.ENDPOINTS:
                self.of_readings(address)
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

    def of_readings(self, address: Address) -> None:
        """Read and send readings of the stations of every place."""
        for code in self.visitor.places:
            arguments = leak_readings.arguments_of(address.name, code)
            case = Case(address.name, reverse(address.name, kwargs=arguments), code=code)
            for query in leak_readings.queries_of(address.name, code):
                if address.name != "api:CreateObservations":
                    self.get(case, query)
            if leak_readings.ENDPOINTS[address.name][1]:
                for body in leak_readings.bodies_of(address.name, code):
                    self.send_readings(case, body)

    def send_readings(self, case: Case, body: Any) -> None:
        """Send readings; nothing may change beyond the stations that the key may send for."""
        found = self.site.ask(
            self.visitor, "post", case.path, body, content_type="application/json"
        )
        self.count(case, "POST", "")
        what = f"POST {case.path} {body}"
        for answer in found:
            self.look(what, answer, echo=said(case.path, body))
            for change in self.site.changes(answer):
                may = (self.visitor.may(Permission.SEND_READINGS, x or "-") for x in change.homes)
                if all(may):
                    self.visitor.effects.add(case.name)
                else:
                    self.fault(f"{what} changed {change}")

    def of_table(self, address: Address, table: Table, rest: str) -> None:
        """List, read and write the records of every place."""
        number = list(tables()).index(table)
        others = self.visitor.others
        for code in (self.visitor.own, others[number % len(others)]):
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
            yield "patch", Body({**cells_of(table, cells, record=case.record), "version": version})
            yield from self.reaching(case, fields)
            yield "delete", Body({}, query={"version": str(version)})
        else:
            new = anew(table, fields, number=len(case.name))
            yield "post", Body(cells_of(table, new, record=case.record))

    def reaching(self, case: Case, fields: Mapping[str, str]) -> Iterator[tuple[str, Body]]:
        """Give one's own record, naming what lies elsewhere, and moved there."""
        assert case.table
        assert case.record
        names = [c.name for c in case.table.columns if c.is_reference and fields.get(c.name)]
        if case.code == self.visitor.own:
            for name in names:
                other = fields[name].replace(case.code, self.visitor.others[-1])
                if other == fields[name]:
                    continue
                yield "patch", Body({name: other, "version": case.record.version}, is_reaching=True)

    def send(self, case: Case, method: str, body: Body) -> None:
        """Call with a body; nothing may change beyond what the key may change."""
        path = f"{case.path}?{urlencode(body.query)}" if body.query else case.path
        data, kind = dict(body.data), "application/json"
        if "file" in data:
            data, kind = {"file": file_of(data["file"], "rows.xlsx")}, ""
        found = self.site.ask(self.visitor, method, path, data, content_type=kind)
        self.count(case, method.upper(), "")
        assert case.record
        in_file = (
            [str(case.record.values), str(case.record.texts), case.record.address]
            if kind == ""
            else []
        )
        echo = said(path, {} if in_file else data, *in_file)
        what = f"{method.upper()} {path} {data}"
        for answer in found:
            if answer.status != 405:
                self.look(what, answer, echo=echo)
            for change in self.site.changes(answer):
                if body.is_reaching:
                    self.fault(f"{what} took what is out of sight: {change}")
                self.judge(what, case, change)

    def judge(self, what: str, case: Case, change: Change) -> None:
        """Let a program keep the sheet that it sent, which belongs to no account and no place."""
        is_sheet = change.table in ("registry_sheetimport", "registry_importedchunk")
        is_own = is_sheet and change.homes == (None,) and case.path.endswith("/sheet")
        may_send = any(Permission.IMPORT_SHEETS in each.permissions for each in self.visitor.holds)
        if not (is_own and may_send):
            super().judge(what, case, change)


def cells_of(table: Table, fields: Mapping[str, str], *, record: Record) -> dict[str, Any]:
    """Return a form as JSON has it: what stands in the record as it is stored, the rest typed."""
    found: dict[str, Any] = {}
    for column in table.columns:
        text = fields.get(column.name, "")
        if not text:
            continue
        kind = column.kind.schema()
        if not column.is_reference and text == typed(record, column):
            found[column.name] = as_json(column, record)
        else:
            found[column.name] = kind(float(text)) if kind in (int, float) else text
    return found


def as_json(column: Column, record: Record) -> Any:
    """Return a stored value as JSON has it."""
    value = plain(column.kind, record.values[column.name])
    return value.isoformat() if isinstance(value, date) else value
