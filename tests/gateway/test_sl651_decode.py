"""Recorded frames decode to what was recorded; damaged ones are refused."""

from datetime import datetime, timedelta

import pytest
from fastcrc import crc16
from hypothesis import example, given
from hypothesis import strategies as st

from anlan.monitoring.gateways.sl651.codes import BEIJING
from anlan.monitoring.gateways.sl651.document import as_document
from anlan.monitoring.gateways.sl651.errors import (
    BadBcd,
    BadCrc,
    BadElement,
    BadEnd,
    BadHeader,
    BadLength,
    BadText,
    BadTime,
    FrameError,
    Truncated,
    UnknownFunction,
)
from anlan.monitoring.gateways.sl651.frame import UpFrame, decode, join_packets, readings
from tests.gateway.sl651_specimens import BY_NUMBER, DOCUMENTS, FRAMES, SOUND


def sealed(body: str, *, function: str = "32", head: str = "7E7E010012345678A000") -> bytes:
    """Return an upward frame with a right length and checksum around a body in hex."""
    data = bytes.fromhex(f"{head}{function}{len(body) // 2:04X}02{body}03")
    return data + crc16.modbus(data).to_bytes(2, "big")


def sealed_text(body: str, *, function: str = "32") -> bytes:
    """Return an upward ASCII-coded frame with a right length and checksum around a body."""
    data = f"\x01015010123456A000{function}{len(body):04X}\x02{body}\x03".encode("ascii")
    return data + f"{crc16.modbus(data):04X}".encode("ascii")


def up(data: bytes) -> UpFrame:
    frame = decode(data)
    assert isinstance(frame, UpFrame)
    return frame


OPENING = "0001260701080000F1F1001234567848F0F02607010800"


@pytest.mark.parametrize(
    ("document", "frame"),
    list(zip(DOCUMENTS, FRAMES, strict=True)),
    ids=[d["n"] for d in DOCUMENTS],
)
def test_a_recorded_frame_gives_its_recorded_document(document, frame):
    if document["crc_ok"]:
        assert {"n": document["n"], **as_document(decode(frame))} == document
    else:
        with pytest.raises(BadCrc) as refused:
            decode(frame)
        assert refused.value.reason == "bad-crc"
        assert refused.value.offset == len(frame) - 2
        assert refused.value.data == frame[-2:]


def test_there_are_75_specimens_and_seven_are_damaged():
    assert len(FRAMES) == 75
    assert len(SOUND) == 68


@given(st.sampled_from(SOUND), st.data())
def test_a_truncated_frame_is_refused(frame, data):
    size = data.draw(st.integers(0, len(frame) - 1))
    with pytest.raises(FrameError):
        decode(frame[:size])


@given(st.sampled_from(SOUND), st.data())
def test_a_frame_with_one_wrong_byte_is_refused(frame, data):
    at = data.draw(st.integers(0, len(frame) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != frame[at]))
    if frame[0] == 1 and at >= len(frame) - 4 and chr(byte).upper() == chr(frame[at]):
        return  # the checksum of an ASCII-coded frame reads the same in small letters
    with pytest.raises(FrameError):
        decode(frame[:at] + bytes((byte,)) + frame[at + 1 :])


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"~~", b"\x01", b"\x010150101234560000320010"])
)
@example(b"", b"")
def test_random_bytes_raise_nothing_but_frame_errors(noise, start):
    with pytest.raises(FrameError):
        decode(start + noise)


@given(st.binary(max_size=120), st.sampled_from([f"{code:02X}" for code in range(256)]))
def test_any_body_under_a_right_checksum_decodes_or_is_refused(body, function):
    for content in (body.hex(), OPENING + body.hex()):
        try:
            frame = up(sealed(content, function=function))
        except FrameError:
            continue
        as_document(frame)
        readings(frame)


