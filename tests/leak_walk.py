"""The walk of the leak test: every address, with own and others' objects, reading and writing."""

import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

from anlan.kernel import scope
from anlan.kernel.tables.showing import Record, record_at
from anlan.kernel.tables.table import Table, tables
from anlan.registry.data import Permission
from tests.leak_addresses import (
    ABOUT,
    BODIES,
    FREE,
    NOTHING,
    OWN,
    TABLE,
    WRITES,
    Case,
    widening,
)
from tests.leak_patterns import API, Address, Body, addresses, path_of
from tests.leak_readings import OF_NO_PLACE
from tests.leaks import ANSWERS, Answer, Change, Site, Visitor, said
from tests.two_counties import mark

OF_TABLE = frozenset({"TableName"})
HIDDEN = re.compile(r'name="(seen|signed)" value="([^"]+)"')
EXAMPLES = {"api_document": "990701101000 990701101201"}  # codes that the document makes up
SLOW_ALIKE = frozenset(
    {"register_template", "api_document"}
)  # the same for everybody who may open it


class Walk:
    """One visitor's way through every address."""

    def __init__(self, site: Site, visitor: Visitor) -> None:
        self.site, self.visitor, self.world = site, visitor, site.world
        self.records: dict[tuple[str, str], Record] = {}
        self.no_post: set[str] = set()
        self.no_get: set[str] = set()
        self.no_head: set[str] = set()

    def run(self, *only: str) -> None:
        """Ask for everything, or only these names; what is wrong stands in the visitor's faults."""
        for address in addresses():
            if only and address.name not in only:
                continue
            for case in self.cases(address):
                self.read(case)
                self.write(case)

    # Which objects

    def cases(self, address: Address) -> Iterator[Case]:
        """Give an address with every set of arguments that it is to be asked with."""
        kinds = address.arguments
        if not kinds:
            yield Case(name=address.name, path=path_of(address))
        elif "table" in kinds:
            yield from self._of_tables(address)
        elif address.name in ABOUT:
            yield from self._of_models(address)
        elif set(kinds) <= set(FREE):
            yield Case(name=address.name, path=path_of(address, **{k: FREE[k] for k in kinds}))
        else:
            self.fault(
                f"new URL {address.name}: say in tests/leak_addresses.py ABOUT which objects"
            )

    def _of_tables(self, address: Address) -> Iterator[Case]:
        for number, table in enumerate(tables()):
            others = self.visitor.others
            if number % self.visitor.step:
                continue
            for code in (self.visitor.own, *others[number % len(others) :][:1]) if others else ():
                record = self.record(table, code)
                arguments = {"table": table.name}
                if len(address.arguments) > 1:
                    arguments |= {
                        name: record.address for name in address.arguments if name != "table"
                    }
                yield Case(address.name, path_of(address, **arguments), table, record, code)

    def _of_models(self, address: Address) -> Iterator[Case]:
        (argument,) = address.arguments
        label, attribute = ABOUT[address.name]
        for code in self.visitor.places:
            found = self.world.rows[code].get(label) or [self.world.one(label, code)]
            for row in found[:2]:
                path = path_of(address, **{argument: attrgetter(attribute)(row)})
                yield Case(address.name, path, code=code)
        own_ones = {
            "registry.SheetImport": self.world.sheets,
            "monitoring.HandSheet": self.world.hand_sheets,
        }.get(label, {})
        for own in own_ones.get(self.visitor.account_id or 0, ()):
            path = path_of(address, **{argument: own})
            yield Case(address.name, path, code=self.visitor.own)

    def record(self, table: Table, code: str) -> Record:
        """Return the record of a table at a place."""
        key = (table.name, code)
        if key not in self.records:
            row = self.world.one(table.source()._meta.label, code)
            place = getattr(row, "place", None) if table.detail is not None else row
            with scope.everywhere("the leak test reads what it asks for"):
                found = record_at(table, str(getattr(place, table.address)))
            assert found, f"no {table.name} at {code}: tests/two_counties.py makes none"
            self.records[key] = found
        return self.records[key]

    # Reading

    def read(self, case: Case) -> None:
        """Ask for a page as it is, and with a query that might widen it."""
        if case.name in self.no_get:
            return
        is_about_one = case.record is not None and case.record.address in case.path
        if is_about_one or not case.table or case.code == self.visitor.own:
            if self.get(case, None).status == 405:
                self.no_get.add(case.name)
                return
            if case.name not in self.no_head:
                self.no_head.add(case.name)
                self.get(case, None, method="head")
        if not is_about_one and case.name not in SLOW_ALIKE:
            self._read_wider(case)

    def _read_wider(self, case: Case) -> None:
        """Ask for a page with what might widen it, of one's own place and of others."""
        if case.name == "register_suggest" and case.table:
            self._suggest(case)
        elif case.name == "register_export" and case.code == self.visitor.own:
            if case.table and case.table.personal:
                self.get(case, {"in_full": "1"})
        elif case.code != self.visitor.own or not case.table:
            codes = [case.code] if case.code else self.visitor.places
            for code in codes:
                query = widening(self.world, code)
                self.get(case, query, headers={"HX-Request": "true"})

    def _suggest(self, case: Case) -> None:
        assert case.table
        for column in case.table.columns:
            if column.is_reference:
                self.get(case, {"column": column.name, column.name: mark(case.code)[1:9]})

    def get(
        self,
        case: Case,
        query: Mapping[str, str] | None,
        *,
        headers: Mapping[str, str] | None = None,
        method: str = "get",
    ) -> Answer:
        """Ask for a page and look at what came back."""
        found = self.site.ask(self.visitor, method, case.path, query, headers=headers)
        self.count(case, method.upper(), "wider" if query else "")
        what = f"{method.upper()} {case.path} {dict(query or {})}"
        echo = said(case.path, dict(query or {}), EXAMPLES.get(case.name, ""))
        self.look(what, found[0], echo=echo)
        for change in self.site.changes(found[0]):
            if change.owner != self.visitor.account_id or change.owner is None:
                self.fault(f"{what} changed {change}")
        return found[0]

    # Writing

    def write(self, case: Case) -> None:
        """Send what a form would send; nothing may change beyond what the visitor may change."""
        if case.name in self.no_post:
            return
        codes = [case.code] if case.code or case.name not in BODIES else self.visitor.places
        for code in codes:
            placed = Case(case.name, case.path, case.table, case.record, code)
            for body in BODIES.get(case.name, plain_body)(self.world, self.visitor, placed):
                if not self.post(placed, body):
                    return

    def post(self, case: Case, body: Body) -> bool:
        """Send one form; tell whether the address takes any."""
        found = self.site.ask(
            self.visitor,
            "post",
            case.path,
            body.data,
            query=body.query,
            again=self.again(case),
        )
        if found[0].status == 405:
            self.no_post.add(case.name)
            return False
        self.count(case, "POST", "")
        echo = said(case.path, dict(body.data), dict(body.query or {}), self.echo(case))
        echo += EXAMPLES.get(case.name, "")
        what = f"POST {case.path} {body.data} {body.query or ''}"
        for answer in found:
            self.look(what, answer, echo=echo)
            for change in self.site.changes(answer):
                if body.is_reaching:
                    self.fault(f"{what} took what is out of sight: {change}")
                self.judge(what, case, change)
        return True

    def again(self, case: Case) -> Any:
        """Return what follows an answer: the second step of a form, or the page it leads to."""
        told: list[str] = []

        def step(answer: Answer, data: Any) -> Any:
            hidden = HIDDEN.search(answer.body)
            if hidden and not told:
                told.append(hidden[1])
                name = "carry_out" if hidden[1] == "seen" else "write"
                return "post", case.path, {**data, "step": name, hidden[1]: hidden[2]}
            if case.name == "sheet_carry_out" and not told and answer.status == 302:
                told.append("undo")
                return "post", case.path.replace("carry-out", "undo"), {}
            leads_on = answer.status == 302 and answer.location.startswith("/registry/")
            if leads_on and len(told) < 2 and not case.table:
                told.extend(("", ""))
                return "get", answer.location, None
            return None

        return step

    def echo(self, case: Case) -> str:
        """Return what a file says that the form carries, which its page may repeat."""
        if case.name in ("boundaries", "critical_rain_sheet"):
            return case.code
        if case.name != "sheet_upload" or case.record is None:
            return ""
        return said(
            case.record.address, [str(v) for v in case.record.values.values()], case.record.texts
        )

    # Judging

    def judge(self, what: str, case: Case, change: Change) -> None:
        """Note a fault when the visitor may not change this row."""
        label = case.name if case.table is None else f"{case.name} {case.table.name}"
        needs: Any = TABLE if case.name.startswith(API) and case.table else WRITES.get(case.name)
        if needs is None:
            self.fault(
                f"new URL {case.name} takes POST: say in tests/leak_addresses.py WRITES its need"
            )
            return
        office = ""
        if needs == TABLE or (case.table and needs == Permission.IMPORT_SHEETS):
            assert case.table
            office = case.table.office
            needs = Permission(case.table.writing)
        is_own = change.owner is not None and change.owner == self.visitor.account_id
        if needs == OWN:
            is_right = is_own
        elif needs == NOTHING:
            is_right = False
        elif change.table in OF_NO_PLACE:
            held = (hold.permissions for hold in self.visitor.holds)
            is_right = any(OF_NO_PLACE[change.table] in permissions for permissions in held)
        else:
            is_right = is_own or all(
                home is not None and self.visitor.may(needs, home, office=office)
                for home in change.homes
            )
        if is_right:
            self.visitor.effects.add(label)
        else:
            self.fault(f"{what} changed {change}")

    def look(self, what: str, answer: Answer, *, echo: str) -> None:
        """Note a fault when an answer is none, or gives something away."""
        if answer.fault or answer.status not in ANSWERS or "Traceback" in answer.text:
            self.fault(f"{what}: {answer.status} {answer.fault}")
        found = self.site.leaks(answer.text, visitor=self.visitor, echo=echo, shown=answer.shown)
        if found:
            self.fault(f"{what}: {answer.status} gives away {', '.join(sorted(found)[:6])}")

    def fault(self, text: str) -> None:
        """Note what is wrong."""
        self.visitor.faults.append(f"{self.visitor.name}: {text[:600]}")

    def count(self, case: Case, method: str, way: str) -> None:
        """Count a combination of address, table, method and place."""
        self.visitor.combinations.add(
            (case.name, case.table.name if case.table else "", method, case.code, way)
        )


def plain_body(_world: Any, _visitor: Any, _case: Any) -> list[Body]:
    """Return an empty form."""
    return [Body({})]
