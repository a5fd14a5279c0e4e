"""Messages of devices become readings by the model of their topic, or are kept as they came."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions import _faults as faults
from anlan.monitoring.actions import take_messages as module
from anlan.monitoring.actions.keep_untaken_message import keep_untaken_message
from anlan.monitoring.actions.take_messages import take_messages
from anlan.monitoring.data import Protocol, Verdict
from anlan.monitoring.models import (
    DeviceModel,
    FrameFault,
    OtherElement,
    Reading,
    ReadingBatch,
    SetAsideReading,
    Station,
)
from tests.mqtt_house import ADDRESS, RAIN_MODEL, message, rains, report, speaking_gauge
from tests.weather import idle

BY = the_program("mqtt")


@pytest.fixture
def gauge(cast):
    return speaking_gauge(cast)


def take(*messages):
    return take_messages(messages, peer="mqtt:test", by=BY, now=clock.now())


def model(name, *, topic=RAIN_MODEL.topic, **mapping):
    return DeviceModel.objects.create(
        name=name, topic=topic, mapping={**RAIN_MODEL.mapping, **mapping}
    )


def reasons():
    return sorted(FrameFault.objects.values_list("reason", flat=True))


def test_a_message_becomes_readings_of_its_station(gauge):
    done = take(message(*report(0)), message(*report(1, rain=31)))
    assert (done.frames, done.stored, done.faults, done.refused) == (2, 2, 0, 0)
    assert rains() == [3.1, 2.5]
    assert ReadingBatch.objects.get().frames == 2
    again = take(message(*report(0), is_again=True))
    assert (again.stored, again.repeated) == (0, 1)


def test_an_address_that_nobody_registered_is_quarantined(gauge):
    done = take(message(*report(address="nobody")))
    assert (done.stored, done.refused) == (0, 1)
    row = SetAsideReading.objects.get()
    assert (row.address, row.protocol, row.peer) == ("nobody", Protocol.MQTT, "mqtt:test")
    assert row.verdict == Verdict.UNKNOWN_STATION


def test_a_station_of_another_wire_is_not_trusted_over_this_one(gauge):
    Station.objects.filter(pk=gauge.pk).update(protocol=Protocol.SL651)
    assert take(message(*report())).refused == 1
    assert rains() == []


def test_what_cannot_be_read_is_kept_as_it_came_and_stops_nobody(gauge):
    topic, good = report()
    bad = (b"no json", b"\xff", b'{"ts": "soon", "data": {"rain5": 1}}', b'{"ts": 1721044800000}')
    done = take(*(message(topic, content) for content in bad), message(topic, good))
    assert (done.frames, done.stored, done.faults) == (5, 1, 4)
    assert reasons() == ["no-such-path data.rain5", "not-a-number ts", "not-json", "not-json"]
    kept = FrameFault.objects.get(reason="not-a-number ts")
    assert (kept.peer, bytes(kept.payload), kept.protocol) == (topic, bad[2], Protocol.MQTT)


def test_a_topic_that_no_model_reads_is_kept(gauge):
    assert take(message("snow/1/up", "{}")).faults == 1
    assert reasons() == ["no-model"]


def test_what_is_kept_has_bounds(gauge, monkeypatch):
    monkeypatch.setattr(faults, "MOST_OF_A_PEER", 3)
    monkeypatch.setattr(faults, "MOST_A_DAY", 5)
    topic, _good = report()
    assert take(*[message(topic, b"x" * 50_000)] * 7).faults == 7
    assert take(*[message("rain/2/up", b"y")] * 7).faults == 7
    peers = FrameFault.objects.order_by("pk").values_list("peer", flat=True)
    assert list(peers) == [topic] * 3 + ["rain/2/up"] * 2
    assert len(bytes(FrameFault.objects.earliest("pk").payload)) == faults.LONGEST_KEPT
    FrameFault.objects.update(received_at=clock.now() - timedelta(days=2))
    take(message(topic, b"z"))
    assert FrameFault.objects.filter(received_at=clock.now()).count() == 1


def test_the_narrower_filter_reads_a_topic(gauge):
    model("all", topic="#", values=[{"path": "data.rain5", "element": "PJ"}])
    take(message(*report()))
    assert rains() == [2.5]


def test_where_models_share_a_topic_the_stations_own_reads(gauge):
    other = model("other", values=[{"path": "data.rain5", "element": "PN05"}])
    take(message(*report(0)))
    Station.objects.filter(pk=gauge.pk).update(device_model=other)
    take(message(*report(1)))
    assert rains() == [25.0, 2.5]


def test_a_model_that_cannot_read_leaves_it_to_the_other(gauge):
    model("another", address={"path": "dev"}, values=[{"path": "mm", "element": "PN05"}])
    at = int(clock.now().timestamp() * 1000)
    take(message(report()[0], f'{{"dev": "{ADDRESS}", "ts": {at}, "mm": 1.5}}'))
    assert rains() == [1.5]


def test_a_changed_model_counts_at_once(gauge):
    take(message(*report(0)))
    row = DeviceModel.objects.get()
    row.mapping = {**row.mapping, "values": [{"path": "data.rain5", "element": "PN05"}]}
    row.save()
    take(message(*report(1)))
    assert rains() == [25.0, 2.5]


def test_a_model_that_somebody_spoilt_reads_nothing_and_stops_nobody(gauge):
    model("spoilt", topic="snow/#", values=[])
    assert take(message("snow/1", "{}"), message(*report())).stored == 1


def test_an_old_message_without_a_time_says_nothing(gauge):
    topic, payload = report()
    assert take(message(topic, payload, is_retained=True)).stored == 1
    row = DeviceModel.objects.get()
    row.mapping = {key: value for key, value in row.mapping.items() if key != "time"}
    row.save()
    idle(timedelta(minutes=5))
    assert take(message(topic, payload, is_retained=True)).stored == 0
    assert take(message(topic, payload)).stored == 1


def test_an_element_of_no_standard_gets_its_number(gauge):
    model("air", topic="air/+", address={"topic": 2}, values=[{"path": "pm", "element": "PM25"}])
    at = int(clock.now().timestamp() * 1000)
    take(message(f"air/{ADDRESS}", f'{{"ts": {at}, "pm": 35}}'))
    number = OtherElement.objects.get(code="PM25").pk
    assert Reading.objects.get(element=number).value == 35.0


def test_a_failure_leaves_nothing_behind(gauge, monkeypatch):
    def fail(*args, **options):
        raise IntegrityError("in the middle")

    monkeypatch.setattr(module, "ingest_readings", fail)
    with pytest.raises(IntegrityError):
        take(message(report()[0], b"no json"), message(*report()))
    assert FrameFault.objects.count() == 0
    assert rains() == []


def test_a_message_that_is_put_aside(gauge):
    assert keep_untaken_message(message(*report()), by=BY, now=clock.now()) == 1
    assert reasons() == ["not-taken"]


def test_many_messages_cost_no_more_queries_than_one(gauge, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        take(*(message(*report(number)) for number in range(300)))
    assert len(rains()) == 300
