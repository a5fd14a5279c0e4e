"""What breaks the standard is refused by name, with the element, its value and its line."""

from datetime import UTC, datetime

import pytest

from anlan.warning.gateways.cap.document import as_document
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.frame import Alert, decode
from anlan.warning.gateways.cap.values import Circle
from tests.gateway.cap_specimens import AREA, message, reference


def read(text: str) -> Alert:
    return decode(text.encode())


def refused(text: str) -> CapError:
    with pytest.raises(CapError) as found:
        decode(text.encode())
    return found.value


@pytest.mark.parametrize(
    ("sent", "utc"),
    [
        ("2024-07-15T19:30:00+08:00", datetime(2024, 7, 15, 11, 30, tzinfo=UTC)),
        ("2024-07-15T11:30:00-00:00", datetime(2024, 7, 15, 11, 30, tzinfo=UTC)),
        ("2024-07-15T11:30:00+00:00", datetime(2024, 7, 15, 11, 30, tzinfo=UTC)),
        ("2024-07-15T06:00:00-05:30", datetime(2024, 7, 15, 11, 30, tzinfo=UTC)),
    ],
)
def test_times_carry_a_numeric_offset(sent, utc):
    alert = read(message(sent=sent))
    assert alert.sent == utc
    assert as_document(alert)["sent"] == sent


@pytest.mark.parametrize(
    "sent",
    [
        "2024-07-15T11:30:00Z",
        "2024-07-15T11:30:00",
        "2024-07-15T11:30:00.5+08:00",
        "2024-07-15 11:30:00+08:00",
        "2024-07-15T11:30:00+0800",
        "2024-07-15T11:30:00,08:00",
        "2024-02-30T11:30:00+08:00",
        "2024-07-15T24:30:00+08:00",
        "2024-07-15T11:30:00+15:00",
        "２０２４-07-15T11:30:00+08:00",
    ],
)
def test_other_times_are_refused(sent):
    error = refused(message(sent=sent))
    assert (error.reason, error.element, error.value) == ("bad-time", "alert/sent", sent)


def test_z_is_refused_with_the_remedy():
    assert "UTC is written -00:00" in str(refused(message(sent="2024-07-15T11:30:00Z")))


@pytest.mark.parametrize(
    ("text", "reason", "element"),
    [
        (message(status="Real"), "not-allowed", "alert/status"),
        (message(status="actual"), "not-allowed", "alert/status"),
        (message(msg_type="Alarm"), "not-allowed", "alert/msgType"),
        (message(scope="<scope>All</scope>"), "not-allowed", "alert/scope"),
        (message().replace("Met", "Wind"), "not-allowed", "alert/info/category"),
        (message().replace("Severe", "Red"), "not-allowed", "alert/info/severity"),
        (message().replace("Immediate", "Now"), "not-allowed", "alert/info/urgency"),
        (message().replace("Likely", "Sure"), "not-allowed", "alert/info/certainty"),
        (message().replace("zh-CN", "zh_CN"), "bad-language", "alert/info/language"),
        (message(identifier=""), "missing-element", "alert/identifier"),
        (message(identifier="a b"), "bad-identifier", "alert/identifier"),
        (message(identifier="a,b"), "bad-identifier", "alert/identifier"),
        (message(sender="a&lt;b"), "bad-identifier", "alert/sender"),
        (message(sender="a&amp;b"), "bad-identifier", "alert/sender"),
        (message(identifier="x" * 251), "too-long", "alert/identifier"),
        (message(msg_type="Update"), "missing-references", "alert/references"),
        (message(msg_type="Cancel"), "missing-references", "alert/references"),
        (message(msg_type="Ack"), "missing-references", "alert/references"),
        (message(msg_type="Error"), "missing-references", "alert/references"),
        (
            message(after_scope="<references>a,b</references>"),
            "bad-reference",
            "alert/references",
        ),
        (
            message(after_scope=reference(sent="2024-07-15T11:30:00Z")),
            "bad-reference",
            "alert/references",
        ),
        (
            message(scope="<scope>Restricted</scope>"),
            "missing-restriction",
            "alert/restriction",
        ),
        (
            message(scope="<scope>Restricted</scope><restriction> </restriction>"),
            "missing-restriction",
            "alert/restriction",
        ),
        (message(scope="<scope>Private</scope>"), "missing-addresses", "alert/addresses"),
        (message().replace("<event>暴雨</event>", ""), "missing-element", "alert/info/event"),
        (message(area="<area/>"), "missing-element", "alert/info/area/areaDesc"),
        (
            message(more="<resource><resourceDesc>a</resourceDesc></resource>"),
            "missing-element",
            "alert/info/resource/mimeType",
        ),
        (
            message(more="<parameter><valueName>a</valueName></parameter>"),
            "missing-element",
            "alert/info/parameter/value",
        ),
        (message(after_scope="<colour>red</colour>"), "unknown-element", "alert/colour"),
        (
            message(after_scope='<x xmlns="urn:other">red</x>'),
            "unknown-element",
            "alert/x",
        ),
        (message(area=AREA + "<extra/>"), "unknown-element", "alert/info/extra"),
        (
            message().replace("暴雨", "暴<b>雨</b>"),
            "unknown-element",
            "alert/info/event/b",
        ),
        (message(after_scope="<source>x</source>"), "wrong-order", "alert/source"),
        (message(more="<language>en</language>"), "wrong-order", "alert/info/language"),
        (
            message(after_scope="<note>a</note><note>b</note>"),
            "repeated-element",
            "alert/note",
        ),
    ],
)
def test_what_breaks_the_standard_is_refused_by_name(text, reason, element):
    error = refused(text)
    assert (error.reason, error.element) == (reason, element)
    assert error.line == 1


