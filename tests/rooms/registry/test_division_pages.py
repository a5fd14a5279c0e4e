"""The pages of divisions: who may, a look before the last button, and nothing written twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.registry.api import open_account
from anlan.registry.data import Role
from anlan.registry.models import Account, Division, DivisionChange, Household
from tests.boundary_files import collection, square, zipped_shapefile
from tests.cast import ALONE, BANK, COUNTY, LOWER, SLOPE, UPPER
from tests.evening import PASSWORD, QUICK_HASH

NEW, EAST = "990701101204", "990701101205"
PAPER = {"on": "2024-07-15", "basis": "试政函〔2024〕7号"}
WAYS = ("rename_division", "recode_division", "merge_divisions", "split_division")
MOST_QUERIES = 20


@pytest.fixture
def log_in(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    settings.ANLAN_SECOND_FACTOR = "optional"

    def visit(role=Role.ADMINISTRATOR, code=COUNTY):
        key = open_account(
            f"{role.value}{code}",
            password=PASSWORD,
            role=role,
            division_code=code,
            person_id=None,
            by=the_program("tests"),
            now=clock.now(),
        )
        Account.objects.filter(pk=key).update(must_change_password=False)
        client = Client(headers={"accept-language": "en"})
        client.force_login(
            Account.objects.get(pk=key), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return visit


def mark(answer):
    """Return what the page carries on in its hidden fields."""
    hidden = dict(
        re.findall(r'name="(seen|areas|signed)" value="([^"]*)"', answer.content.decode())
    )
    areas = re.search(r'name="areas" value="([^"]*)"', answer.content.decode())
    return hidden | ({"areas": areas.group(1)} if areas else {})


def look_and_do(client, name, fields, **files):
    address = reverse(name)
    looked = client.post(address, {**fields, **files, "step": "look"})
    assert looked.status_code == 200, looked.content.decode()
    assert not DivisionChange.objects.exists()
    return looked, client.post(address, {**fields, **mark(looked), "step": "carry_out"})


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_only_administrators_redraw(log_in, role):
    client = log_in(role)
    for name in ("redraw_divisions", "boundaries", *WAYS):
        assert client.get(reverse(name)).status_code == 403, name
        if name != "redraw_divisions":
            posted = client.post(reverse(name), {"code": SLOPE, "name": "新坡村", **PAPER})
            assert posted.status_code == 403, name
    page = client.get(reverse("division_history", args=[SLOPE]))
    assert page.status_code == 200
    assert reverse("rename_division") not in page.content.decode()


def test_an_administrator_of_one_town_redraws_no_other(log_in):
    client = log_in(Role.ADMINISTRATOR, LOWER)
    for name in WAYS:
        assert client.get(reverse(name), {"code": SLOPE}).status_code == 404
        assert client.post(reverse(name), {"code": SLOPE, **PAPER}).status_code == 404
    assert client.get(reverse("division_history", args=[SLOPE])).status_code == 404
    content = collection([({"code": SLOPE}, square(107.03, 33.0))])
    answer = client.post(reverse("boundaries"), {"file": SimpleUploadedFile("a.json", content)})
    assert "signed" not in mark(answer)


def test_a_rename_is_looked_at_and_done(log_in):
    client = log_in()
    fields = {"code": SLOPE, "name": "新坡村", **PAPER}
    looked, done = look_and_do(client, "rename_division", fields)
    assert "新坡村" in looked.content.decode()
    assert done.headers["Location"] == reverse("division_history", args=[SLOPE])
    assert Division.objects.get(pk=SLOPE).name == "新坡村"
    assert "坡下村" in client.get(done.headers["Location"]).content.decode()


def test_what_was_not_looked_at_is_not_done(log_in):
    client = log_in()
    fields = {"code": SLOPE, "name": "新坡村", **PAPER}
    looked = client.post(reverse("rename_division"), fields)
    for seen in ("", "x", *mark(looked).values()):
        other = fields | {"name": "另名村", "seen": seen, "step": "carry_out"}
        assert client.post(reverse("rename_division"), other).status_code == 200
    assert not DivisionChange.objects.exists()


def test_a_recoded_village_is_found_under_its_new_code(log_in):
    client = log_in()
    _looked, done = look_and_do(
        client, "recode_division", {"code": SLOPE, "new_code": NEW, **PAPER}
    )
    assert done.headers["Location"] == reverse("division_history", args=[NEW])
    old = client.get(reverse("division_history", args=[SLOPE])).content.decode()
    assert reverse("division_history", args=[NEW]) in old


def test_a_merger_says_what_has_to_be_settled(log_in):
    client = log_in()
    fields = {"code": SLOPE, "codes": [BANK, ALONE], "into": NEW, "name": "联合村", **PAPER}
    looked, done = look_and_do(client, "merge_divisions", fields)
    assert "slope leader" in looked.content.decode()
    assert done.status_code == 302
    assert Division.objects.get(pk=NEW).population == 300


def test_a_split_by_hand_and_by_boundary(log_in):
    client = log_in()
    zhao = Household.objects.get(head_name="zhao")
    li = Household.objects.get(head_name="li")
    Household.objects.filter(pk=li.pk).update(lon=107.505, lat=33.005)
    fields = {
        "code": SLOPE,
        "code_1": SLOPE,
        "name_1": "坡下村",
        "code_2": EAST,
        "name_2": "坡东村",
        "population_2": 30,
        "heir": "1",
        f"to-{zhao.uuid}": "2",
        **PAPER,
    }
    content = collection([({"code": EAST}, square(107.5, 33.0))])
    _looked, done = look_and_do(
        client, "split_division", fields, file=SimpleUploadedFile("a.geojson", content)
    )
    assert done.status_code == 302
    east = Household.objects.filter(division=EAST).values_list("head_name", flat=True)
    assert set(east) == {"zhao", "li"}
    assert Division.objects.get(pk=EAST).population == 30
    assert Division.objects.get(pk=EAST).boundary


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rename_division", {"name": ""}),
        ("rename_division", {"name": "河边村"}),
        ("rename_division", {"name": "新", "on": "2024-07-16"}),
        ("rename_division", {"name": "新", "on": "yesterday"}),
        ("recode_division", {"new_code": BANK}),
        ("recode_division", {"new_code": "x"}),
        ("merge_divisions", {"codes": [LOWER], "into": NEW}),
        ("merge_divisions", {"codes": [BANK], "into": "x"}),
        ("split_division", {"code_1": SLOPE, "name_1": "坡下村", "heir": "1"}),
        (
            "split_division",
            {"code_1": EAST, "name_1": "东", "code_2": NEW, "name_2": "西", "heir": "3"},
        ),
    ],
)
def test_what_is_wrong_is_said_on_the_page(log_in, name, fields):
    answer = log_in().post(reverse(name), {"code": SLOPE, **PAPER, **fields})
    assert answer.status_code == 400
    assert re.search("notice-error|▲", answer.content.decode())
    assert not DivisionChange.objects.exists()


def test_boundaries_are_looked_through_and_written(log_in):
    client = log_in()
    rows = [({"代码": SLOPE}, square(107.03, 33.0)), ({"代码": "1"}, square(107.05, 33.0))]
    content = zipped_shapefile(rows, epsg=4524, encoding="gb18030")
    upload = SimpleUploadedFile("村界.zip", content)
    looked = client.post(reverse("boundaries"), {"file": upload, "step": "look"})
    assert looked.status_code == 200
    assert not Division.objects.filter(boundary__isnull=False).exists()
    told = {"signed": mark(looked)["signed"], "step": "write"}
    assert client.post(reverse("boundaries"), told).status_code == 302
    assert Division.objects.get(pk=SLOPE).boundary
    for signed in ("", "x", told["signed"][:-3] + "aaa"):
        forged = client.post(reverse("boundaries"), {"signed": signed, "step": "write"})
        assert forged.status_code == 400
    other = log_in(Role.ADMINISTRATOR, UPPER)
    assert other.post(reverse("boundaries"), told).status_code == 400


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", b"\xff" * 100])
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(log_in, content):
    client = log_in()
    for name in ("a.geojson", "a.zip", "a.xlsx"):
        upload = SimpleUploadedFile(name, content)
        answer = client.post(reverse("boundaries"), {"file": upload, "step": "look"})
        assert answer.status_code == 400
        assert "notice-error" in answer.content.decode()
    assert client.post(reverse("boundaries"), {"step": "look"}).status_code == 400


def test_pages_ask_little(log_in):
    client = log_in()
    wanted = [(reverse(name), {"code": SLOPE}) for name in WAYS]
    wanted += [(reverse(name), {}) for name in ("redraw_divisions", "boundaries", *WAYS)]
    wanted += [(reverse("division_history", args=[code]), {}) for code in (COUNTY, UPPER, SLOPE)]
    for address, query in wanted:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address, query)
        assert answer.status_code == 200, address
        assert len(asked) <= MOST_QUERIES, (address, len(asked))


@pytest.mark.parametrize("code", ["x", "990701101999", "000000000000", "9" * 40])
def test_a_code_that_is_none_is_not_found(log_in, code):
    client = log_in()
    assert client.get(reverse("division_history", args=[code])).status_code == 404
    assert client.get(reverse("rename_division"), {"code": code}).status_code == 404
