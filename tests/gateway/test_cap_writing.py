"""What is written reads back the same, stands before the schema, and is read by others."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import capvalidator
import pytest
from cap_tools import AlertState
from cap_tools.models import Alert as TheirAlert
from hypothesis import given
from hypothesis import strategies as st
from xsdata.formats.dataclass.parsers import XmlParser

from anlan.warning.gateways.cap.checking import SchemaCheck
from anlan.warning.gateways.cap.errors import BadAddress, CapError
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.values import (
    Alert,
    Area,
    Circle,
    Info,
    MsgType,
    Named,
    Reference,
    Resource,
    Scope,
)
from anlan.warning.gateways.cap.writing import write_alert
from tests.gateway.cap_specimens import FILES, SOUND
from tests.gateway.cap_values import ALERT, AREA, INFO, RING, SCHEMA, SENT, alerts, areas, rings


def with_info(**changed: object) -> Alert:
    """Return the message with another text."""
    return replace(ALERT, infos=(replace(INFO, **changed),))  # type: ignore[arg-type]


def with_area(**changed: object) -> Alert:
    """Return the message with another area."""
    return with_info(areas=(replace(AREA, **changed),))  # type: ignore[arg-type]


@given(alert=alerts)
def test_what_is_written_reads_back_the_same(alert):
    data = write_alert(alert)
    assert decode(data) == alert
    assert SCHEMA.faults_of(data) == []


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_recorded_message_can_be_written_again(name):
    alert = replace(decode(SOUND[name]), is_signed=False)
    assert decode(write_alert(alert)) == alert


def test_the_schema_checks():
    assert SCHEMA.faults_of(MESSAGE) == []
    (fault, *_others) = SCHEMA.faults_of(FILES["bad_invalid.xml"])
    assert "scope" in fault
    assert "line 9" in fault
    with pytest.raises(ValueError, match="not a schema document"):
        SchemaCheck(b"<html/>")


def test_a_validator_of_somebody_else_takes_it():
    data = write_alert(ALERT)
    result = capvalidator.check_schema(data)
    assert result.passed, result.message
    dates = capvalidator.get_dates(data)
    assert dates.sent == "2024-07-15T20:00:00+08:00"
    assert dates.expiry == "2024-07-16T02:00:00+08:00"


# The reader of others knows no empty value, which the schema allows.
MESSAGE = write_alert(ALERT)
FULL = with_info(parameters=INFO.parameters[:1])


def test_a_reader_of_somebody_else_reads_it():
    found = XmlParser().from_bytes(write_alert(FULL), TheirAlert)
    (info,) = found.infos
    (area,) = info.areas
    assert found.identifier == ALERT.identifier
    assert str(found.sent) == "2024-07-15T20:00:00+08:00"
    assert [each.value for each in info.categories] == ["Met", "Safety"]
    assert info.instruction == "撤离河道 & 低洼地带 <立即>"
    assert (info.description, info.web) == (INFO.description, INFO.web)
    assert area.polygons == ["33.0,107.0 33.0,107.5 33.5,107.5 33.0,107.0"]
    assert area.geocodes[0].value.value == "610703101000"


def test_a_reader_of_somebody_else_follows_updates_and_cancellations():
    state = AlertState()

    def seen(alert: Alert) -> list[str]:
        state.ingest(XmlParser().from_bytes(write_alert(alert), TheirAlert))
        return [each.identifier for each in state.alerts]

    first = Reference(ALERT.sender, ALERT.identifier, ALERT.sent)
    second = replace(first, identifier="second", sent=SENT.astimezone(UTC))
    assert seen(FULL) == [ALERT.identifier]
    changed = replace(FULL, identifier="second", sent=second.sent, msg_type=MsgType.UPDATE)
    assert seen(replace(changed, references=(first,))) == ["second"]
    cancel = replace(FULL, identifier="third", msg_type=MsgType.CANCEL, references=(second,))
    assert seen(cancel) == ["third"]


HOSTILE = "<script>alert(1)</script> ]]> &amp; {{ 7*7 }} {% load x %} \x00\x0b\x1b[31m\ud800\ufffe"


def test_hostile_text_is_text_and_nothing_else():
    alert = with_info(
        headline=HOSTILE,
        description=HOSTILE,
        parameters=(Named(HOSTILE, HOSTILE),),
        areas=(Area(HOSTILE),),
    )
    (info,) = decode(write_alert(alert)).infos
    kept = "<script>alert(1)</script> ]]> &amp; {{ 7*7 }} {% load x %} [31m"
    assert (info.headline, info.description, info.areas[0].description) == (kept, kept, kept)
    assert info.parameters == (Named(kept, kept),)
    assert SCHEMA.faults_of(write_alert(alert)) == []


@given(text=st.text(), name=st.text(), area=areas())
def test_no_text_at_all_can_break_a_message(text, name, area):
    alert = with_info(headline=text, description=name, areas=(area,))
    assert decode(write_alert(alert)).infos[0].event == "暴雨"
    assert SCHEMA.faults_of(write_alert(alert)) == []


@given(link=st.text(max_size=20) | st.from_regex(r"\A(h:|//)?[ah:/\[\]#?%2@.\\ é]{0,20}\Z"))
def test_an_address_is_refused_or_valid(link):
    alert = with_info(web=link, resources=(Resource("a", "b", uri=link),))
    try:
        data = write_alert(alert)
    except BadAddress:
        data = MESSAGE
    assert SCHEMA.faults_of(data) == []


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [
        (UTC, "12:00:00-00:00"),
        (timezone(timedelta(hours=8)), "20:00:00+08:00"),
        (timezone(timedelta(hours=-9, minutes=-30)), "02:30:00-09:30"),
    ],
)
def test_a_time_has_a_zone_in_numbers(zone, wanted):
    data = write_alert(replace(ALERT, sent=SENT.astimezone(zone)))
    assert f"<sent>2024-07-15T{wanted}</sent>".encode() in data


def test_two_texts_with_the_same_areas_both_have_them():
    both = replace(ALERT, infos=(INFO, replace(INFO, language="en-US")))
    assert decode(write_alert(both)) == both
    assert len(write_alert(both).split(b"<polygon>")) == 3


@pytest.mark.parametrize(
    ("alert", "reason", "element"),
    [
        (replace(ALERT, identifier="a b"), "bad-identifier", "alert/identifier"),
        (replace(ALERT, identifier="a,b"), "bad-identifier", "alert/identifier"),
        (replace(ALERT, identifier="a<b"), "bad-identifier", "alert/identifier"),
        (replace(ALERT, sender="a&b"), "bad-identifier", "alert/sender"),
        (replace(ALERT, sender="a\x00b"), "bad-identifier", "alert/sender"),
        (replace(ALERT, sender=""), "missing-element", "alert/sender"),
        (replace(ALERT, identifier="9" * 251), "too-long", "alert/identifier"),
        (replace(ALERT, sent=SENT.replace(tzinfo=None)), "bad-time", "alert/sent"),
        (replace(ALERT, sent=SENT.replace(microsecond=1)), "bad-time", "alert/sent"),
        (
            replace(ALERT, sent=datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=15)))),
            "bad-time",
            "alert/sent",
        ),
        (replace(ALERT, msg_type=MsgType.UPDATE), "missing-references", "alert/references"),
        (replace(ALERT, msg_type=MsgType.CANCEL), "missing-references", "alert/references"),
        (replace(ALERT, references=(Reference("a", "b c", SENT),)), "bad-identifier", None),
        (replace(ALERT, scope=Scope.RESTRICTED), "missing-restriction", "alert/restriction"),
        (replace(ALERT, scope=Scope.PRIVATE), "missing-addresses", "alert/addresses"),
        (
            replace(ALERT, scope=Scope.PRIVATE, addresses=" \x00"),
            "missing-addresses",
            "alert/addresses",
        ),
        (with_info(language="中文"), "bad-language", "alert/info/language"),
        (with_info(categories=()), "missing-element", "alert/info/category"),
        (with_info(event="\x00"), "missing-element", "alert/info/event"),
        (with_info(event_codes=(Named("", "1"),)), "missing-element", None),
        (with_info(onset=SENT.replace(tzinfo=None)), "bad-time", "alert/info/onset"),
        (with_info(resources=(Resource("a", ""),)), "missing-element", None),
        (with_info(resources=(Resource("a", "b", size=10**18),)), "bad-number", None),
        (with_info(web="not an address"), "bad-address", "alert/info/web"),
        (with_area(description=""), "missing-element", "alert/info/area/areaDesc"),
        (with_area(polygons=(RING[:3],)), "bad-polygon", "alert/info/area/polygon"),
        (with_area(polygons=((*RING[:3], (33.0, 107.1)),)), "bad-polygon", None),
        (with_area(polygons=(tuple((lon, lat) for lat, lon in RING),)), "bad-polygon", None),
        (with_area(polygons=(((math.nan, 107.0), *RING[1:3], (math.nan, 107.0)),)), None, None),
        (with_area(polygons=(((math.inf, 107.0), *RING[1:3], (math.inf, 107.0)),)), None, None),
        (with_area(polygons=((),)), "bad-polygon", None),
        (with_area(circles=(Circle(33.0, 107.0, -1.0),)), "bad-circle", None),
        (with_area(circles=(Circle(107.0, 33.0, 1.0),)), "bad-circle", None),
        (with_area(circles=(Circle(33.0, 107.0, math.inf),)), "bad-circle", None),
        (with_area(altitude=math.nan), "bad-number", "alert/info/area/altitude"),
        (with_area(altitude=None), "ceiling-without-altitude", "alert/info/area"),
        (with_info(description="水" * 1_400_000), "too-large", ""),
    ],
)
def test_what_cap_forbids_is_refused_by_name(alert, reason, element):
    with pytest.raises(CapError) as refused:
        write_alert(alert)
    assert refused.value.reason == (reason or "bad-polygon")
    if element is not None:
        assert refused.value.element == element
    assert len(str(refused.value)) < 300


def test_a_message_of_more_marks_than_a_reader_opens_is_refused():
    codes = tuple(Named("GB2260", "1") for _each in range(20_000))
    with pytest.raises(CapError) as refused:
        write_alert(with_area(geocodes=codes))
    assert refused.value.reason == "too-many-elements"


@given(ring=rings)
def test_a_ring_keeps_every_digit(ring):
    (area,) = decode(write_alert(with_area(polygons=(ring,)))).infos[0].areas
    assert area.polygons == (ring,)


def test_small_and_large_numbers_have_no_exponent():
    area = with_area(polygons=(((1e-7, 107.0), *RING[1:3], (1e-7, 107.0)),), altitude=1e22)
    data = write_alert(area)
    assert b"<polygon>0.0000001,107.0 " in data
    assert b"<altitude>10000000000000000000000</altitude>" in data
    assert decode(data).infos[0].areas[0].altitude == 1e22


def test_what_has_nothing_to_say_is_left_out():
    bare = Info((INFO.categories[0],), "a", INFO.urgency, INFO.severity, INFO.certainty)
    data = write_alert(replace(ALERT, codes=("", " "), note="\x00", infos=(bare,)))
    for element in (b"code", b"note", b"audience", b"web", b"area", b"onset"):
        assert b"<" + element + b">" not in data
