"""Readings that other programs send: who may, for which stations, once, durable, in sentences."""

import json
import re

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from anlan.kernel import clock
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.data import Protocol, Verdict
from anlan.monitoring.elements import LEVEL, RAIN
from anlan.monitoring.http import shapes
from anlan.monitoring.models import (
    DeviceModel,
    OtherElement,
    Reading,
    SetAsideReading,
    Station,
)
from anlan.registry.data import Permission
from tests.cast import COUNTY, FORD, LOWER, UPPER
from tests.http_station import ADDRESS, READS, http_gauge, minutes_ago, observation, sender
from tests.http_station import RAIN as STREAM
from tests.programs import Program, program, said

PATH = "/Observations"


@pytest.fixture
def gauge(cast):
    return http_gauge(cast)


@pytest.fixture
def maker(gauge):
    """The program of whoever made the gauge."""
    return sender()


def post(caller, body, *, status, path=PATH, **asked):
    return said(caller.call("POST", path, body=body, **asked), status=status)


def stored():
    rows = Reading.objects.order_by("observed_at", "element")
    return list(rows.values_list("element", "value"))


# One observation


def test_an_observation_is_stored_named_and_judged(maker):
    answer = maker.call("POST", PATH, body=observation(2.5))
    told = said(answer, status=201)
    micros = int(clock.now().timestamp()) * 1_000_000
    assert told["@iot.id"] == f"{STREAM}:{micros}"
    assert told["phenomenonTime"] == "2024-07-15T12:00:00Z"
    assert told["result"] == 2.5
    assert answer.headers["Location"] == told["@iot.selfLink"]
    assert answer.headers["Location"].endswith(f"/api/v1/Observations('{told['@iot.id']}')")
    assert stored() == [(RAIN, 2.5)]
    virtual_queue.run_until(clock.now())
    assert virtual_queue.ran["anlan.monitoring.tasks.judging.evaluate_thresholds"] == 1


def test_the_same_again_changes_nothing_and_another_value_is_refused(maker):
    first = post(maker, observation(2.5), status=201)
    again = post(maker, observation(2.5), status=200)
    assert again["@iot.id"] == first["@iot.id"]
    other = post(maker, observation(9.5), status=409)
    assert "has the value 2.5" in other["detail"]
    assert [fault["column"] for fault in other["faults"]] == ["result"]
    assert stored() == [(RAIN, 2.5)]
    assert SetAsideReading.objects.count() == 0


def test_a_datastream_in_the_address(maker):
    for quote in ("", "'"):
        path = f"/Datastreams({quote}{STREAM}{quote})/Observations"
        told = post(maker, observation(stream=None), status=200 if quote else 201, path=path)
        assert told["@iot.id"].startswith(STREAM)
    wrong = post(maker, observation(stream=f"{ADDRESS}:Z"), status=422, path=path)
    assert f"{ADDRESS}:Z" in wrong["detail"]
    post(maker, observation(), status=404, path="/Datastreams(nonsense)/Observations")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-07-15T19:55:00+08:00", 5),
        ("2024-07-15T11:55:00Z", 5),
        ("2024-07-15T19:55:00", 5),
        ("2024-07-15T11:50:00Z/2024-07-15T11:55:00Z", 5),
        (None, 0),
    ],
)
def test_times_in_every_form(maker, text, at):
    post(maker, {**observation(), "phenomenonTime": text}, status=201)
    assert Reading.objects.get().observed_at == minutes_ago(at)


def test_what_sensorthings_knows_besides_is_read_and_not_kept(maker):
    besides = {"resultTime": "2024-07-15T12:00:05Z", "FeatureOfInterest": {"@iot.id": 3}}
    post(maker, {**observation(), **besides, "parameters": {"a": 1}, "validTime": None}, status=201)


# Who may


def test_who_may_send(gauge):
    assert said(Program(key="").call("POST", PATH, body=observation()), status=401)
    told = post(program(UPPER, permissions=READS), observation(), status=403)
    assert "send readings of stations" in told["detail"]
    post(program(COUNTY, permissions=[Permission.SEND_READINGS]), observation(), status=201)
    assert len(stored()) == 1


def test_whoever_sends_need_not_read(maker):
    for path in ("/Things", "/Datastreams", "/Observations"):
        said(maker.call("GET", path), status=403)


def test_a_station_of_another_town_is_as_one_that_is_not_there(gauge):
    lower = sender(LOWER)
    refused = post(lower, observation(), status=404)
    nobody = post(lower, observation(stream="nobody:PN05"), status=404)
    assert refused["detail"].replace(ADDRESS, "nobody") == nobody["detail"]
    assert stored() == []
    row = SetAsideReading.objects.get()
    assert (row.address, row.verdict) == ("nobody", Verdict.UNKNOWN_STATION)
    assert (row.protocol, row.peer) == (Protocol.HTTP, f"{LOWER} api:tests")


@pytest.mark.parametrize("change", [{"protocol": Protocol.MQTT}, {"is_active": False}])
def test_a_station_of_another_wire_or_out_of_use_is_refused(maker, change):
    Station.objects.update(**change)
    post(maker, observation(), status=404)
    assert stored() == []
    assert SetAsideReading.objects.count() == 0


