"""SZY 206 frames are decoded as recorded, and what is not certain is refused by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.szy206.document import as_document
from anlan.monitoring.gateways.szy206.encode import seal
from anlan.monitoring.gateways.szy206.errors import (
    BadAddress,
    BadBcd,
    BadCrc,
    BadData,
    BadEnd,
    BadLength,
    BadStart,
    BadTime,
    FrameError,
    NotSpoken,
    Truncated,
)
from anlan.monitoring.gateways.szy206.frame import DownFrame, UpFrame, checksum, decode
from tests.gateway.szy206_specimens import BY_NAME, REFUSED, SOUND

STATION = "5303810D00"
SHORT = "004508090A"
LONG = "00000014110723"


def up(data, *, kind=3, function=0xC0, station=STATION, control=None):
    """Return a frame of a station; its data in hex."""
    return seal(
        bytes.fromhex(data),
        control=0xB0 | kind if control is None else control,
        station=station,
        function=function,
    )


def test_the_checksum_is_the_one_of_the_sources():
    assert checksum(b"123456789") == 0xF7
    assert checksum(bytes((0, 1, 2))) == 0xA6


def test_a_recorded_frame():
    assert as_document(decode(BY_NAME["A"])) == {
        "crc_ok": True,
        "direction": "up",
        "station": "5303810D00",
        "func": "C0",
        "kind": 3,
        "counter": 3,
        "label": "09 08:45:00",
        "delay": 10,
        "alarm": 0x1001,
        "alarms": ["mains off", "remaining water"],
        "state": 0x0060,
        "elements": [
            {"element": "SZY-FLOW", "value": 5.9, "unit": ""},
            {"element": "SZY-VOLUME", "value": 106182.0, "unit": "m3"},
        ],
    }


@pytest.mark.parametrize(
    ("name", "values", "label"),
    [
        ("B", [0.0, 8.0], "28 17:57:00"),
        ("C", [0.584, 0.0], "14 16:00:00"),
        ("D", [0.003, 1.0], "2023-07-11 14:00:00"),
    ],
)
def test_the_values_of_the_other_recorded_frames(name, values, label):
    document = as_document(decode(BY_NAME[name]))
    assert [element["value"] for element in document["elements"]] == values
    assert document["label"] == label


def test_the_long_label_goes_with_a_unit_of_the_flow():
    frame = decode(BY_NAME["D"])
    assert isinstance(frame, UpFrame)
    assert frame.numbers[0].unit == "m3/s"
    assert frame.alarms == ("mains off", "flow meter fault", "pump")


@pytest.mark.parametrize(
    ("kind", "data", "numbers"),
    [
        (1, "563412", [("SZY-RAIN", 12345.6)]),
        (2, "563412F0563412 00", [("Z", -123.456), ("Z.2", 123.456)]),
        (4, "AAAAAA", [("VJ", None)]),
        (4, "5634F1", [("VJ", -13.456)]),
        (5, "563402", [("GH", 234.56)]),
        (6, "563412", [("SZY-POWER", 123456.0)]),
        (7, "131000", [("FL", 1013.0)]),
        (8, "341253", [("US", 312.34), ("SZY-WDIR", 5.0)]),
        (8, "AAAAAA", [("US", None), ("SZY-WDIR", None)]),
        (9, "5602", [("C", 25.6)]),
        (11, "5602", [("SZY-SOIL", 25.6)]),
        (12, "563402", [("SZY-EVAP", 2345.6)]),
        (13, "", []),
        (14, "01560000", [("PN05", 5.6)]),
        (14, "0C560000", [("P1", 5.6)]),
        (14, "42560000", [("P2", 5.6)]),
        (14, "03560000", [("SZY-RAIN-15M", 5.6)]),
        (14, "45560000", [("SZY-RAIN-5H", 5.6)]),
        (14, "81560000", [("SZY-RAIN-1D", 5.6)]),
        (14, "C0560000", [("SZY-RAIN-TEST", 5.6)]),
        (15, "5634120000000000", [("WP1", 1234.56), ("WP2", 0.0)]),
        (3, "AAAAAAAAAA5634120080", [("SZY-FLOW", None), ("SZY-VOLUME", -123456.0)]),
        (3, "56341200F05634120070", [("SZY-FLOW", -123.456), ("SZY-VOLUME", 7000123456.0)]),
    ],
)
def test_the_layout_of_every_kind(kind, data, numbers):
    frame = decode(up(f"{data} 0000 0000 {SHORT}", kind=kind))
    assert isinstance(frame, UpFrame)
    assert [(number.element, number.value) for number in frame.numbers] == numbers


def test_an_alarm_report_has_its_alarm_word_first_and_flows_alone():
    frame = decode(up(f"0400 0059000000 0159000000 6000 {SHORT}", function=0x81))
    assert isinstance(frame, UpFrame)
    assert (frame.alarms, frame.state) == (("level limit",), 0x60)
    assert [number.value for number in frame.numbers] == [5.9, 5.901]


@pytest.mark.parametrize(("word", "unit"), [("00", "m3/s"), ("30", "m3/h"), ("F0", "m3/h")])
def test_a_flow_of_slt_427_names_its_unit(word, unit):
    frame = decode(up(f"56341200{word} 0000000000 00000000 {LONG}"))
    assert isinstance(frame, UpFrame)
    assert frame.numbers[0].unit == unit
    assert frame.numbers[0].value == (-123.456 if word == "F0" else 123.456)


@pytest.mark.parametrize(
    ("word", "name"), [("F0", "login"), ("F1", "logout"), ("F2", "keep-alive")]
)
def test_a_link_test(word, name):
    assert as_document(decode(up(word, function=2, kind=0)))["link"] == name


def test_a_downward_frame_keeps_its_data():
    frame = decode(up("00", control=0x30))
    assert frame == DownFrame(STATION, 3, 0, 0xC0, b"\x00")
    assert as_document(frame)["data"] == "00"


@pytest.mark.parametrize("data", REFUSED)
def test_a_recorded_frame_that_is_damaged_or_doubtful_is_refused(data):
    with pytest.raises(FrameError):
        decode(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\x68\x07\x69", BadStart),
        (b"\x69", BadStart),
        (b"\x68\x06\x68", BadLength),
        (BY_NAME["A"] + b"\x16", BadLength),
        (BY_NAME["A"][:-1] + b"\x17", BadEnd),
        (BY_NAME["A"][:-2] + b"\x00\x16", BadCrc),
        (up(f"563412 00000000 {SHORT}", kind=1, station="5A03810D00"), BadAddress),
        (up(f"563412 00000000 {SHORT}", kind=1, station="5303810000"), BadAddress),
        (up(f"563412 00000000 {SHORT}", kind=1, station="530381FFFF"), BadAddress),
        (up("F3", function=2), BadData),
        (up("F0F0", function=2), BadData),
        (up(f"5634 00000000 {SHORT}", kind=1), BadData),
        (up(f"341293 00000000 {SHORT}", kind=8), BadData),
        (up(f"56341A 00000000 {SHORT}", kind=1), BadBcd),
        (up(f"FFFFFF 00000000 {SHORT}", kind=1), BadBcd),
        (up(f"00000010 00000000 {SHORT}", kind=2), BadBcd),
        (up(f"563412 00000000 {SHORT}", kind=5), BadBcd),
        (up("563412 00000000 004508320A", kind=1), BadTime),
        (up("563412 00000000 0A4508090A", kind=1), BadTime),
        (up("563412 00000000 00000029022300", kind=1), BadTime),
        (up(f"5634120010 0000000000 00000000 {LONG}"), BadData),
        (up(f"0000000000 0000000080 00000000 {LONG}"), BadBcd),
        (up(f"00000000000000 00000000 {SHORT}", kind=10), NotSpoken),
        (up(f"563412 00000000 {SHORT}", kind=0), NotSpoken),
        (up(f"563412 00000000 {LONG}", kind=8), NotSpoken),
        (up(f"00560000 00000000 {SHORT}", kind=14), NotSpoken),
        (up(f"0000 01560000 0000 {SHORT}", kind=14, function=0x81), NotSpoken),
        (up("00 0000 0000 0001 0101 0900 00", kind=9), FrameError),
        (up("00", function=0x83), NotSpoken),
        (up("00", function=0x10), NotSpoken),
        (up("0000", control=0xF3), NotSpoken),
    ],
)
def test_a_fault_is_refused_by_its_name(data, error):
    with pytest.raises(error):
        decode(data)


def test_a_report_that_two_labels_fit_is_refused():
    values, words = "5602 0201", "0000 0000"
    assert isinstance(decode(up(f"{values} {words} {SHORT}", kind=9)), UpFrame)
    with pytest.raises(NotSpoken):
        decode(up(f"{values} {words} 0001010101", kind=9))


@given(st.sampled_from(SOUND), st.data())
def test_what_is_cut_short_is_truncated(frame, data):
    with pytest.raises(Truncated):
        decode(frame[: data.draw(st.integers(0, len(frame) - 1))])


@given(st.sampled_from(SOUND), st.data())
def test_one_wrong_byte_is_refused(frame, data):
    damaged = bytearray(frame)
    damaged[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FrameError):
        decode(bytes(damaged))


@given(
    st.binary(max_size=60),
    st.integers(0, 255),
    st.sampled_from((2, 0x81, 0xC0)) | st.integers(0, 255),
)
def test_any_bytes_are_a_frame_or_a_frame_error(data, control, function):
    sealed = seal(data, control=control, station=STATION, function=function)
    labelled = seal(
        data + bytes.fromhex(SHORT), control=control, station=STATION, function=function
    )
    for candidate in (data, b"\x68" + data, sealed, labelled):
        try:
            frame = decode(candidate)
        except FrameError as error:
            shown = {"reason": error.reason, "text": str(error)}
        else:
            shown = as_document(frame)
        assert shown
