"""What the leak test knows of addresses: whom they are about, what they ask, what they may write.

A new address of a table is walked by itself. Another new address with arguments must say in ABOUT
which objects it is about; one that takes POST must say in WRITES what whoever sends it must hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from anlan.kernel.tables.columns import Choice, Column, Course, Day, IdNumber, Phone, Text, YesNo
from anlan.kernel.tables.showing import Record
from anlan.kernel.tables.table import Table
from anlan.registry.data import Permission
from tests import (
    leak_by_hand,
    leak_channels,
    leak_desk,
    leak_issuing,
    leak_measures,
    leak_readings,
    leak_rules,
    leak_stations,
)
from tests.leak_patterns import Body
from tests.leaks import Visitor
from tests.rooms.registry.test_sheets import workbook
from tests.two_counties import PASSWORD, QUIET, QUIET_TOO, TwoCounties, mark

OWN = "own"  # only what belongs to the account itself
NOTHING = "nothing"  # no row at all
TABLE = "table"  # what the table itself asks of whoever writes it

# Addresses with an argument: the model whose rows they are about, and by what it is named.
ABOUT: Mapping[str, tuple[str, str]] = {
    "cap_message": ("warning.HazardWarning", "number"),
    "cap_atom": ("registry.Division", "code"),
    "cap_rss": ("registry.Division", "code"),
    "cap_map": ("registry.Division", "code"),
    "answer_call": ("warning.Summons", "uuid"),
    "incident": ("command.Incident", "uuid"),
    "report": ("command.Incident", "uuid"),
    "complete_task": ("command.ResponseTask", "uuid"),
    "account": ("registry.Account", "pk"),
    "close_account": ("registry.Account", "pk"),
    "reopen_account": ("registry.Account", "pk"),
    "reset_password": ("registry.Account", "pk"),
    "reset_second_factor": ("registry.Account", "pk"),
    "tie_account": ("registry.Account", "pk"),
    "grant_authority": ("registry.Account", "pk"),
    "withdraw_authority": ("registry.Authority", "pk"),
    "revoke_token": ("registry.ApiToken", "uuid"),
    "division_history": ("registry.Division", "code"),
    "sheet_import": ("registry.SheetImport", "uuid"),
    "sheet_carry_out": ("registry.SheetImport", "uuid"),
    "sheet_undo": ("registry.SheetImport", "uuid"),
    "sheet_bad_rows": ("registry.SheetImport", "uuid"),
    **leak_by_hand.ABOUT,
    **leak_channels.ABOUT,
    **leak_desk.ABOUT,
    **leak_measures.ABOUT,
    **leak_issuing.ABOUT,
    **leak_readings.ABOUT,
    **leak_stations.ABOUT,
    **leak_rules.ABOUT,
}

# Addresses that take POST: what must be held over each row that they change.
WRITES: Mapping[str, str] = {
    "answer_call": NOTHING,  # nobody of these counties is tied to the person who is called
    "complete_task": NOTHING,
    "new_account": Permission.MANAGE_ACCOUNTS,
    "close_account": Permission.MANAGE_ACCOUNTS,
    "reopen_account": Permission.MANAGE_ACCOUNTS,
    "reset_password": Permission.MANAGE_ACCOUNTS,
    "reset_second_factor": Permission.MANAGE_ACCOUNTS,
    "tie_account": Permission.MANAGE_ACCOUNTS,
    "grant_authority": Permission.MANAGE_ACCOUNTS,
    "withdraw_authority": Permission.MANAGE_ACCOUNTS,
    "delegate_authority": Permission.DELEGATE,
    "tokens": Permission.MANAGE_TOKENS,
    "revoke_token": Permission.MANAGE_TOKENS,
    "rename_division": Permission.REDRAW_DIVISIONS,
    "recode_division": Permission.REDRAW_DIVISIONS,
    "merge_divisions": Permission.REDRAW_DIVISIONS,
    "split_division": Permission.REDRAW_DIVISIONS,
    "boundaries": Permission.REDRAW_DIVISIONS,
    "who_answers": NOTHING,
    "register_new": TABLE,
    "register_edit": TABLE,
    "register_remove": TABLE,
    "register_number": NOTHING,
    "sheet_upload": Permission.IMPORT_SHEETS,
    "sheet_carry_out": Permission.IMPORT_SHEETS,
    "sheet_undo": Permission.IMPORT_SHEETS,
    "change_password": OWN,
    "end_sessions": OWN,
    "begin_second_factor": OWN,
    "confirm_second_factor": OWN,
    "renew_recovery_codes": OWN,
    "give_up_second_factor": OWN,
    "prove_second_factor": OWN,
    "login": NOTHING,
    "logout": NOTHING,
    "set_language": NOTHING,
    **leak_by_hand.WRITES,
    **leak_channels.WRITES,
    **leak_desk.WRITES,
    **leak_measures.WRITES,
    **leak_issuing.WRITES,
    **leak_readings.WRITES,
    **leak_stations.WRITES,
    **leak_rules.WRITES,
}

FREE = {"rest": "people/all", "path": "people", "token": "x"}  # what names nothing of the county


@dataclass(frozen=True)
class Case:
    """One address with its arguments: of which table and about the rows of which place."""

    name: str
    path: str
    table: Table | None = None
    record: Record | None = None
    code: str = ""


def typed(record: Record, column: Column) -> str:
    """Return a value as somebody types it into a form."""
    value = record.values.get(column.name)
    if isinstance(column.kind, Choice):
        return str(value or "")
    if isinstance(column.kind, YesNo):
        return "" if value is None else "1" if value else "0"
    shown = record.shown(column)
    if isinstance(shown, date):
        return shown.isoformat()
    return "" if shown is None else str(shown)


def form_of(table: Table, record: Record) -> dict[str, str]:
    """Return a record as its form would send it."""
    fields = {
        column.name: typed(record, column)
        for column in table.columns
        if column.name not in ("uuid", "located", "parent") and not isinstance(column.kind, Course)
    }
    if "division" in fields:
        fields["division"] = record.home
    return fields | {"version": str(record.version)}


def changed(table: Table, fields: Mapping[str, str]) -> dict[str, str]:
    """Return a form in which one value is another: a text, a last day or a count."""
    texts = [c for c in table.columns if isinstance(c.kind, Text) and _has_room(c, fields)]
    days = [c for c in table.columns if isinstance(c.kind, Day) and not c.is_required]
    counts = [c for c in table.columns if c.kind.schema() is int and fields.get(c.name)]
    free = [c for c in texts if not c.is_required]
    for column in (*free, *reversed(days), *texts, *counts):
        old = fields.get(column.name, "")
        if column in texts:
            return {**fields, column.name: f"{old}改"}
        if column in days:
            return {**fields, column.name: "2029-01-01"}
        return {**fields, column.name: str(int(old) + 1)}
    raise AssertionError(f"nothing of {table.name} can be changed")


def _has_room(column: Column, fields: Mapping[str, str]) -> bool:
    """Tell whether one more sign fits into a text of the form."""
    longest = column.kind.longest if isinstance(column.kind, Text) else 0
    return column.name in fields and not column.is_fixed and len(fields[column.name]) < longest


def anew(table: Table, fields: Mapping[str, str], *, number: int) -> dict[str, str]:
    """Return a form that adds another record of the kind."""
    found = dict(fields)
    for column in table.columns:
        if column.is_personal:
            is_phone, is_id = isinstance(column.kind, Phone), isinstance(column.kind, IdNumber)
            found[column.name] = f"138{number:08d}" if is_phone else "" if is_id else f"N{number}"
        elif column.name in ("name", "title", "head_name", "subject") and column.name in found:
            found[column.name] = f"{found[column.name]}新"
        elif column.name == "code":
            found[column.name] = f"{found['code'][:9]}{900 + number % 90}"
        elif column.name in ("since", "valid_from", "held_on", "issued_on"):
            found[column.name] = "2021-03-01"
        elif column.name == "year":
            found[column.name] = "2021"
    return found


Bodies = Callable[[TwoCounties, Visitor, Case], list[Body]]


def of_new(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a new record of a place, and one of one's own that names what is there."""
    if case.table is None or case.record is None:
        return [Body({})]
    return [Body(anew(case.table, form_of(case.table, case.record), number=len(case.name)))]