@given(
    st.text(st.sampled_from("0123456789ABCFMSTZDRPHNVIGQ. -+"), max_size=60),
    st.sampled_from(["31", "32", "34", "35", "38", "45"]),
)
def test_any_text_under_a_right_checksum_decodes_or_is_refused(text, function):
    opening = "0001260909080000ST 5010123456 H TT 2609090800 "
    for content in (text, opening + text):
        try:
            frame = up(sealed_text(content, function=function))
        except FrameError:
            continue
        as_document(frame)
        readings(frame)


@pytest.mark.parametrize(
    ("group", "value"),
    [
        ("0319FF0123", -12.3),
        ("39230000AB00", None),
        ("3923AAAAAAAA", None),
        ("3923FFFFFFFF", None),
        ("391A000123", 1.23),
        ("4520FFFFFF7F", float(0xFFFFFF7F)),
    ],
)
def test_one_element(group, value):
    if group == "39230000AB00":
        with pytest.raises(BadBcd) as refused:
            decode(sealed(OPENING + group))
        assert refused.value.data == bytes.fromhex("0000AB00")
        return
    (observation,) = up(sealed(OPENING + group)).observations
    assert observation.elements[0].value == value


def test_a_vendor_float_is_kept_as_bytes():
    (observation,) = up(sealed(OPENING + "872041C80000" + "FFA0110288")).observations
    vendor, user = observation.elements
    assert (vendor.code, vendor.name, vendor.raw.hex()) == ("87", None, "41c80000")
    assert vendor.value is None
    assert (user.code, user.value) == ("FFA0", 28.8)


@pytest.mark.parametrize(
    ("body", "function", "error"),
    [
        (OPENING + "3923000001", "32", BadLength),
        (OPENING + "3900", "32", BadLength),
        (OPENING + "FE080000", "32", BadElement),
        (OPENING + "F4580000000000000000000000", "34", BadLength),
        ("0001260701080000F1F10012345678482219000010", "32", BadElement),
        ("0001260701080000F1F100123456787F", "32", BadElement),
        ("0001260701080000F1F200123456784800", "32", BadElement),
        ("0001261301080000", "32", BadTime),
        ("00012607010800", "32", BadLength),
        ("0001260701080000", "3B", UnknownFunction),
        (OPENING + "041800000522190000100000", "31", BadLength),
    ],
)
def test_a_body_against_the_standard_is_refused(body, function, error):
    with pytest.raises(error):
        decode(sealed(body, function=function))


def test_each_damage_has_its_name():
    frame = BY_NUMBER["S02"]
    with pytest.raises(Truncated):
        decode(frame[:-1])
    with pytest.raises(BadLength):
        decode(frame + b"\x00")
    down_end = frame[:-3] + b"\x1b"
    with pytest.raises(BadEnd):
        decode(down_end + crc16.modbus(down_end).to_bytes(2, "big"))
    with pytest.raises(BadHeader, match="direction"):
        decode(frame[:11] + b"\x40" + frame[12:])
    assert "bad-crc at byte" in str(BadCrc("checksum mismatch", offset=3, data=b"\x01"))


def test_the_picture_comes_together_from_its_packets():
    packets = [up(BY_NUMBER[f"S{number}"]) for number in range(24, 37)]
    joined = join_packets(packets[::-1])
    picture = joined.observations[0].elements[0]
    assert picture.name == "PIC"
    assert picture.raw[:4] == b"\xff\xd8\xff\xe0"
    assert picture.raw[:-2].endswith(b"\xff\xd9")  # the device sends two bytes behind the end
    assert len(picture.raw) == 256 * 12 + 241
    with pytest.raises(BadHeader):
        join_packets(packets[:5] + packets[6:])
    with pytest.raises(BadHeader):
        join_packets([])


def minutes(frame: UpFrame, name: str) -> list[tuple[str, float | None]]:
    return [
        (reading.observed_at.strftime("%d %H:%M"), reading.value)
        for reading in readings(frame)
        if reading.element == name
    ]


