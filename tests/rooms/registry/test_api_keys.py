"""What a key of another program opens, what it never does, and the sheets that it sends."""

import io
import json
from datetime import timedelta

import pytest
import xlsxwriter

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.revoke_token import revoke_token
from anlan.registry.data import Permission
from anlan.registry.models import ApiToken, Person, SheetImport
from tests.cast import FORD, LOWER, SLOPE, UPPER, Cast
from tests.programs import Program, key_for, program, said

READER = [Permission.READ_REGISTER]
EDITOR = [Permission.READ_REGISTER, Permission.EDIT_REGISTER]
BY = the_program("tests")


@pytest.fixture
def upper(cast: Cast) -> Program:
    """A program that may everything in 上河镇."""
    return program(UPPER)


@pytest.fixture
def reader(cast: Cast) -> Program:
    """A program that only reads in 上河镇."""
    return program(UPPER, permissions=READER)


def address_of(cast: Cast, name: str) -> str:
    """Return the path of a person of the cast."""
    return f"/people/{Person.objects.get(pk=cast.people[name]).uuid}"


def names(page) -> set[str]:
    """Return the names on a page of a list."""
    return {each["name"] for each in page["records"]}


# Who may


@pytest.mark.parametrize("key", ["", "anlan_unknown", "x" * 5_000])
def test_nobody_reads_without_a_key(cast, key):
    answer = Program(key=key).call("GET", "/people")
    assert said(answer, status=401)["detail"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_ends_by_itself_and_by_hand(upper, fixed_clock):
    upper.read("/people")
    short = Program(key=key_for(UPPER, days=1))
    fixed_clock.advance(timedelta(days=1))
    said(short.call("GET", "/people"), status=401)
    row = ApiToken.objects.get(hint__startswith=upper.key[:8], expires_at__gt=clock.now())
    revoke_token(str(row.uuid), by=BY, now=clock.now())
    said(upper.call("GET", "/people"), status=401)


def test_a_key_without_the_permission_is_refused(cast, reader):
    path = address_of(cast, "slope leader")
    body = {"name": "赵一", "division": SLOPE}
    assert "permission" in said(reader.call("POST", "/people", body=body), status=403)["detail"]
    change = {"title": "支书", "version": 0}
    said(reader.call("PATCH", path, body=change), status=403)
    said(reader.call("DELETE", path, version=0), status=403)
    said(reader.call("GET", "/households"), status=403)
    said(reader.upload("/people/sheet", sheet(("姓名",))), status=403)
    said(program(UPPER, permissions=EDITOR).call("GET", path, in_full=True), status=403)
    assert Person.objects.get(pk=cast.people["slope leader"]).title == ""


def test_another_town_is_neither_seen_nor_changed(cast, upper):
    path = address_of(cast, "ford leader")
    said(upper.call("GET", path), status=404)
    body = {"title": "支书", "version": 0}
    said(upper.call("PATCH", path, body=body), status=404)
    said(upper.call("DELETE", path, version=0), status=404)
    said(upper.call("GET", f"/divisions/{LOWER}/history"), status=404)
    said(upper.call("GET", "/who-answers", place=FORD, hazard="flash_flood"), status=404)
    assert "ford leader" not in names(upper.read("/people", size=200))
    assert names(upper.read("/people", division=LOWER)) == set()
    stays = Person.objects.get(pk=cast.people["ford leader"])
    assert (stays.title, stays.division_id) == ("", FORD)


def test_nobody_is_moved_into_another_town(cast, upper):
    path = address_of(cast, "slope leader")
    body = {"division": FORD, "version": upper.read(path)["version"]}
    problem = said(upper.call("PATCH", path, body=body), status=422)
    assert [fault["column"] for fault in problem["faults"]] == ["division"]
    assert Person.objects.get(pk=cast.people["slope leader"]).division_id == SLOPE


# Numbers of persons


def test_numbers_of_persons_are_masked(cast, upper):
    path = address_of(cast, "slope leader")
    phone = Person.objects.get(pk=cast.people["slope leader"]).phone
    masked = upper.read(path)["phone"]
    assert masked not in {"", phone}
    assert phone not in json.dumps(upper.read("/people", size=200))
    ladder = upper.read("/who-answers", place=SLOPE, hazard="flash_flood")
    assert phone not in json.dumps(ladder)
    assert not JournalEntry.objects.filter(act="personal.shown").exists()


def test_households_are_seen_only_by_a_key_that_may(upper, reader):
    assert len(upper.read("/households")["records"]) == 5
    found = json.dumps(reader.read("/duties", size=200), ensure_ascii=False)
    assert "zhao" not in found
    assert "zhao" in json.dumps(upper.read("/duties", size=200), ensure_ascii=False)


def test_each_showing_in_full_is_journalled(cast, upper):
    path = address_of(cast, "slope leader")
    phone = Person.objects.get(pk=cast.people["slope leader"]).phone
    before = JournalEntry.objects.count()
    assert upper.read(path, in_full=True)["phone"] == phone
    assert JournalEntry.objects.count() == before + 1
    entry = JournalEntry.objects.latest("id")
    assert (entry.actor, entry.division_code) == ("api:tests", SLOPE)
    assert phone not in entry.detail
    assert phone in json.dumps(upper.read("/people", division=SLOPE, in_full=True))
    assert JournalEntry.objects.count() > before + 1


# Spreadsheets


def sheet(*rows, name="people.xlsx"):
    """Return a workbook with these rows, as a file to send."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    content.seek(0)
    content.name = name
    return content


HEAD = ("姓名", "所在村", "联系电话")
GOOD = ("赵一", "上河镇/坡下村", "13911112222")
BAD = ("钱二", "没有村", "12345")


def test_a_sheet_is_looked_through_before_it_is_written(upper):
    told = said(upper.upload("/people/sheet", sheet(HEAD, GOOD)), status=200)
    assert (told["new"], told["bad"], told["is_written"]) == (1, 0, False)
    assert not Person.objects.filter(name="赵一").exists()
    told = said(upper.upload("/people/sheet", sheet(HEAD, GOOD), mode="all"), status=200)
    assert (told["new"], told["is_written"]) == (1, True)
    assert Person.objects.get(name="赵一").phone == "13911112222"


def test_a_bad_row_is_told_by_cell(upper):
    rows = (HEAD, GOOD, BAD)
    told = said(upper.upload("/people/sheet", sheet(*rows), mode="all"), status=200)
    assert (told["bad"], told["is_written"]) == (1, False)
    assert {each["cell"] for each in told["bad_cells"]} == {"B3", "C3"}
    assert not Person.objects.filter(name="赵一").exists()
    told = said(upper.upload("/people/sheet", sheet(*rows), mode="good_rows"), status=200)
    assert (told["new"], told["bad"], told["is_written"]) == (1, 1, True)
    assert not Person.objects.filter(name="钱二").exists()


def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(upper):
    file = io.BytesIO(b"MZ\x00\x01 no workbook")
    file.name = "people.xlsx"
    problem = said(upper.upload("/people/sheet", file, mode="all"), status=422)
    assert problem["detail"]
    other = said(upper.call("POST", "/people/sheet", body={}), status=422)
    assert other["detail"]


def test_a_sheet_of_another_town_writes_nothing(upper):
    rows = (HEAD, ("赵一", "下河镇/渡口村", ""))
    told = said(upper.upload("/people/sheet", sheet(*rows), mode="all"), status=200)
    assert (told["bad"], told["is_written"]) == (1, False)
    assert SheetImport.objects.count() == 1
