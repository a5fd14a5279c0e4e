"""Stations, series and readings read by other programs: what a key sees, in pages and ranges."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.kernel import clock
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.models import Reading, Station
from anlan.registry.data import Permission
from tests.cast import COUNTY, LOWER, UPPER
from tests.http_station import ADDRESS, RAIN, http_gauge, minutes_ago, observation, reader
from tests.programs import Program, program, said
from tests.weather import receive, report

LOWER_RAIN = "0990701002:PN05"


@pytest.fixture
def house(cast):
    """Sixty readings of rain and one level of the upper gauge, one reading of the lower one."""
    gauge = http_gauge(cast)
    sends = program(COUNTY, permissions=[Permission.SEND_READINGS])
    rains = [observation(n / 10, minutes=n) for n in range(60)]
    level = observation(101.5, stream=f"{ADDRESS}:Z")
    said(sends.call("POST", "/Observations", body=[*rains, level]), status=201)
    receive(report(cast.stations["lower rain"], at=minutes_ago(3), PN05=7.0))
    virtual_queue.run_until(clock.now())
    return gauge


@pytest.fixture
def upper(house):
    return reader()


def ids(page):
    return [each["@iot.id"] for each in page["value"]]


def results(page):
    return [each["result"] for each in page["value"]]


def at(minutes):
    return minutes_ago(minutes).isoformat()


def pages(caller, path, **asked):
    """Return every page, each found by the link of the one before."""
    found = [caller.read(path, **asked)]
    while link := found[-1].get("@iot.nextLink"):
        query = dict(parse_qsl(urlsplit(link).query))
        found.append(caller.read(path, **query))
        assert len(found) < 50
    return found


def test_stations(upper):
    page = upper.read("/Things")
    assert ids(page) == [ADDRESS, "0990701003"]
    thing = page["value"][0]
    assert (thing["name"], thing["description"]) == ("upper rain", "rain gauge")
    assert thing["properties"]["protocol"] == "http"
    assert thing["Locations"][0]["location"] == {"type": "Point", "coordinates": [107.0, 33.0]}
    assert upper.read(f"/Things('{ADDRESS}')") == thing == upper.read(f"/Things({ADDRESS})")
    assert "@iot.nextLink" not in page
    assert "@iot.count" not in page


def test_series_of_stations(upper):
    page = upper.read("/Datastreams")
    assert ids(page) == [RAIN, f"{ADDRESS}:Z"]
    rain = page["value"][0]
    assert rain["unitOfMeasurement"]["symbol"] == "mm"
    assert rain["properties"] == {
        "element": "PN05",
        "latestTime": "2024-07-15T12:00:00Z",
        "latestResult": 0.0,
    }
    assert upper.read(f"/Datastreams('{RAIN}')") == rain
    assert ids(upper.read(f"/Things('{ADDRESS}')/Datastreams")) == [RAIN, f"{ADDRESS}:Z"]


def test_readings_of_a_series(upper):
    path = f"/Datastreams('{RAIN}')/Observations"
    page = upper.read(path, **{"$top": "3", "$count": "true"})
    assert results(page) == [5.9, 5.8, 5.7]
    assert page["@iot.count"] == 60
    latest = upper.read(path, **{"$top": "2", "$orderby": "phenomenonTime desc"})
    assert results(latest) == [0.0, 0.1]
    first = latest["value"][0]
    assert (first["phenomenonTime"], first["resultQuality"]) == ("2024-07-15T12:00:00Z", "good")
    assert upper.read(f"/Observations('{first['@iot.id']}')") == first
    assert results(upper.read(path, **{"$skip": "58"})) == [0.1, 0.0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("phenomenonTime ge {3} and phenomenonTime le {1}", [0.3, 0.2, 0.1]),
        ("phenomenonTime gt {3} and phenomenonTime lt {1}", [0.2]),
        ("phenomenonTime eq {2}", [0.2]),
        ("phenomenonTime eq '{2}'", [0.2]),
        ("phenomenonTime ge {2} and phenomenonTime ge {1}", [0.1, 0.0]),
        ("phenomenonTime gt {0}", []),
    ],
)
def test_ranges_of_time(upper, text, found):
    asked = {"$filter": text.format(*(at(n) for n in range(4)))}
    assert results(upper.read(f"/Datastreams('{RAIN}')/Observations", **asked)) == found
    one = {"$filter": f"{asked['$filter']} and Datastream/id eq '{RAIN}'"}
    assert results(upper.read("/Observations", **one)) == found


def test_every_page_is_found_by_its_link_and_nothing_twice(upper):
    found = pages(upper, f"/Datastreams('{RAIN}')/Observations", **{"$top": "7"})
    names = [name for page in found for name in ids(page)]
    assert (len(found), len(names), len(set(names))) == (9, 60, 60)
    of_all = {"$filter": f"phenomenonTime ge {at(60)} and phenomenonTime le {at(0)}"}
    found = pages(upper, "/Observations", **of_all, **{"$top": "25", "$count": "true"})
    names = [name for page in found for name in ids(page)]
    assert (len(names), len(set(names)), found[0]["@iot.count"]) == (61, 61, 61)
    times = [each["phenomenonTime"] for page in found for each in page["value"]]
    assert times == sorted(times)


def test_readings_of_a_station(upper):
    asked = {"$filter": f"Datastream/Thing/id eq '{ADDRESS}' and phenomenonTime ge {at(1)}"}
    assert sorted(results(upper.read("/Observations", **asked))) == [0.0, 0.1, 101.5]


def test_a_key_sees_its_own_stations_alone(house):
    lower = reader(LOWER)
    assert ids(lower.read("/Things")) == ["0990701002"]
    assert ids(lower.read("/Datastreams")) == [LOWER_RAIN]
    day = {"$filter": f"phenomenonTime ge {at(60)} and phenomenonTime le {at(0)}"}
    assert results(lower.read("/Observations", **day)) == [7.0]
    one = reader(UPPER).read(f"/Datastreams('{RAIN}')/Observations", **{"$top": "1"})
    for path in (
        f"/Things('{ADDRESS}')",
        f"/Things('{ADDRESS}')/Datastreams",
        f"/Datastreams('{RAIN}')",
        f"/Datastreams('{RAIN}')/Observations",
        f"/Observations('{ids(one)[0]}')",
    ):
        assert said(lower.call("GET", path), status=404)["detail"]
    assert ids(lower.read("/Observations", **{"$filter": f"Datastream/id eq '{RAIN}'"})) == []
    assert len(ids(reader(COUNTY).read("/Things"))) == 3


def test_who_may_read(house):
    for path in ("/Things", "/Datastreams", "/Observations"):
        said(Program(key="").call("GET", path), status=401)
        said(program(UPPER, permissions=[Permission.SEND_READINGS]).call("GET", path), status=403)


@pytest.mark.parametrize(
    "path",
    [
        "/Things('nobody')",
        "/Datastreams('nobody:Z')",
        f"/Datastreams('{ADDRESS}:XX')",
        f"/Datastreams('{ADDRESS}:Q')/Observations",
        "/Datastreams('nonsense')",
        "/Observations('nonsense')",
        f"/Observations('{RAIN}:1')",
        f"/Observations('{RAIN}:9999999999999999')",
        "/Sensors",
    ],
)
def test_what_is_not_there(upper, path):
    assert said(upper.call("GET", path), status=404)["detail"]


@pytest.mark.parametrize(
    ("asked", "column", "words"),
    [
        ({}, "$filter", "at most 24 hours"),
        ({"$filter": "phenomenonTime ge 2024-07-01T00:00:00Z"}, "$filter", "at most 24 hours"),
        ({"$filter": "result gt 5"}, "$filter", "not understood: “result gt 5”"),
        ({"$filter": "phenomenonTime ge soon"}, "$filter", "phenomenonTime ge soon"),
        ({"$filter": "phenomenonTime ge 2024-07-01 or 1 eq 1"}, "$filter", "not understood"),
        ({"$filter": "Datastream/id eq 'x'"}, "$filter", "not understood"),
        ({"$filter": "Datastream/id eq 'a:Z' and "}, "$filter", "not understood"),
        ({"$orderby": "result"}, "$filter", ""),
        ({"$top": "0"}, "$top", "at least 1"),
        ({"$top": "1001"}, "$top", "at most 1000"),
        ({"$skip": "-1"}, "$skip", "at least 0"),
        ({"$count": "perhaps"}, "$count", ""),
    ],
)
def test_what_is_not_understood_is_said(upper, asked, column, words):
    told = said(upper.call("GET", "/Observations", **asked), status=422)
    assert [fault["column"] for fault in told["faults"]] == [column]
    assert words in told["detail"]


def test_options_that_are_not_understood_are_not_passed_over(upper):
    path = f"/Datastreams('{RAIN}')/Observations"
    for asked in (
        {"$expand": "Datastream"},
        {"$select": "result"},
        {"$orderby": "result"},
        {"$filter": f"Datastream/id eq '{RAIN}'"},
    ):
        assert said(upper.call("GET", path, **asked), status=422)["faults"]
    for path in ("/Things", "/Datastreams"):
        assert said(upper.call("GET", path, **{"$expand": "Datastreams"}), status=422)


def test_reading_asks_little(upper):
    day = {"$filter": f"phenomenonTime ge {at(60)} and phenomenonTime le {at(0)}"}
    for path, asked in (
        ("/Things", {"$count": "true"}),
        ("/Datastreams", {"$count": "true"}),
        ("/Observations", {**day, "$count": "true"}),
        (f"/Datastreams('{RAIN}')/Observations", {"$count": "true"}),
    ):
        with CaptureQueriesContext(connection) as used:
            upper.read(path, **asked)
        assert len(used) < 12, path


def test_an_address_with_strange_signs_is_named_and_found(upper, house):
    name = "站/1 it's:7"
    Station.objects.filter(pk=house.pk).update(address=name)
    thing = next(each for each in upper.read("/Things")["value"] if each["@iot.id"] == name)
    path = urlsplit(thing["@iot.selfLink"]).path.removeprefix("/api/v1")
    assert upper.read(path) == thing
    stream = upper.read(f"{path}/Datastreams")["value"][0]
    readings = urlsplit(stream["Observations@iot.navigationLink"]).path.removeprefix("/api/v1")
    page = upper.read(readings, **{"$top": "1"})
    one = urlsplit(page["value"][0]["@iot.selfLink"]).path.removeprefix("/api/v1")
    assert upper.read(one) == page["value"][0]
    assert Reading.objects.count() == 62