def test_readings_carry_station_time_and_unit():
    found = readings(up(BY_NUMBER["S38"]))
    assert [(r.element, r.value, r.unit) for r in found] == [
        ("PN05", 0.0, "mm"),
        ("PJ", 3.5, "mm"),
        ("Z", None, "m"),
        ("FF11", 0.008, ""),
        ("VT", 12.44, "V"),
    ]
    assert {r.station for r in found} == {"1122334455"}
    assert {r.observed_at for r in found} == {datetime(2024, 1, 9, 15, 30, tzinfo=BEIJING)}
    assert found[0].observed_at.utcoffset() == timedelta(hours=8)


def test_an_hour_stamped_with_its_first_five_minutes():
    found = minutes(up(BY_NUMBER["S05"]), "PN05")
    assert found[0] == ("18 10:05", 0.5)
    assert found[4] == ("18 10:25", 2.0)
    assert found[5] == ("18 10:30", None)
    assert found[-1] == ("18 11:00", 0.0)
    assert [reading.element for reading in readings(up(BY_NUMBER["S05"]))].count("DRZ1") == 12


def test_an_hour_stamped_in_its_middle_leaves_the_future_out():
    found = minutes(up(BY_NUMBER["S57"]), "PN05")
    assert [time for time, _ in found] == [f"26 09:{m:02d}" for m in range(5, 35, 5)]
    assert {value for _, value in found} == {0.0}


def test_an_hour_stamped_on_the_hour_is_the_hour_before():
    frame = up(sealed(OPENING + "F460" + "01" * 12, function="34"))
    assert [time for time, _ in minutes(frame, "PN05")][::11] == ["01 07:05", "01 08:00"]


def test_a_uniform_series_steps_from_its_first_value():
    series = "0001260701110000F1F1001234567848F0F02607010800" + "0418000100" + "3923"
    frame = up(sealed(series + "00001000" + "FFFFFFFF" + "00001200", function="31"))
    assert minutes(frame, "Z") == [("01 08:00", 1.0), ("01 09:00", None), ("01 10:00", 1.2)]
    assert as_document(frame)["values"] == [1.0, None, 1.2]


def test_the_status_answer_reads_as_its_alarm_word():
    (reading,) = readings(up(BY_NUMBER["S17"]))
    assert (reading.element, reading.value) == ("ZT", 0x400)
    assert reading.observed_at == datetime(2017, 7, 18, 10, 20, 8, tzinfo=BEIJING)


def test_several_stations_in_one_report():
    second = "F1F10012345679" + "50" + "F0F02607010755" + "2219000031"
    frame = up(sealed(OPENING + "2219000010" + second))
    assert [(r.station, r.value, r.observed_at.minute) for r in readings(frame)] == [
        ("0012345678", 1.0, 0),
        ("0012345679", 3.1, 55),
    ]


def test_text_bodies():
    opening = "0001260909110000ST 5010123456 H TT 2609090800 "
    frame = up(sealed_text(opening + "DRH01 Z 6.38 M 6.40 ", function="31"))
    assert minutes(frame, "Z") == [("09 08:00", 6.38), ("09 09:00", None), ("09 10:00", 6.4)]
    frame = up(
        sealed_text(opening + "DRP 0500000014FFFFFFFFFF0000 ZT 00000400 XY 7 ", function="34")
    )
    assert minutes(frame, "PN05")[4] == ("09 07:25", 2.0)
    assert minutes(frame, "ZT") == [("09 08:00", 1024.0)]
    assert minutes(frame, "XY") == [("09 08:00", 7.0)]
    frame = up(sealed_text("0001260909110000RGZS Q 1.234", function="35"))
    assert as_document(frame)["elements"] == [{"id": "RGZS", "raw_len": 7, "text": "Q 1.234"}]
    with pytest.raises(BadText):
        decode(sealed_text(opening + "Z 6.38"))
    with pytest.raises(BadText):
        decode(sealed_text(opening + "Z six "))
