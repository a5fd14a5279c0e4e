"""Unknown addresses: shown to keepers, adopted with all that they sent, or left out of sight."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.adopt_station import adopt_station
from anlan.monitoring.actions.take_in_waiting import take_in_waiting
from anlan.monitoring.api import ingest_readings
from anlan.monitoring.data import Protocol, RawReading, StationKind, Verdict
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.keeping import Refused, StationFacts
from anlan.monitoring.models import IgnoredAddress, Reading, SetAsideReading, Station
from anlan.registry.data import DivisionKind, Role
from anlan.registry.models import Division
from tests.cast import SLOPE
from tests.entrance import OTHER_COUNTY, logged_in, opened
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

BY = the_program("tests")
ADDRESS = "0012345678"
ABOUT = {"address": ADDRESS, "protocol": "sl651"}
FORM = {
    "name": "新测站",
    "kind": "H",
    "division": "上河镇/坡下村",
    "lon": "107.02",
    "lat": "33.01",
    "interval_min": "60",
}


def sent(address: str = ADDRESS, *, count: int = 6, peer: str = "10.1.2.3:999") -> None:
    """Let an address have sent levels, the latest first."""
    now = clock.now()
    for n in range(count):
        ingest_readings(
            [RawReading(address, "Z", now - timedelta(hours=n), 100.0 + n, "m")],
            protocol=Protocol.SL651,
            peer=peer,
            by=BY,
            now=now,
        )


def facts(**other: object) -> StationFacts:
    """Return what a keeper says of the address."""
    plain = {
        "address": ADDRESS,
        "protocol": Protocol.SL651,
        "name": "新测站",
        "kind": StationKind.RIVER,
        "division": SLOPE,
        "lon": 107.02,
        "lat": 33.01,
        "interval_min": 60,
        "password": "0000",
    }
    return StationFacts(**{**plain, **other})  # type: ignore[arg-type]  # a dict of any


def post(client: Client, name: str, about: dict[str, str], /, **form: str) -> int:
    """Send a form about an address and return the status."""
    return client.post(reverse(name), form, query_params=about).status_code


def test_a_keeper_sees_what_an_address_sends(evening: Evening, visit: Visit) -> None:
    sent()
    shown = visit("duty").get(reverse("unknown_addresses"))
    (row,) = shown.context["list"].rows
    assert (row.address, row.count, row.peer) == (ADDRESS, 6, "10.1.2.3:999")
    assert row.values[0][:2] == ("Z", 100.0)
    assert ADDRESS in shown.content.decode()
    page = visit("duty").get(reverse("adopt_station"), ABOUT)
    assert page.status_code == 200


def test_others_see_nothing_of_it(evening: Evening, visit: Visit) -> None:
    sent()
    for who in ("upper", "slope", "reader"):
        client = visit(who)
        assert client.get(reverse("unknown_addresses")).status_code == 403
        assert client.get(reverse("adopt_station"), ABOUT).status_code == 403
        assert post(client, "adopt_station", ABOUT, **FORM) == 403
        assert post(client, "ignore_address", ABOUT, reason="x") == 403
        assert ADDRESS not in client.get(reverse("stations")).content.decode()
    assert not Station.objects.filter(address=ADDRESS).exists()


def test_an_address_that_names_another_county_is_its_own(evening: Evening, visit: Visit) -> None:
    Division.objects.create(code=OTHER_COUNTY, kind=DivisionKind.COUNTY, name="邻县")
    theirs, ours = "9907020001", "9907010001"
    sent(theirs, count=1)
    sent(ours, count=1)
    rows = visit("duty").get(reverse("unknown_addresses")).context["list"].rows
    assert {row.address for row in rows} == {ours}
    about = {"address": theirs, "protocol": "sl651"}
    assert visit("duty").get(reverse("adopt_station"), about).status_code == 404
    far = logged_in(opened("far-admin", Role.ADMINISTRATOR, OTHER_COUNTY))
    rows = far.get(reverse("unknown_addresses")).context["list"].rows
    assert {row.address for row in rows} == {theirs}


def test_adoption_takes_in_all_that_came_in_order(evening: Evening, visit: Visit) -> None:
    sent()
    assert post(visit("duty"), "adopt_station", ABOUT, **FORM) == 302
    station = Station.objects.get(address=ADDRESS)
    assert (station.division_id, station.kind, station.name) == (SLOPE, "H", "新测站")
    rows = Reading.objects.filter(station=station, element=LEVEL).order_by("observed_at")
    assert [row.value for row in rows] == [105.0, 104.0, 103.0, 102.0, 101.0, 100.0]
    assert {row.quality for row in rows} == {0}  # in order: none of them came late
    assert not SetAsideReading.objects.filter(verdict=Verdict.UNKNOWN_STATION).exists()
    assert JournalEntry.objects.filter(act="station.adopted").count() == 1
    assert visit("duty").get(reverse("unknown_addresses")).context["list"].rows == []


def test_a_second_adoption_takes_in_what_came_between(evening: Evening) -> None:
    sent()
    now = clock.now()
    key = adopt_station(facts(), by=BY, now=now)
    SetAsideReading.objects.create(
        address=ADDRESS, element="Z", observed_at=now - timedelta(minutes=7), value=99.5,
        verdict=Verdict.UNKNOWN_STATION, received_at=now,
    )  # fmt: skip
    SetAsideReading.objects.create(
        address=ADDRESS, element="Z", observed_at=now - timedelta(minutes=9), value=99.4,
        verdict=Verdict.UNKNOWN_STATION, received_at=now,
    )  # fmt: skip
    assert take_in_waiting(by=BY, now=now) == 2
    assert adopt_station(facts(name="anders"), by=BY, now=now) == key
    assert Station.objects.get(pk=key).name == "新测站"
    assert Reading.objects.filter(station=key).count() == 8
    assert adopt_station(facts(), by=BY, now=now) == key
    assert Reading.objects.filter(station=key).count() == 8
    assert take_in_waiting(addresses=[ADDRESS], by=BY, now=now) == 0
    assert JournalEntry.objects.filter(act="station.adopted").count() == 1


def test_what_cannot_be_right_is_refused_with_a_sentence(evening: Evening) -> None:
    sent(count=1)
    client = logged_in(evening.accounts["duty"], language="en")
    address = reverse("adopt_station")
    for bad, said in (
        ({"division": "乌有村"}, "There is no division"),
        ({"lon": "33", "lat": "107"}, "no longitude in China"),
        ({"name": ""}, "field is required"),
        ({"interval_min": "0"}, "greater than or equal to 1"),
    ):
        answer = client.post(address, {**FORM, **bad}, query_params=ABOUT)
        assert answer.status_code == 200
        assert said in answer.content.decode(), bad
    assert not Station.objects.filter(address=ADDRESS).exists()
    with pytest.raises(Refused):
        adopt_station(facts(address="0990701001", protocol=Protocol.MQTT), by=BY, now=clock.now())


def test_an_ignored_address_is_shown_no_more_until_it_is_brought_back(
    evening: Evening, visit: Visit
) -> None:
    sent(count=2)
    client = visit("duty")
    assert post(client, "ignore_address", ABOUT, reason="") == 200
    assert post(client, "ignore_address", ABOUT, reason="隔壁县的站") == 302
    assert post(client, "ignore_address", ABOUT, reason="隔壁县的站") == 302
    shown = client.get(reverse("unknown_addresses")).context["list"]
    assert (shown.rows, shown.ignored) == ([], 1)
    (row,) = client.get(reverse("unknown_addresses"), {"ignored": "1"}).context["list"].rows
    assert row.ignored == "隔壁县的站"
    sent(count=1)  # still kept, never dropped
    assert SetAsideReading.objects.filter(address=ADDRESS).count() == 3
    assert post(client, "heed_address", ABOUT) == 302
    assert not IgnoredAddress.objects.exists()
    acts = JournalEntry.objects.values_list("act", flat=True)
    assert list(acts).count("address.ignored") == list(acts).count("address.heeded") == 1


def test_an_address_that_is_not_there_is_not_found(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    for about in ({}, {"address": "x", "protocol": "y"}, {"address": ADDRESS, "protocol": "sl651"}):
        assert client.get(reverse("adopt_station"), about).status_code == 404
        assert post(client, "ignore_address", about, reason="x") == 404
        assert post(client, "heed_address", about) == 404


def test_the_address_of_a_station_out_of_sight_is_taken(evening: Evening) -> None:
    with scope.limited_to([OTHER_COUNTY]), pytest.raises((Refused, LookupError)):
        adopt_station(facts(address="0990701001"), by=BY, now=clock.now())
