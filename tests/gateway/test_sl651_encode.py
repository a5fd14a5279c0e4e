"""What is encoded decodes to itself, and the centre answers as recorded centres did."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.sl651.bcd import read_number, write_number
from anlan.monitoring.gateways.sl651.codes import BEIJING
from anlan.monitoring.gateways.sl651.elements import KIND_OF_NAME
from anlan.monitoring.gateways.sl651.encode import (
    HourSeries,
    ReportElement,
    Sender,
    encode_command,
    encode_confirmation,
    encode_keep_alive,
    encode_manual_report,
    encode_picture,
    encode_report,
    encode_resend_request,
    encode_uniform_report,
)
from anlan.monitoring.gateways.sl651.frame import (
    DownFrame,
    UpFrame,
    decode,
    join_packets,
    readings,
)
from tests.gateway.sl651_specimens import BY_NUMBER

SENDER = Sender(center=1, station="0012345678", password="A000", station_class="H")
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
NAMES = [
    name
    for name, kind in KIND_OF_NAME.items()
    if 0 < kind.size < 12 and name not in ("ZT", "DRxnn")
]
MOMENTS = st.integers(0, 100 * 365 * 86_400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=BEIJING) + timedelta(seconds=seconds)
)


def report(*elements, function=0x32, sender=SENDER, sent_at=NOON, observed_at=NOON, serial=7):
    return encode_report(
        function,
        sender=sender,
        serial=serial,
        sent_at=sent_at,
        observed_at=observed_at,
        elements=elements,
    )


def up(data: bytes) -> UpFrame:
    frame = decode(data)
    assert isinstance(frame, UpFrame)
    return frame


def test_a_recorded_timed_report_is_encoded_to_the_byte():
    moment = datetime(2020, 7, 24, 17, 23, 49, tzinfo=BEIJING)
    data = report(
        ReportElement("PJ", 13.0),
        ReportElement("PN05", 4.0),
        ReportElement("Z", 0.55),
        ReportElement("VT", 12.68),
        sender=SENDER._replace(station="0010100001"),
        sent_at=moment,
        observed_at=moment,
        serial=12,
    )
    assert data == BY_NUMBER["S70"]


def test_a_recorded_hourly_report_is_encoded_to_the_byte():
    sent_at = datetime(2024, 2, 27, 9, 0, tzinfo=BEIJING)
    first = datetime(2024, 2, 27, 8, 5, tzinfo=BEIJING)
    data = report(
        HourSeries("DRP", [None] * 7 + [0.0] * 5, first),
        ReportElement("PT", 1.5),
        HourSeries("DRZ1", [None] * 12, first),
        ReportElement("PN05", 0.0),
        ReportElement("PJ", 0.0),
        ReportElement("Z", None),
        ReportElement("VT", 12.15),
        function=0x34,
        sender=Sender(1, "1122334455", "AAAA", "H"),
        sent_at=sent_at,
        observed_at=sent_at,
        serial=4,
    )
    filled = BY_NUMBER["S47"].replace(b"\x39\x23" + b"\xaa" * 4, b"\x39\x23" + b"\xff" * 4)
    assert data[:-2] == filled[:-2]


def test_recorded_confirmations_are_encoded_to_the_byte():
    confirmed = up(BY_NUMBER["S64"])
    sent_at = datetime(2014, 12, 5, 11, 0, 2, tzinfo=BEIJING)
    assert encode_confirmation(confirmed, sent_at=sent_at, stay_online=True) == BY_NUMBER["S65"]
    released = decode(encode_confirmation(confirmed, sent_at=sent_at, stay_online=False))
    assert (released.end, released.serial, released.function) == (0x04, 18, 0x32)


def test_a_recorded_query_is_encoded_to_the_byte():
    data = encode_command(
        0x38,
        station="1122334455",
        center=1,
        password="AAAA",
        serial=3,
        sent_at=datetime(2024, 1, 9, 17, 15, 1, tzinfo=BEIJING),
        parameters=bytes.fromhex("24010916240109170418000005F460"),
    )
    assert data == BY_NUMBER["S41"]


def test_a_recorded_keep_alive_and_manual_entry_are_encoded_to_the_byte():
    moment = datetime(2024, 1, 10, 13, 59, tzinfo=BEIJING)
    sender = Sender(1, "1122334455", "AAAA", "H")
    assert encode_keep_alive(sender=sender, serial=2, sent_at=moment) == BY_NUMBER["S43"]
    manual = encode_manual_report(
        " PJ 02 ",
        sender=Sender(1, "6688668866", "AAAA", "H"),
        serial=5,
        sent_at=datetime(2024, 1, 5, 15, 18, 5, tzinfo=BEIJING),
    )
    assert manual == BY_NUMBER["S48"]


def test_a_keep_alive_is_not_answered():
    with pytest.raises(ValueError, match="keep-alive"):
        encode_confirmation(up(BY_NUMBER["S43"]), sent_at=NOON, stay_online=True)


def test_an_ascii_report_is_answered_in_ascii():
    answer = decode(encode_confirmation(up(BY_NUMBER["S74"]), sent_at=NOON, stay_online=True))
    assert isinstance(answer, DownFrame)
    assert (answer.encoding, answer.station, answer.center) == ("ASCII", "5010123456", 1)
    assert (answer.serial, answer.sent_at, answer.end) == (1, NOON, 0x1B)


def test_packets_are_confirmed_once_or_asked_for_again():
    last = up(BY_NUMBER["S36"])
    with pytest.raises(ValueError, match="first packet"):
        encode_confirmation(last, sent_at=NOON, stay_online=True)
    answer = decode(encode_confirmation(last, sent_at=NOON, stay_online=True, serial=5))
    assert (answer.packets, answer.number, answer.serial) == (13, 13, 5)
    again = decode(encode_resend_request(last, packet=4, serial=5, sent_at=NOON))
    assert (again.packets, again.number, again.end) == (13, 4, 0x15)
    with pytest.raises(ValueError, match="packet"):
        encode_resend_request(last, packet=14, serial=5, sent_at=NOON)


@given(st.binary(max_size=3000), st.integers(100, 2000))
def test_a_picture_survives_its_packets(picture, part_size):
    packets = encode_picture(
        picture, sender=SENDER, serial=9, sent_at=NOON, observed_at=NOON, part_size=part_size
    )
    joined = join_packets([up(packet) for packet in packets])
    assert joined.observations[0].elements[0].raw == picture
    assert joined.serial == 9


@given(
    MOMENTS,
    st.integers(1, 65535),
    st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 10**3 - 1) | st.none()), max_size=8),
)
def test_a_report_decodes_to_what_was_encoded(moment, serial, drawn):
    elements = []
    for name, digits in drawn:
        kind = KIND_OF_NAME[name]
        small = None if digits is None else digits % 10 ** min(kind.digits, 3)
        elements.append(ReportElement(name, small and small / 10**kind.decimals))
    frame = up(report(*elements, sent_at=moment, observed_at=moment, serial=serial))
    assert (frame.serial, frame.sent_at, frame.station) == (serial, moment, "0012345678")
    found = readings(frame)
    assert [(r.element, r.value) for r in found] == [(e.name, e.value) for e in elements]
    assert all(r.observed_at == moment.replace(second=0) for r in found)


@given(st.integers(1, 7), st.integers(0, 7), st.data())
def test_a_number_survives_its_digits(size, decimals, data):
    digits = data.draw(st.integers(-(10 ** (2 * size - 2)) + 1, 10 ** (2 * size) - 1))
    value = digits / 10**decimals
    written = bytes.fromhex(write_number(value, size=size, decimals=decimals))
    assert len(written) == size
    assert read_number(written, decimals=decimals) == value


def test_a_negative_number_takes_a_byte_for_its_sign():
    (reading,) = readings(up(report(ReportElement("AI", -12.3))))
    assert reading.value == -12.3


def test_sizes_and_decimals_may_be_given():
    data = report(ReportElement("Z", 1.23, size=3, decimals=2))
    assert bytes.fromhex("391A000123") in data


@given(
    st.lists(st.integers(0, 254) | st.none(), min_size=12, max_size=12),
    st.lists(st.integers(0, 65534) | st.none(), min_size=12, max_size=12),
)
def test_an_hour_of_values_survives(rain, levels):
    first = NOON - timedelta(minutes=55)
    frame = up(
        report(
            HourSeries("DRP", [v if v is None else v / 10 for v in rain], first),
            HourSeries("DRZ2", [v if v is None else v / 100 for v in levels], first),
            function=0x34,
        )
    )
    found = [r for r in readings(frame) if r.element == "PN05"]
    assert [r.value for r in found] == [v if v is None else v / 10 for v in rain]
    assert (found[0].observed_at, found[-1].observed_at) == (first, NOON)
    level = [r.value for r in readings(frame) if r.element == "DRZ2"]
    assert level == [v if v is None else v / 100 for v in levels]


def test_a_uniform_report_survives():
    data = encode_uniform_report(
        sender=SENDER,
        serial=3,
        sent_at=NOON,
        observed_at=NOON - timedelta(hours=2),
        step="000100",
        name="Z",
        values=[480.125, None, 481.0],
    )
    assert [(r.observed_at, r.value) for r in readings(up(data))] == [
        (NOON - timedelta(hours=2), 480.125),
        (NOON - timedelta(hours=1), None),
        (NOON, 481.0),
    ]


def test_times_are_written_in_beijing_time():
    utc = NOON.astimezone(ZoneInfo("UTC"))
    assert report(ReportElement("Z", 1.0), sent_at=utc, observed_at=utc) == report(
        ReportElement("Z", 1.0)
    )
    with pytest.raises(ValueError, match="zone"):
        report(ReportElement("Z", 1.0), sent_at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("element", "error"),
    [
        (ReportElement("XYZ", 1.0), ValueError),
        (ReportElement("VT", 100.0), OverflowError),
        (HourSeries("DRP", [25.5] + [0.0] * 11, NOON), OverflowError),
        (HourSeries("DRP", [0.0] * 11, NOON), ValueError),
        (HourSeries("Z", [0.0] * 12, NOON), ValueError),
    ],
)
def test_what_has_no_form_is_refused(element, error):
    with pytest.raises(error):
        report(element)
    with pytest.raises(ValueError, match="no report of numbers"):
        report(function=0x2F)
    with pytest.raises(ValueError, match="station class"):
        report(sender=SENDER._replace(station_class="?"))
