"""The register for other programs: what a key reads, writes, is refused and never sees."""

import io
import json

import pytest
import xlsxwriter
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.rename_division import rename_division
from anlan.registry.actions.revoke_token import revoke_token
from anlan.registry.data import Permission
from anlan.registry.http import records
from anlan.registry.models import ApiToken, Person, Place, SheetImport
from tests.cast import BANK, FORD, LOWER, SLOPE, UPPER, Cast
from tests.programs import ROOT, Program, add_first, key_for, program, said

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


# Reading


def test_a_list_is_turned_by_pages(reader):
    first = reader.read("/people", size=4)
    assert (first["page"], first["total"], first["total_is_exact"]) == (1, 11 + 2, True)
    assert (first["pages"], len(first["records"])) == (4, 4)
    pages = [reader.read("/people", size=4, page=number) for number in range(1, 5)]
    assert len(set().union(*(names(page) for page in pages))) == first["total"]
    assert reader.read("/people", size=4, page=99)["page"] == 4


def test_a_list_is_narrowed(reader):
    in_village = reader.read("/people", division=BANK)
    assert names(in_village) == {"bank leader", "bank informant"}
    assert names(reader.read("/people", q="monitor")) == {"slope monitor", "second monitor"}
    landslides = reader.read("/hazard-points", hazard_kind="landslide")
    assert names(landslides) == {"slope"}
    assert names(reader.read("/hazard-points", hazard_kind="collapse")) == set()


def test_one_record_is_read_with_its_references(reader):
    (found,) = reader.read("/people", q="bank leader")["records"]
    one = reader.read(f"/people/{found['uuid']}")
    assert one == found
    assert one["division"] == {"code": BANK, "name": "河边村"}
    assert reader.read(f"/divisions/{SLOPE}")["name"] == "坡下村"


def test_the_tables_tell_what_the_key_may(reader):
    told = {each["name"]: each for each in reader.read("/tables")["tables"]}
    assert (told["people"]["may_read"], told["people"]["may_write"]) == (True, False)
    assert told["households"]["may_read"] is False


# Writing


def test_a_record_is_added_changed_and_removed(upper):
    answer = upper.call("POST", "/people", body={"name": "赵一", "division": SLOPE})
    added = said(answer, status=201)
    path = f"/people/{added['uuid']}"
    assert answer.headers["Location"] == ROOT + path
    body = {"title": "网格员", "version": added["version"]}
    changed = said(upper.call("PATCH", path, body=body), status=200)
    assert (changed["title"], changed["name"]) == ("网格员", "赵一")
    assert changed["version"] > added["version"]
    removed = upper.call("DELETE", path, version=changed["version"])
    assert (removed.status_code, removed.content) == (204, b"")
    said(upper.call("GET", path), status=404)
    acts = JournalEntry.objects.filter(act__startswith="record.").order_by("id")
    assert [each.act for each in acts] == ["record.added", "record.changed", "record.removed"]
    assert {each.actor for each in acts} == {"api:tests"}
    assert {each.division_code for each in acts} == {SLOPE}


def test_every_table_takes_a_record_and_gives_it_back(upper):
    for table, record in add_first(upper).items():
        listed = upper.read(f"/{table}", size=200)["records"]
        assert record in listed, table


def test_whoever_was_slower_writes_nothing(cast, upper):
    path = address_of(cast, "slope leader")
    seen = upper.read(path)["version"]
    said(upper.call("PATCH", path, body={"title": "支书", "version": seen}), status=200)
    late = upper.call("PATCH", path, body={"title": "主任", "version": seen})
    assert said(late, status=409)["detail"]
    said(upper.call("DELETE", path, version=seen), status=409)
    assert upper.read(path)["title"] == "支书"


@pytest.mark.parametrize(
    ("wrong", "columns"),
    [
        ({"phone": "12345"}, {"phone"}),
        ({"division": "没有村"}, {"division"}),
        ({"division": FORD}, {"division"}),
        ({"name": ""}, {"name"}),
        ({"name": 7, "title": "x" * 41}, {"name", "title"}),
        ({"salary": 7}, {"salary"}),
        ({"name": "a\x00b"}, {"name"}),
    ],
)
def test_a_wrong_record_is_refused_by_column(upper, wrong, columns):
    count = Person.objects.count()
    body = {"name": "赵一", "division": SLOPE, **wrong}
    problem = said(upper.call("POST", "/people", body=body), status=422)
    assert {fault["column"] for fault in problem["faults"]} == columns
    assert all(fault["sentence"] for fault in problem["faults"])
    assert problem["detail"]
    assert Person.objects.count() == count


def test_a_refusal_speaks_the_language_that_is_asked_for(upper):
    body = {"name": "赵一", "division": SLOPE, "phone": "12345"}
    in_english = said(upper.call("POST", "/people", body=body), status=422)["detail"]
    chinese = Program(key=upper.key, language="zh-hans")
    in_chinese = said(chinese.call("POST", "/people", body=body), status=422)["detail"]
    assert in_english != in_chinese
    assert "电话" in in_chinese


