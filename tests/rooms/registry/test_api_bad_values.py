"""Values that schemathesis tried and that once came through too far, or that a database refuses."""

import io

import pytest

from anlan.kernel import clock
from anlan.kernel.tables.outgoing import table_rows
from anlan.kernel.tables.showing import Sought, all_records
from anlan.kernel.tables.table import table_named
from anlan.registry.models import ForestStand, Place, River
from tests.cast import LOWER, SLOPE, UPPER, Cast
from tests.programs import FIRST, Program, add_first, program, said


@pytest.fixture
def upper(cast: Cast) -> Program:
    """A program that may everything in 上河镇."""
    return program(UPPER)


def faults(answer) -> set[str]:
    """Return the columns of which a refusal complains."""
    return {fault["column"] for fault in said(answer, status=422)["faults"]}


@pytest.mark.parametrize("table", ["reservoirs", "river-sections", "shelters", "households"])
@pytest.mark.parametrize(("given", "missing"), [("lon", "lat"), ("lat", "lon")])
def test_half_a_position_is_refused(upper, table, given, missing):
    record = add_first(upper)[table]
    half = {given: record[given], missing: None}
    path = f"/{table}/{record['uuid']}"
    assert faults(upper.call("PATCH", path, body={**half, "version": record["version"]})) == {
        missing
    }
    named = (
        {"head_name": "又一户", "id_number": None} if table == "households" else {"name": "又一处"}
    )
    body = {**FIRST[table], **named, **half}
    assert missing in faults(upper.call("POST", f"/{table}", body=body))


def test_a_position_that_is_emptied_stays(upper):
    first = add_first(upper)
    for table in ("shelters", "households"):
        record = first[table]
        body = {"lon": None, "lat": None, "version": record["version"]}
        kept = said(upper.call("PATCH", f"/{table}/{record['uuid']}", body=body), status=200)
        assert (kept["lon"], kept["lat"]) == (record["lon"], record["lat"])


def test_the_forest_of_a_town_stays_that_of_the_town(upper):
    record = add_first(upper)["forest-stands"]
    body = {"division": SLOPE, "version": record["version"]}
    answer = upper.call("PATCH", f"/forest-stands/{record['uuid']}", body=body)
    assert faults(answer) == {"division"}
    assert ForestStand.objects.get().division_id == UPPER


def test_a_line_on_the_map_outlives_its_sheet(upper):
    record = add_first(upper)["rivers"]
    table = table_named("rivers")
    rows = all_records(table, Sought())
    file = io.BytesIO(b"".join(table_rows(table, rows, in_full=False, created=clock.now())))
    file.name = "rivers.xlsx"
    taken = said(upper.upload("/rivers/sheet", file, mode="all"), status=200)
    assert (taken["unchanged"], taken["bad"]) == (1, 0)
    assert River.objects.get().course == record["course"]
    body = {"course": None, "version": record["version"]}
    emptied = said(upper.call("PATCH", f"/rivers/{record['uuid']}", body=body), status=200)
    assert emptied["course"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity", 10**400),
        ("capacity", -1),
        ("capacity", 1.5),
        ("capacity", True),
        ("capacity", "120"),
        ("area_m2", 10**400),
        ("name", ["x"]),
        ("name", {"x": 1}),
        ("name", "\ud800"),
        ("is_indoor", "yes"),
        ("shelter_kind", "palace"),
        ("lon", "107"),
        ("code", "a b"),
        ("division", 990701101201),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(upper, field, value):
    body = {**FIRST["shelters"], field: value}
    count = Place.objects.count()
    assert field in faults(upper.call("POST", "/shelters", body=body))
    assert Place.objects.count() == count


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "2024-02-30", "1e9", 1, "今天"])
def test_a_day_out_of_reach_is_refused(upper, value):
    body = {**FIRST["duties"], "person": "slope leader", "valid_from": value}
    assert faults(upper.call("POST", "/duties", body=body)) == {"valid_from"}


def test_a_sign_that_databases_refuse_is_left_out(upper):
    body = {"name": "赵\x00一", "division": SLOPE}
    added = said(upper.call("POST", "/people", body=body), status=201)
    assert added["name"] == "赵一"
    assert upper.read("/people", q="赵\x00一")["total"] == 1
    assert upper.read("/people", q="\x00")["total"] > 1


@pytest.mark.parametrize(
    ("path", "asked", "column"),
    [
        ("/people", {"page": 0}, "page"),
        ("/people", {"page": "9" * 5_000}, "page"),
        ("/people", {"size": 201}, "size"),
        ("/people", {"division": "99"}, "division"),
        ("/people", {"q": "x" * 81}, "q"),
        ("/people", {"in_full": "perhaps"}, "in_full"),
        ("/hazard-points", {"hazard_kind": "flood"}, "hazard_kind"),
        ("/readiness-checks", {"year": "x"}, "year"),
        ("/gaps", {"kind": "none"}, "kind"),
        ("/who-answers", {"place": SLOPE, "hazard": "snow"}, "hazard"),
        ("/who-answers", {"place": SLOPE, "hazard": "geohazard", "at": "9999-12-31"}, "at"),
        ("/who-answers", {"place": SLOPE, "hazard": "geohazard", "at": "x"}, "at"),
    ],
)
def test_a_wrong_parameter_is_refused(upper, path, asked, column):
    assert faults(upper.call("GET", path, **asked)) == {column}


def test_a_parameter_that_nobody_knows_is_passed_over(upper):
    assert upper.read("/people", colour="red") == upper.read("/people")


def test_a_moment_may_come_with_a_bare_plus(upper):
    at = "2024-07-15T20:00:00 08:00"
    assert upper.read("/who-answers", place=SLOPE, hazard="geohazard", at=at)["at"].startswith(
        "2024-07-15T20:00:00"
    )


def test_a_place_outside_is_not_found(upper):
    said(upper.call("GET", "/who-answers", place=LOWER, hazard="geohazard"), status=404)
    said(upper.call("GET", f"/divisions/{LOWER}/history"), status=404)