def of_edit(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a record changed."""
    if case.table is None or case.record is None:
        return [Body({})]
    fields = form_of(case.table, case.record)
    found = [Body(changed(case.table, fields))]
    if case.code != visitor.own:
        return found
    names = [c.name for c in case.table.columns if c.is_reference and fields.get(c.name)]
    inner = [name for name in names if name not in ("division", case.table.home)]
    far, near = visitor.others[-1], visitor.others[0]
    moved = {name: fields[name].replace(case.code, near) for name in names}
    reached = [{name: fields[name].replace(case.code, far)} for name in inner]
    found += [
        Body(fields | to, is_reaching=True) for to in (moved, *reached) if fields != fields | to
    ]
    return found


def of_remove(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return the version that was seen."""
    return [Body({"version": str(case.record.version)})] if case.record else [Body({})]


def of_number(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return each column with numbers of persons, and one that has none."""
    names = [column.name for column in case.table.personal] if case.table else []
    return [Body({"column": name}) for name in (names[:2] or ["name"])]


def of_sheet(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a workbook with the record as it stands and changed."""
    if case.table is None or case.record is None:
        return [Body({})]
    fields = changed(case.table, form_of(case.table, case.record))
    fields.pop("version", None)
    fields["uuid"] = case.record.address
    rows = [list(fields), list(fields.values())]
    return [Body({"file": file_of(workbook(*rows), "rows.xlsx")})]


def file_of(content: bytes, name: str) -> BytesIO:
    found = BytesIO(content)
    found.name = name
    return found


def of_new_account(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a new account for a place."""
    name, plain = "somebody.new", {"password": PASSWORD, "division": case.code, "office": ""}
    return [Body({"username": name, "role": role, **plain}) for role in ("reader", "administrator")]


def of_grant(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a role over the account's place, and over each place that is not one's own."""
    places = {case.code, *visitor.others}
    return [Body({"role": "reader", "division": code, "office": ""}) for code in sorted(places)]


def of_person(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return the person of each place, and nobody."""
    people = [world.one("registry.Person", code).pk for code in visitor.places]
    return [Body({"person": str(key)}) for key in (*people, "")]


def of_delegation(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return each role that one holds, lent to the account of a place over that place."""
    account = world.one("registry.Account", case.code)
    roles = {"town_officer", "commander", "duty_officer", "administrator"}
    return [
        Body({"to": account.username, "role": role, "division": case.code, "days": "5"})
        for role in sorted(roles)
    ]


def of_token(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a key for a program over a place."""
    wanted = {"application": "abc", "division": case.code, "days": "9"}
    return [Body({**wanted, "permission": ["read_register", "show_personal"]})]


def of_device(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a device model as it would be added or changed."""
    return [Body(leak_readings.of_device(world, case.code or visitor.own))]


def of_asking(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return the place that is asked about, by code and by uuid, with the numbers to call."""
    point = world.one("registry.HazardPoint", case.code).place
    return [Body({}, query={"place": place}) for place in (case.code, str(point.uuid))]


def of_redrawing(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return what each of the four forms asks for a division, their fields together."""
    found = [_redrawn(case.name, case.code, sister=visitor.others[-1])]
    if case.code == visitor.own:
        found.append(_redrawn(case.name, QUIET, sister=QUIET_TOO))
        found.append(_redrawn(case.name, QUIET, sister=visitor.others[-1]))
    return found


def _redrawn(name: str, code: str, *, sister: str) -> Body:
    other = code[:-1] + "9"
    paper = {"code": code, "on": "2024-07-01", "basis": "1号"}
    if name == "split_division":
        parts = {"code_1": code, "name_1": "甲", "code_2": other, "name_2": "乙", "heir": "1"}
        return Body(paper | parts)
    if name == "merge_divisions":
        return Body(paper | {"codes": [sister], "into": code, "name": "丙"})
    return Body(paper | {"name": "新名", "new_code": other})


def of_boundaries(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a square for a division."""
    ring = "[[107.5,33],[107.51,33],[107.51,33.01],[107.5,33.01],[107.5,33]]"
    shape = f'{{"type":"Polygon","coordinates":[{ring}]}}'
    feature = f'{{"type":"Feature","properties":{{"code":"{case.code}"}},"geometry":{shape}}}'
    content = f'{{"type":"FeatureCollection","features":[{feature}]}}'
    return [Body({"file": file_of(content.encode(), "a.geojson")})]


def of_hand(told: Callable[[TwoCounties, str], list[dict[str, Any]]]) -> Bodies:
    """Return what sends what people enter by hand for a place."""
    return lambda world, visitor, case: [Body(each) for each in told(world, case.code)]


def of_hand_sheet(world: TwoCounties, visitor: Visitor, case: Case) -> list[Body]:
    """Return a spreadsheet with a level of a place's gauge, or a day of its macro station."""
    is_macro = case.name == "macro_sheet"
    content = leak_by_hand.macro_sheet(world, case.code) if is_macro else None
    return [Body({"file": file_of(content or leak_by_hand.staff_sheet(case.code), "a.xlsx")})]


BODIES: Mapping[str, Bodies] = {
    "staff_readings": of_hand(leak_by_hand.of_levels),
    "staff_correct": of_hand(leak_by_hand.of_correction),
    "macro_form": of_hand(leak_by_hand.of_macro),
    "macro_verify": of_hand(leak_by_hand.of_verdict),
    "staff_sheet": of_hand_sheet,
    "macro_sheet": of_hand_sheet,
    "hand_carry_out": lambda world, visitor, case: [Body({"mode": "good_rows"})],
    "register_new": of_new,
    "register_edit": of_edit,
    "register_remove": of_remove,
    "register_number": of_number,
    "sheet_upload": of_sheet,
    "new_account": of_new_account,
    "grant_authority": of_grant,
    "tie_account": of_person,
    "delegate_authority": of_delegation,
    "tokens": of_token,
    "new_device_model": of_device,
    **dict.fromkeys(leak_desk.WRITES, leak_desk.of_desk),
    **dict.fromkeys(leak_channels.WRITES, leak_channels.of_channels),
    **dict.fromkeys(leak_measures.WRITES, leak_measures.of_measures),
    **dict.fromkeys(leak_issuing.WRITES, leak_issuing.of_issuing),
    **dict.fromkeys(leak_stations.WRITES, leak_stations.of_station),
    **dict.fromkeys(leak_rules.WRITES, leak_rules.of_rule),
    "device_model": of_device,
    "who_answers": of_asking,
    "rename_division": of_redrawing,
    "recode_division": of_redrawing,
    "merge_divisions": of_redrawing,
    "split_division": of_redrawing,
    "boundaries": of_boundaries,
    "sheet_carry_out": lambda world, visitor, case: [Body({"mode": "good_rows"})],
    "reset_password": lambda world, visitor, case: [Body({"password": "Another-evening-25"})],
    "change_password": lambda world, visitor, case: [
        Body({"old": PASSWORD, "new": "Another-evening-25", "again": "Another-evening-25"})
    ],
    "confirm_second_factor": lambda world, visitor, case: [Body({"code": "123456"})],
    "prove_second_factor": lambda world, visitor, case: [Body({"code": "123456"})],
    "login": lambda world, visitor, case: [Body({"username": "nobody", "password": "x"})],
}


def widening(world: TwoCounties, code: str) -> dict[str, str]:
    """Return a query that reaches for a place by every parameter that a page might listen to."""
    places = ("division", "town", "county", "code")
    words = ("q", "text", "person", "name")
    return {
        **dict.fromkeys(places, code),
        **dict.fromkeys(words, mark(code)),
        "place": str(world.one("registry.HazardPoint", code).place.uuid),
        "incident": str(world.one("command.Incident", code).uuid),
        "hour": "202407152000",
        "account": world.one("registry.Account", code).username,
        "size": "100000",
        "page": "1",
    }
