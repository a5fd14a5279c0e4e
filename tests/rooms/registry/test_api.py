"""The register for other programs: what a key reads, asks and writes, and what is refused."""

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.rename_division import rename_division
from anlan.registry.data import Permission
from anlan.registry.http import records
from anlan.registry.models import Person, Place
from tests.cast import BANK, FORD, LOWER, SLOPE, UPPER, Cast
from tests.programs import ROOT, Program, add_first, program, said

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
    assert (first["page"], first["total"], first["total_is_exact"]) == (1, 11, True)
    assert (first["pages"], len(first["records"])) == (3, 4)
    pages = [reader.read("/people", size=4, page=number) for number in range(1, 4)]
    assert len(set().union(*(names(page) for page in pages))) == first["total"]
    assert reader.read("/people", size=4, page=99)["page"] == 3


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
    assert one["division"] == {"code": BANK, "name": "上河镇/河边村"}
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
