"""The pages that every table of the register has: they open, ask little, are closed to others."""

import io
import zipfile
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from anlan.kernel.models import JournalEntry
from anlan.kernel.tables.showing import Sought, all_records
from anlan.kernel.tables.table import Table, tables
from anlan.registry.data import Permission
from anlan.registry.models import Household, Person, Place, SheetImport
from tests.cast import SLOPE, UPPER
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

MOST_QUERIES = 20
OF_A_TABLE = ("register_table", "register_template", "register_export", "register_suggest")
TO_WRITE = ("register_new", "sheet_upload")
OF_A_RECORD = ("register_record", "register_edit")
PLAIN = ("sheet_imports", "sheet_import", "sheet_bad_rows")
CHANGING = (
    "register_remove",
    "register_number",
    "sheet_carry_out",
    "sheet_undo",
)


def test_the_names_are_all_here() -> None:
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    mine = {name for name in names if name.startswith(("register_", "sheet_"))}
    known = {*OF_A_TABLE, *TO_WRITE, *OF_A_RECORD, *PLAIN, *CHANGING, "register_layer"}
    assert mine == known


def addresses(table: Table) -> Iterator[str]:
    """Give the addresses of a table's pages, and of those of its first record if it has one."""
    for name in (*OF_A_TABLE, *TO_WRITE):
        yield reverse(name, args=[table.name])
    if table.is_located:
        yield reverse("register_layer", args=[table.name])
    record = next(all_records(table, Sought()), None)
    if record is not None:
        for name in OF_A_RECORD:
            yield reverse(name, args=[table.name, record.address])


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_every_page_of_every_table_opens_and_asks_little(
    evening: Evening, visit: Visit, table: Table
) -> None:
    client = visit("clerk")
    for address in addresses(table):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        redraws = table.writing == Permission.REDRAW_DIVISIONS
        writes = address.endswith(("/new/", "/sheet/", "/edit/"))
        assert answer.status_code == (403 if redraws and writes else 200), address
        assert len(asked) <= MOST_QUERIES, (address, len(asked))
        assert Client().get(address).status_code == 302, address


def test_the_overview_tells_only_what_one_may_see(evening: Evening, visit: Visit) -> None:
    client = visit("clerk")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("register")).content.decode()
    assert "受威胁户" in page
    assert len(asked) <= MOST_QUERIES


def test_a_list_is_narrowed_by_division_words_and_kind(evening: Evening, visit: Visit) -> None:
    client = visit("clerk")
    address = reverse("register_table", args=["people"])
    assert "ford leader" in client.get(address).content.decode()
    assert "ford leader" not in client.get(address, {"division": UPPER}).content.decode()
    found = client.get(address, {"q": "slope"}).content.decode()
    assert "slope leader" in found
    assert "bank leader" not in found
    points = client.get(reverse("register_table", args=["duties"]), {"kind": "point_monitor"})
    assert "slope monitor" in points.content.decode()
    assert "bank leader" not in points.content.decode()


@pytest.mark.parametrize("query", ["page=9999999", "page=-1", "division=x", "q=%00", "kind=no"])
def test_a_strange_address_narrows_nothing(evening: Evening, visit: Visit, query: str) -> None:
    answer = visit("clerk").get(reverse("register_table", args=["duties"]) + f"?{query}")
    assert answer.status_code == 200


def test_numbers_are_masked_and_each_showing_is_written_down(
    evening: Evening, visit: Visit
) -> None:
    person = Person.objects.get(name="slope leader")
    address = reverse("register_number", args=["people", person.uuid])
    page = visit("clerk").get(reverse("register_record", args=["people", person.uuid]))
    assert person.phone not in page.content.decode()
    shown = visit("clerk").post(address, {"column": "phone"})
    assert person.phone in shown.content.decode()
    entry = JournalEntry.objects.get(act="personal.shown")
    assert entry.subject == f"people:{person.uuid}"
    assert person.phone not in entry.detail
    assert visit("reader").post(address, {"column": "phone"}).status_code == 403
    assert JournalEntry.objects.filter(act="personal.shown").count() == 1


