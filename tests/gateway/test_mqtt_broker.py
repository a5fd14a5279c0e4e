"""The settings of the broker and the filters of topics, before any connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.mqtt.broker import BrokerUnclear, broker_from
from anlan.monitoring.gateways.mqtt.topics import is_filter, matches, precision

TOLD = {
    "url": "mqtt://host",
    "client_id": "anlan",
    "ca": "",
    "certificate": "",
    "key": "",
    "version": "5",
    "session_hours": "72",
    "share": "",
}


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"url": ""}, "ANLAN_MQTT_URL"),
        ({"url": "http://host"}, "ANLAN_MQTT_URL"),
        ({"url": "mqtt://host:99999"}, "ANLAN_MQTT_URL"),
        ({"version": "4"}, "ANLAN_MQTT_VERSION"),
        ({"session_hours": "0"}, "ANLAN_MQTT_SESSION_HOURS"),
        ({"session_hours": "a week"}, "ANLAN_MQTT_SESSION_HOURS"),
        ({"client_id": ""}, "ANLAN_MQTT_CLIENT_ID"),
        ({"url": "mqtts://host", "ca": "none.pem"}, "ANLAN_MQTT_CA"),
        ({"url": "mqtts://host", "certificate": __file__}, "ANLAN_MQTT_KEY"),
        ({"url": "mqtts://host", "ca": __file__}, "ANLAN_MQTT_CA"),
    ],
)
def test_settings_that_lead_nowhere_are_named(told, name):
    with pytest.raises(BrokerUnclear, match=name):
        broker_from({**TOLD, **told})


def test_a_broker_is_read_from_its_url():
    plain = broker_from(TOLD)
    assert (plain.host, plain.port, plain.tls, plain.user) == ("host", 1883, None, None)
    assert plain.session_s == 72 * 3600
    safe = broker_from({**TOLD, "url": "mqtts://county:p%40ss@[::1]"})
    assert (safe.host, safe.port, safe.user, safe.password) == ("::1", 8883, "county", "p@ss")
    assert safe.tls is not None
    assert safe.tls.check_hostname


@pytest.mark.parametrize(
    ("pattern", "topic", "fits"),
    [
        ("rain/+/up", "rain/7/up", True),
        ("rain/+/up", "rain/7/8/up", False),
        ("rain/+", "rain", False),
        ("rain/#", "rain", True),
        ("rain/#", "rain/7/8", True),
        ("#", "rain/7", True),
        ("#", "$SYS/broker", False),
        ("+/broker", "$SYS/broker", False),
        ("$SYS/#", "$SYS/broker", True),
        ("+/+", "/finance", True),
        ("/+", "/finance", True),
        ("+", "/finance", False),
    ],
)
def test_filters_of_the_standard(pattern, topic, fits):
    """The examples of MQTT 5.0, section 4.7, and ours."""
    assert is_filter(pattern)
    assert matches(pattern, topic) is fits


@pytest.mark.parametrize("text", ["", "a/#/b", "a#", "a+/b", "a\0", "x" * 121])
def test_what_is_no_filter(text):
    assert not is_filter(text)


PARTS = st.lists(st.text("abc0", max_size=3), min_size=1, max_size=5)


@given(PARTS, st.data())
def test_a_topic_with_parts_left_open_fits_it(parts, data):
    topic = "/".join(parts)
    opened = ["+" if data.draw(st.booleans()) else part for part in parts]
    cut = data.draw(st.integers(0, len(opened)))
    assert matches("/".join(opened), topic)
    assert matches("/".join([*opened[:cut], "#"]), topic)
    assert precision(topic) >= precision("/".join(opened))