def area(inner: str) -> str:
    return message(area=f"<area><areaDesc>x</areaDesc>{inner}</area>")


RING = "33.0,107.0 33.1,107.0 33.1,107.1 33.0,107.0"


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("<polygon>33.0,107.0 33.1,107.0 33.0,107.0</polygon>", "bad-polygon"),
        ("<polygon>33.0,107.0 33.1,107.0 33.1,107.1 33.0,107.01</polygon>", "bad-polygon"),
        (f"<polygon>{RING.replace('107.1', '197.1')}</polygon>", "bad-polygon"),
        ("<polygon>107,33 107,34 108,34 107,33</polygon>", "bad-polygon"),  # lon,lat
        (f"<polygon>{RING.replace(',', ', ')}</polygon>", "bad-polygon"),
        (f"<polygon>{RING.replace('33.1', 'nan')}</polygon>", "bad-polygon"),
        (f"<polygon>{RING.replace('33.1', '1e1')}</polygon>", "bad-polygon"),
        ("<circle>33.0,107.0</circle>", "bad-circle"),
        ("<circle>33.0,107.0 -1</circle>", "bad-circle"),
        ("<circle>107.0,33.0 5</circle>", "bad-circle"),
        ("<circle>33.0,107.0 inf</circle>", "bad-circle"),
        ("<altitude>high</altitude>", "bad-number"),
        ("<ceiling>100</ceiling>", "ceiling-without-altitude"),
        ("<geocode><valueName/><value>1</value></geocode>", "missing-element"),
    ],
)
def test_shapes_off_the_rules_are_refused(inner, reason):
    assert refused(area(inner)).reason == reason


def test_shapes_within_the_rules():
    (info,) = read(
        area(
            f"<polygon>{RING}</polygon><polygon/><circle>33,107 5.5</circle><circle/>"
            "<geocode><valueName>a</valueName><value>990701</value></geocode>"
            "<altitude>0</altitude><ceiling>9842.5</ceiling>"
        )
    ).infos
    (found,) = info.areas
    assert found.polygons == (((33.0, 107.0), (33.1, 107.0), (33.1, 107.1), (33.0, 107.0)),)
    assert found.circles == (Circle(33.0, 107.0, 5.5),)
    assert (found.altitude, found.ceiling) == (0.0, 9842.5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (message().replace("cap:1.2", "cap:1.1"), "wrong-version"),
        ('<alert xmlns="http://www.incident.com/cap/1.0"/>', "wrong-version"),
        (message().replace(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', ""), "not-cap"),
        ("<html/>", "not-cap"),
        ("", "not-xml"),
        ("暴雨红色预警", "not-xml"),
        (message()[:-3], "not-xml"),
        (message() + message(), "not-xml"),
        (message().replace("暴雨", "&unknown;"), "not-xml"),
        (message().replace("暴雨", "\x01"), "not-xml"),
    ],
)
def test_what_is_no_cap_is_refused_by_name(text, reason):
    assert refused(text).reason == reason


def test_the_scope_rules_are_kept_when_the_element_is_there():
    restricted = "<scope>Restricted</scope><restriction>officials</restriction>"
    assert read(message(scope=restricted)).restriction == "officials"
    private = "<scope>Private</scope><addresses>a@b.cn</addresses>"
    assert read(message(scope=private)).addresses == "a@b.cn"
    assert read(message(msg_type="Cancel", after_scope=reference())).references[0].sent == (
        datetime(2024, 7, 15, 11, 30, tzinfo=UTC)
    )
