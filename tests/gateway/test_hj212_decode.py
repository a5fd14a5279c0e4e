"""HJ 212 messages are decoded as recorded, and nothing but whole, sound ones is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anlan.monitoring.gateways.hj212.document import as_document
from anlan.monitoring.gateways.hj212.encode import seal
from anlan.monitoring.gateways.hj212.errors import (
    BadCrc,
    BadEnd,
    BadField,
    BadLength,
    BadStart,
    BadText,
    BadTime,
    FrameError,
    Truncated,
)
from anlan.monitoring.gateways.hj212.frame import checksum, decode
from tests.gateway.hj212_specimens import BY_NAME, DAMAGED, SOUND

HEAD = "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;"


def sealed(text, *, head=HEAD):
    return seal(f"{head}CP=&&{text}&&".encode())


def test_the_checksum_is_the_standards():
    assert checksum(b"123456789") == 0x2F80


def test_a_message_of_the_2005_form():
    assert as_document(decode(BY_NAME["J01"])) == {
        "crc_ok": True,
        "length": 139,
        "request": None,
        "system": "32",
        "command": 2011,
        "station": "LD130133000015",
        "password": "123456",
        "flag": None,
        "version": 0,
        "asks_answer": False,
        "items": [
            {"DataTime": "20160824003817000"},
            {"B01-Rtd": "36.91"},
            {"011-Rtd": "231.0", "011-Flag": "N"},
            {"060-Rtd": "1.803", "060-Flag": "N"},
        ],
    }


def test_a_command_of_the_2017_form():
    frame = decode(BY_NAME["J02"])
    assert (frame.request, frame.command) == ("20160801085857223", 1062)
    assert (frame.version, frame.asks_answer) == (1, True)
    assert frame.items == ((("RtdInterval", "30"),),)


def test_an_empty_data_area():
    frame = decode(BY_NAME["J03"])
    assert (frame.command, frame.items, frame.asks_answer) == (9021, (), True)


def test_a_later_version_and_a_lower_case_checksum():
    assert decode(BY_NAME["K02"]).version == 2


@pytest.mark.parametrize("data", DAMAGED)
def test_a_recorded_message_with_a_wrong_checksum_is_refused(data):
    with pytest.raises(BadCrc):
        decode(data)


@given(st.sampled_from(SOUND), st.data())
def test_what_is_cut_short_is_truncated(frame, data):
    with pytest.raises(Truncated):
        decode(frame[: data.draw(st.integers(0, len(frame) - 1))])


@given(st.sampled_from(SOUND), st.data())
def test_one_wrong_byte_is_refused_or_is_the_case_of_the_checksum(frame, data):
    at = data.draw(st.integers(0, len(frame) - 1))
    damaged = bytearray(frame)
    damaged[at] ^= data.draw(st.integers(1, 255))
    if frame.upper() == bytes(damaged).upper() and at >= len(frame) - 6:
        assert decode(bytes(damaged)) == decode(frame)
    else:
        with pytest.raises(FrameError):
            decode(bytes(damaged))


@given(st.binary(max_size=80))
@example(b"##\xb2\xb2\xb2\xb2")
@example(b"##0000FFFF\r\n")
def test_any_bytes_are_a_message_or_a_frame_error(data):
    reasons = set()
    for candidate in (data, b"##" + data, seal(data)):
        try:
            decode(candidate)
        except FrameError as error:
            reasons.add(error.reason)
    assert "invalid" not in reasons


@given(st.text(alphabet="DataTime=-Rtd;,&/.0123 \xe9\u6c34N", max_size=60))
def test_any_data_area_under_a_right_checksum_is_read_or_refused(area):
    try:
        frame = decode(sealed(area))
    except FrameError:
        return
    assert as_document(frame)["command"] == 2011


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"#!0000", BadStart),
        (b"##00x0", BadLength),
        (b"##1025" + bytes(1031), BadLength),
        (BY_NAME["J03"] + b"\n", BadLength),
        (BY_NAME["J03"][:-2] + b"\n\n", BadEnd),
        (seal(b"ST=32;CN=2011;MN=1"), BadField),
        (seal(b"ST=32;CN=2011;MN=1CP=&&&&"), BadField),
        (seal(b"ST=32;CN=2011;CP=&&&&"), BadField),
        (seal(b"ST=32;CN=x;MN=1;CP=&&&&"), BadField),
        (seal(b"ST=32;ST=32;CN=2011;MN=1;CP=&&&&"), BadField),
        (seal(b"ST=32;CN=2011;MN=1;Flag=256;CP=&&&&"), BadField),
        (seal(b"ST=32;CN=2011;MN=1;Flag=6;CP=&&&&"), BadField),
        (seal(b"ST=32;CN=2011;MN=1;Flag=6;PNUM=2;PNO=3;CP=&&&&"), BadField),
        (seal(b"ST=32;CN=2011;MN=1;Flag=6;PNUM=2;CP=&&&&"), BadField),
        (seal(b"ST=32;CN=2011;MN=1\n;CP=&&&&"), BadText),
        (seal(b"ST=32;CN=2011;MN=1;CP=&&a-Info=//\xff//&&"), BadText),
        (sealed("DataTime=20160230000000"), BadTime),
        (sealed("DataTime=2016"), BadTime),
        (sealed("w01018"), BadField),
        (sealed("w01018-Rtd=1=2"), BadField),
        (sealed("DataTime=20160801085857;w01018-Rtd=1;w01018-Rtd=2"), BadField),
    ],
)
def test_a_fault_is_refused_by_its_name(data, error):
    with pytest.raises(error):
        decode(data)


def test_a_log_text_may_hold_the_signs_of_the_grammar():
    frame = decode(sealed("DataTime=20160801085857;i11001-Info=//清洗;管路,=//;i12001-Info=1"))
    assert [dict(item) for item in frame.items][1:] == [
        {"i11001-Info": "//清洗;管路,=//"},
        {"i12001-Info": "1"},
    ]


def test_blanks_and_empty_parts_of_the_data_area_mean_nothing():
    frame = decode(sealed(" ; DataTime = 20160801085857 ;;w01018-Rtd=1,;"))
    assert frame.items == ((("DataTime", "20160801085857"),), (("w01018-Rtd", "1"),))
