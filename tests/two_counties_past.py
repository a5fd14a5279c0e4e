"""Both counties of the leak test with what has happened in them: journal and spreadsheets."""

from anlan.kernel import clock, journal
from anlan.kernel.actors import Actor, the_program
from anlan.kernel.tables.table import table_named
from anlan.monitoring.core.retention import month_of
from anlan.monitoring.store import partitions
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.data import ImportMode
from anlan.registry.models import SheetImport
from tests.leak_by_hand import build_by_hand
from tests.leak_readings import build_readings
from tests.rooms.registry.test_sheets import workbook
from tests.two_counties import (
    ACCOUNT,
    FAR_VILLAGE,
    ONLY_AT,
    PLACES,
    PLAIN,
    SAID,
    SHEET,
    TwoCounties,
    add,
    in_order,
    mark,
)


def build() -> TwoCounties:
    """Write both counties into the present database."""
    world = TwoCounties()
    partitions.make_months([month_of(clock.now())])
    for model in in_order():
        label = model._meta.label
        for code in ONLY_AT.get(label, PLACES):
            for given in SAID.get(label, lambda _world, _code: [{}])(world, code):
                add(world, model, code, **given)
    tell_journal(world)
    send_sheets(world)
    build_by_hand(world)
    build_readings(world)
    return world


def tell_journal(world: TwoCounties) -> None:
    """Write what happened at each place, as the history, the audit and the timeline show it."""
    by = the_program("tests")
    notes = []
    for code in PLACES:
        person, account = world.one("registry.Person", code), world.one("registry.Account", code)
        of_person = {"subject": f"people:{person.uuid}", "division_code": code}
        about = {"subject": f"account:{account.pk}", "division_code": code}
        facts = {"from": mark(code, sign=ACCOUNT), "title": mark(code), "person": person.pk}
        cause = {"cause": f"incident:{world.one('command.Incident', code).uuid}"}
        notes += [
            journal.Note(act="record.changed", detail={"columns": ["name"]}, **of_person),
            journal.Note(act="personal.shown", detail=facts, **of_person),
            journal.Note(act="account.logged_in", detail=facts, **about),
            journal.Note(act="task.done", division_code=code, detail=facts, **cause),
        ]
    journal.record_all(notes, by=by, now=clock.now())


def people_sheet(code: str, *, sign: str = SHEET) -> bytes:
    """Return a workbook with a new person of a place, and one whose phone is wrong."""
    content: bytes = workbook(
        ("姓名", "区划代码", "职务", "联系电话"),
        (mark(code, sign=sign) + "新", code, mark(code, sign=sign), "13955550001"),
        (mark(code, sign=sign) + "错", code, mark(code, sign=sign), "1395"),
    )
    return content


def send_sheets(world: TwoCounties) -> None:
    """Send a spreadsheet in as the account of each place; one, far away, is carried out."""
    now = clock.now()
    for code in (*PLACES, FAR_VILLAGE):
        account = world.one("registry.Account", code)
        by = Actor(label=account.username, account_id=account.pk)
        uuid = receive_sheet(
            people_sheet(code, sign=PLAIN if world.rows[code]["registry.SheetImport"] else SHEET),
            file_name=f"{mark(code, sign=SHEET)}.xlsx",
            table=table_named("people"),
            codes=[code],
            by=by,
            now=now,
        )
        look_through_sheet(uuid, by=by, now=now)
        row = SheetImport.objects.get(uuid=uuid)
        if world.rows[code]["registry.SheetImport"]:
            carry_out_import(uuid, mode=ImportMode.GOOD_ROWS, by=by, now=now)
        world.keep(row, code)