def test_a_key_over_a_village_sends_for_its_stations_alone(cast, gauge):
    Station.objects.filter(pk=cast.stations["lower rain"].pk).update(protocol=Protocol.HTTP)
    village = sender(FORD)
    post(village, observation(), status=404)
    post(village, observation(stream="0990701002:PN05"), status=201)


# Refusals in sentences

BAD = [
    ({"result": None}, "result", "“result” must be a number, not null."),
    ({"result": "2.5"}, "result", '“result” must be a number, not "2.5".'),
    ({"result": True}, "result", "“result” must be a number, not true."),
    ({"phenomenonTime": "yesterday"}, "phenomenonTime", "must be a moment such as"),
    ({"phenomenonTime": 1721044800}, "phenomenonTime", "not 1721044800"),
    ({"phenomenonTime": "2024-07-15T12:00Z/2024-07-15T11:00Z"}, "phenomenonTime", "a moment"),
    ({"phenomenonTime": "0001-01-01T00:00:00Z"}, "phenomenonTime", "must be a moment"),
    ({"phenomenonTime": "2024-07-15T20:06:00+08:00"}, "phenomenonTime", "has not come yet"),
    ({"phenomenonTime": "2022-07-15T20:06:00+08:00"}, "phenomenonTime", "older than what is kept"),
    ({"resultTime": "soon"}, "resultTime", "“resultTime” must be a moment"),
    ({"Datastream": {"@iot.id": "nonsense"}}, "Datastream", "<address>:<element>"),
    ({"Datastream": {"@iot.id": 7}}, "Datastream", "<address>:<element>"),
    ({"Datastream": STREAM}, "Datastream", "<address>:<element>"),
    ({"Datastream": {"@iot.id": f"{ADDRESS}:XX"}}, "Datastream", "“XX” is no element"),
    ({"Datastream": {"@iot.id": f"{ADDRESS}:PIC"}}, "Datastream", "“PIC” is no element"),
    ({"wert": 1}, "wert", "no field “wert”"),
]
CHINESE = re.compile("[\u4e00-\u9fff]{4}")


@pytest.mark.parametrize(("change", "column", "english"), BAD)
def test_what_is_wrong_is_said_in_both_languages(maker, change, column, english):
    body = {**observation(), **change}
    told = post(maker, body, status=422)
    assert [fault["column"] for fault in told["faults"]] == [column]
    assert english in told["detail"]
    assert not CHINESE.search(told["detail"])
    answer = Program(key=maker.key, language="zh-CN").call("POST", PATH, body=body)
    assert CHINESE.search(said(answer, status=422)["detail"])
    assert stored() == []


@pytest.mark.parametrize("body", [[], "text", 7, None, [[1]], [None]])
def test_a_body_that_holds_no_observation(maker, body):
    text = json.dumps(body)
    told = said(maker.call("POST", PATH, body=text), status=422)
    assert told["detail"]
    assert stored() == []


def test_json_that_is_none_and_a_number_that_is_none(maker):
    for text in ("{", '{"result": NaN}', b"\xff"):
        said(maker.call("POST", PATH, body=text), status=400)
    huge = '{"result": 1' + "0" * 400 + ', "Datastream": {"@iot.id": "a:Z"}}'
    post(maker, huge, status=422)


def test_elements_that_are_known_otherwise(maker, gauge):
    model = DeviceModel.objects.create(name="m", mapping={"values": [{"element": "PM25"}]})
    post(maker, observation(stream=f"{ADDRESS}:PM25"), status=422)
    Station.objects.filter(pk=gauge.pk).update(device_model=model)
    post(maker, observation(stream=f"{ADDRESS}:PM25"), status=201)
    OtherElement.objects.create(pk=2000, code="SNOW")
    post(maker, observation(stream=f"{ADDRESS}:SNOW"), status=201)
    assert OtherElement.objects.count() == 2


def test_a_relative_level_is_told_as_the_level_that_it_is(maker):
    Station.objects.update(base_m=100.0)
    told = post(maker, observation(1.25, stream=f"{ADDRESS}:DRZ1"), status=201)
    assert (told["@iot.id"].split(":")[1], told["result"]) == ("Z", 101.25)
    assert post(maker, observation(1.25, stream=f"{ADDRESS}:DRZ1"), status=200) == told
    assert stored() == [(LEVEL, 101.25)]


# Durable or not said


def test_without_a_commit_nothing_is_confirmed(maker, gauge, monkeypatch, transactional_db):
    def fail(self):
        raise OperationalError("disk full")

    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", fail)
    answer = maker.call("POST", PATH, body=observation())
    monkeypatch.undo()
    assert said(answer, status=500)["detail"]
    assert "Location" not in answer.headers
    assert stored() == []
    post(maker, observation(), status=201)
    assert stored() == [(RAIN, 2.5)]


def test_the_size_of_a_call_has_a_bound(maker, monkeypatch):
    said(maker.call("POST", PATH, body=json.dumps([observation()] * 20_000)), status=413)
    many = json.dumps([observation(minutes=n / 60) for n in range(shapes.MOST_ROWS + 1)])
    assert len(many) < 1_048_576
    assert "1 to 5,000" in post(maker, many, status=422)["detail"]
    assert stored() == []


def test_one_call_asks_little(maker, django_assert_max_num_queries):
    post(maker, observation(minutes=5), status=201)  # the first of a month makes its partition
    with django_assert_max_num_queries(20):
        post(maker, observation(), status=201)
