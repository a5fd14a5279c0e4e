"""Loudspeakers: a broadcast with its CAP, over a real broker and over HTTP, and what comes back."""

import json
import logging
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

import anlan.warning.gateways.cap
from anlan.warning.gateways.loudspeaker.frame import (
    broadcast_of,
    item_of,
    read_receipt,
    topic_of,
)
from anlan.warning.gateways.making import make_provider, read_callback
from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.provider import (
    CallbackRefused,
    Heard,
    HeardKind,
    Outcome,
    Outgoing,
    ProviderSettings,
    Sent,
)
from tests.broker import HOST, Mosquitto, Papers, free_port
from tests.raw_server import Call, raw_server
from tests.sms_centre import Centre, centre

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
SECRET = "broker-4711"
CAP = Path(anlan.warning.gateways.cap.__file__).parent / "specimens" / "nws_thunderstorm.xml"
SETTINGS = ProviderSettings("speakers", "mqtt://127.0.0.1:1", "", SECRET)


def broadcast(device: str = "village-7", **given: str) -> Outgoing:
    values = {"key": f"k-{device}", "to": device, "title": "山洪红色预警", "text": "立即\n转移"}
    return Outgoing(**{**values, **given}, cap=CAP.read_bytes())


class Device:
    """A loudspeaker that listens to its topic."""

    def __init__(self, broker: Mosquitto, topic: str) -> None:
        self.heard: list[dict[str, object]] = []
        self.ready, self.done = threading.Event(), threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.on_message = self._on_message
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.connect(HOST, broker.port)
        self.client.subscribe(topic, qos=1)
        self.client.loop_start()
        assert self.ready.wait(10)

    def _on_message(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        self.heard.append(json.loads(message.payload))
        self.done.set()

    def close(self) -> None:
        """Switch it off."""
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def broker(tmp_path):
    found = Mosquitto(tmp_path, is_careful=False)
    found.start()
    yield found
    found.stop()


def published(port: int, *messages: Outgoing, timeout_s: float = 5.0, **options: str) -> list[Sent]:
    settings = ProviderSettings("speakers", f"mqtt://{HOST}:{port}", "", "", options, timeout_s)
    with closing(make_provider("loudspeaker_mqtt", settings)) as provider:
        return list(provider.send(messages))


def test_a_device_hears_the_text_and_the_cap(broker):
    with closing(Device(broker, "anlan/loudspeaker/village-7")) as device:
        said = published(broker.port, broadcast(), broadcast("nobody"), broadcast("bad name"))
        assert device.done.wait(10)
    assert said == [
        Sent(Outcome.TAKEN),
        Sent(Outcome.LATER, reason="mqtt 16"),  # a broker of MQTT 5 says that nobody listens
        Sent(Outcome.REFUSED, reason="bad-device"),
    ]
    (found,) = device.heard
    assert found == {
        "id": "k-village-7",
        "device": "village-7",
        "level": 2,
        "repeat": 3,
        "text": "山洪红色预警。立即。转移。",
        "cap": CAP.read_text(),
    }


def test_two_hundred_devices_at_once(broker):
    with closing(Device(broker, "v/#")):
        messages = [broadcast(f"d{n}") for n in range(200)]
        said = published(broker.port, *messages, topic="v/{device}/say", version="3.1.1")
    assert said == [Sent(Outcome.TAKEN)] * 200


def test_a_broker_that_does_not_know_us(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    broker = Mosquitto(tmp_path, settings=("allow_anonymous false",), is_careful=False)
    broker.start()
    try:
        settings = replace(SETTINGS, address=f"mqtt://{HOST}:{broker.port}", account="a")
        with closing(make_provider("loudspeaker_mqtt", settings)) as provider:
            said = provider.send([broadcast()])
    finally:
        broker.stop()
    assert said == [Sent(Outcome.DOWN, reason="mqtt 135")]
    assert SECRET not in caplog.text + repr(said) + repr(settings)


def test_a_broker_under_tls(tmp_path):
    papers = Papers(tmp_path / "papers").make()
    lines = ["allow_anonymous true", f"cafile {papers.path('ca.pem')}"]
    lines += [f"certfile {papers.path('server.pem')}", f"keyfile {papers.path('server.key')}"]
    broker = Mosquitto(tmp_path, settings=lines, is_careful=False)
    broker.start()
    try:
        options = {"ca": papers.path("ca.pem")}
        address = f"mqtts://{HOST}:{broker.port}"
        said = [
            make_provider(
                "loudspeaker_mqtt", ProviderSettings("s", address, options=each, timeout_s=3)
            ).send([broadcast()])[0]
            for each in (options, {})
        ]
    finally:
        broker.stop()
    assert [each.outcome for each in said] == [Outcome.LATER, Outcome.DOWN]


def test_nobody_there_and_nobody_who_speaks_mqtt():
    assert published(free_port(), broadcast())[0].outcome is Outcome.DOWN

    def silent(call: Call) -> None:
        call.released.wait(10)

    with raw_server(silent) as server:
        said = published(server.port, broadcast(), timeout_s=0.3)
    assert said == [Sent(Outcome.DOWN, reason="timeout")]
    with raw_server(lambda call: call.say(b"HTTP/1.1 400 Bad\r\n\r\n")) as server:
        assert published(server.port, broadcast())[0].outcome is Outcome.DOWN


def test_a_broker_that_takes_and_says_nothing():
    def script(call: Call) -> None:
        call.wire.recv(65_536)
        call.say(b"\x20\x03\x00\x00\x00")  # CONNACK of MQTT 5: welcome
        call.released.wait(10)

    with raw_server(script) as server:
        said = published(server.port, broadcast(), timeout_s=0.5)
    assert said == [Sent(Outcome.UNKNOWN, reason="timeout")]


def test_a_platform_over_http():
    with centre(items="broadcasts", number="id", codes={"d2": 101}) as platform:
        settings = platform.settings(repeat="5", level="1")
        with closing(make_provider("loudspeaker_http", settings)) as provider:
            said = provider.send([broadcast("d1"), broadcast("d2"), broadcast("d 3")])
    assert [each.outcome for each in said] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.REFUSED]
    assert platform.sent["k-d1"]["repeat"] == 5


def test_levels_come_from_the_cap_and_else_from_the_settings():
    plain = Outgoing("k", "d", "", "水")
    assert item_of(plain, SETTINGS)["level"] == 2
    assert item_of(plain, replace(SETTINGS, options={"level": "1", "repeat": "99"}))["repeat"] == 20
    with pytest.raises(Unsendable, match="bad-cap"):
        item_of(replace(plain, cap=b"<alert/>"), SETTINGS)


@pytest.mark.parametrize("device", ["", "#", "a/b", "+", "a b", "$SYS", "广播"])
def test_a_device_reaches_no_topic_but_its_own(device):
    with pytest.raises(Unsendable, match="bad-device"):
        topic_of(broadcast(device), SETTINGS)


def test_what_devices_tell_is_heard():
    told = {"id": "k1", "device": "d1", "status": "played"}
    assert read_receipt(json.dumps(told).encode()) == Heard(
        HeardKind.RECEIPT, key="k1", sender="d1", is_delivered=True
    )
    failed = read_receipt(json.dumps({**told, "status": "failed", "reason": "no power"}).encode())
    assert (failed.is_delivered, failed.reason) == (False, "no power")
    platform = Centre()
    headers, body = platform.callback(now=NOW, reports=[told])
    settings = replace(SETTINGS, account=platform.account, secret=platform.secret)
    found = read_callback("loudspeaker_http", settings, headers=headers, body=body, now=NOW)
    assert found.heard[0].key == "k1"


@given(
    st.binary()
    | st.dictionaries(st.sampled_from(["id", "status"]), st.text()).map(
        lambda each: json.dumps(each).encode()
    )
)
def test_any_payload_is_heard_or_refused(payload):
    try:
        assert read_receipt(payload).key
    except CallbackRefused:
        return


@given(st.text(), st.text())
def test_any_text_is_broadcast_as_text(title, text):
    payload = broadcast_of(broadcast(title=title, text=text + "水"), SETTINGS)
    assert json.loads(payload)["text"]