# Who may


@pytest.mark.parametrize("key", ["", "anlan_unknown", "x" * 5_000])
def test_nobody_reads_without_a_key(cast, key):
    answer = Program(key=key).call("GET", "/people")
    assert said(answer, status=401)["detail"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_ends_by_itself_and_by_hand(upper, fixed_clock):
    upper.read("/people")
    short = Program(key=key_for(UPPER, days=1))
    fixed_clock.advance(days=1)
    said(short.call("GET", "/people"), status=401)
    row = ApiToken.objects.get(hint__startswith=upper.key[:8], ends_at__gt=clock.now())
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


def test_a_login_beside_the_key_opens_nothing(evening, visit):
    client = visit("admin") if "admin" in getattr(evening, "users", {}) else Client()
    assert client.get(f"{ROOT}/people").status_code == 401


# Numbers of persons


def test_numbers_of_persons_are_masked(cast, upper):
    path = address_of(cast, "slope leader")
    phone = Person.objects.get(pk=cast.people["slope leader"]).phone
    masked = upper.read(path)["phone"]
    assert masked not in {"", phone}
    assert masked[-4:] == phone[-4:] or "*" in masked
    assert phone not in json.dumps(upper.read("/people", size=200))
    ladder = upper.read("/who-answers", place=SLOPE, hazard="flash_flood")
    assert phone not in json.dumps(ladder)
    assert not JournalEntry.objects.filter(act__contains="shown").exists()


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


# Questions about the whole


def test_who_answers_for_a_place(cast, reader):
    slope = Place.objects.get(pk=cast.places["slope"])
    told = reader.read("/who-answers", place=str(slope.uuid), hazard="geohazard")
    assert (told["name"], told["kind"]) == ("slope", "hazard_point")
    people = [step["name"] for ladder in told["ladders"] for step in ladder["steps"]]
    assert "slope monitor" in people
    village = reader.read("/who-answers", place=SLOPE, hazard="flash_flood")
    assert village["ladders"][0]["steps"][0]["name"] == "slope leader"
    for wrong in ("1", "990701101201;", "00000000"):
        problem = said(
            reader.call("GET", "/who-answers", place=wrong, hazard="geohazard"), status=422
        )
        assert [fault["column"] for fault in problem["faults"]] == ["place"]


def test_what_the_register_lacks(upper, reader):
    found = upper.read("/gaps", size=200)
    assert found["total"] == len(found["gaps"]) > 0
    assert all(gap["division_code"].startswith(UPPER[:9]) for gap in found["gaps"])
    assert all(gap["sentence"] for gap in found["gaps"])
    kind = found["gaps"][0]["kind"]
    assert {gap["kind"] for gap in upper.read("/gaps", kind=kind)["gaps"]} == {kind}
    assert "household_no_carer" not in {gap["kind"] for gap in reader.read("/gaps")["gaps"]}
    assert upper.read("/gaps", division=LOWER)["gaps"] == []


def test_a_division_tells_its_history(reader):
    now = clock.now()
    rename_division(SLOPE, name="坡上村", on=now.date(), basis="试政〔2024〕1号", by=BY, now=now)
    (change,) = reader.read(f"/divisions/{SLOPE}/history")["changes"]
    assert (change["from_name"], change["to_name"]) == ("坡下村", "坡上村")
    assert reader.read(f"/divisions/{BANK}/history")["changes"] == []


# Bad calls


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "[" * 100_000, '{"name": NaN}', b"\xff\xfe"])
def test_a_body_that_cannot_be_read_is_refused(upper, body):
    answer = upper.call("POST", "/people", body=body)
    assert answer.status_code in {400, 422}
    assert said(answer, status=answer.status_code)["detail"]


def test_a_body_over_a_megabyte_is_refused(upper):
    body = {"name": "x" * 1_100_000, "division": SLOPE}
    assert said(upper.call("POST", "/people", body=body), status=413)["detail"]


def test_an_unknown_address_and_method_are_refused_in_json(upper):
    said(upper.call("GET", "/nothing"), status=404)
    answer = upper.call("PUT", "/people", body={})
    said(answer, status=405)
    assert "POST" in answer.headers["Allow"]


def test_a_failure_shows_no_trace(upper, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr(records, "listed", fail)
    answer = upper.call("GET", "/people")
    text = answer.content.decode()
    assert said(answer, status=500)["detail"]
    assert "secret" not in text
    assert "Traceback" not in text
    assert "a call of a program failed" in caplog.text


def test_answers_are_kept_by_nobody(upper):
    assert upper.call("GET", "/people").headers["Cache-Control"] == "no-store"


def test_the_page_and_the_document_need_no_login(db):
    client = Client()
    page = client.get("/api/", headers={"accept-language": "en"})
    assert b"openapi.json" in page.content
    found = client.get(f"{ROOT}/openapi.json")
    assert found.headers["Content-Type"].startswith("application/json")
    assert "/api/v1/people" in found.json()["paths"]