def test_an_export_is_masked_unless_one_may_and_asks(evening: Evening, visit: Visit) -> None:
    person = Person.objects.get(name="slope leader")
    address = reverse("register_export", args=["people"])

    def text_of(answer: object) -> str:
        content = io.BytesIO(getattr(answer, "content", b""))
        with zipfile.ZipFile(content) as book:
            return "".join(book.read(name).decode() for name in book.namelist())

    assert person.phone not in text_of(visit("clerk").get(address))
    assert person.phone in text_of(visit("clerk").get(address, {"in_full": "1"}))
    assert JournalEntry.objects.filter(act="personal.shown").count() > 5
    assert visit("reader").get(address, {"in_full": "1"}).status_code == 403


def test_two_people_at_one_form_do_not_overwrite_each_other(evening: Evening, visit: Visit) -> None:
    person = Person.objects.get(name="slope leader")
    address = reverse("register_edit", args=["people", person.uuid])
    form = {"name": "slope leader", "division": SLOPE, "title": "支书", "version": person.version}
    assert visit("clerk").post(address, form).status_code == 302
    again = visit("clerk").post(address, {**form, "title": "主任"})
    assert again.status_code == 200
    assert "重新查看" in again.content.decode()
    person.refresh_from_db()
    assert (person.title, person.version) == ("支书", 2)


def test_what_others_refer_to_is_not_removed(evening: Evening, visit: Visit) -> None:
    place = Place.objects.get(name="slope")
    address = reverse("register_remove", args=["hazard-points", place.uuid])
    answer = visit("clerk").post(address, {"version": place.version}, follow=True)
    assert "引用" in answer.content.decode()
    assert Place.objects.filter(pk=place.pk).exists()


def test_a_cadre_keeps_households_of_the_own_village_alone(evening: Evening, visit: Visit) -> None:
    own = Household.objects.get(head_name="zhao")
    other = Household.objects.get(head_name="zhou")
    client = visit("slope")
    assert client.get(reverse("register_edit", args=["households", own.uuid])).status_code == 200
    assert client.get(reverse("register_edit", args=["households", other.uuid])).status_code == 404
    assert client.get(reverse("register_new", args=["people"])).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.xlsx", b"%PDF-1.4 no workbook", "xlsx"),
        ("a.pdf", b"%PDF-1.4", "pdf"),
        ("a.csv", "姓名,电话\n甲,1\n".encode(), "区划"),
        ("a.xlsx", b"", ""),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_not_kept(
    evening: Evening, visit: Visit, name: str, content: bytes, word: str
) -> None:
    answer = visit("clerk").post(
        reverse("sheet_upload", args=["people"]), {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert word in answer.content.decode()
    assert not SheetImport.objects.exists()


def test_an_import_belongs_to_whoever_sent_it(evening: Evening, visit: Visit) -> None:
    content = "姓名,村\n甲,上河镇/坡下村\n".encode()
    sent = visit("upper").post(
        reverse("sheet_upload", args=["people"]),
        {"file": SimpleUploadedFile("a.csv", content)},
    )
    address = sent.headers["Location"]
    assert visit("upper").get(address).status_code == 200
    assert visit("lower").get(address).status_code == 404
    row = SheetImport.objects.get()
    carry = reverse("sheet_carry_out", args=[row.uuid])
    assert visit("lower").post(carry).status_code == 404
    assert visit("upper").post(carry).status_code == 302
    assert Person.objects.filter(name="甲").exists()
    assert visit("upper").post(reverse("sheet_undo", args=[row.uuid])).status_code == 302
    assert not Person.objects.filter(name="甲").exists()


def test_what_is_not_there_is_not_found(evening: Evening, visit: Visit) -> None:
    client = visit("clerk")
    assert client.get("/registry/no-such-table/").status_code == 404
    assert client.get(reverse("register_record", args=["people", uuid4()])).status_code == 404
    assert client.get(reverse("sheet_import", args=[uuid4()])).status_code == 404
