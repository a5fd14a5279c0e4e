"""What is encoded as an HJ 212 message is decoded to the same values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.hj212.encode import encode, message
from anlan.monitoring.gateways.hj212.errors import BadField, BadLength
from anlan.monitoring.gateways.hj212.frame import Field, decode
from tests.gateway.hj212_specimens import BY_NAME, SOUND

NAMES = st.from_regex(r"[a-z][0-9]{5}-(?:Rtd|Avg|Min|Max|Cou|Flag|EFlag)", fullmatch=True)
TEXTS = st.text(alphabet="0123456789.-NDFabc+", max_size=8)
LOGS = st.text(alphabet="水位;,=ab 1", max_size=8).map(lambda text: f"//{text}//")


@st.composite
def messages(draw):
    pairs = draw(
        st.lists(st.tuples(NAMES, TEXTS | LOGS), max_size=12, unique_by=lambda pair: pair[0])
    )
    items = []
    while pairs:
        size = draw(st.integers(1, len(pairs)))
        items.append(pairs[:size])
        pairs = pairs[size:]
    packets = draw(st.integers(1, 9))
    split = draw(st.booleans())
    return message(
        items,
        system=draw(st.sampled_from(("21", "22", "31", "32", "91"))),
        command=draw(st.integers(1000, 9999)),
        station=draw(st.from_regex(r"[0-9A-Z]{14}|[0-9A-F]{24}", fullmatch=True)),
        request=draw(st.none() | st.from_regex(r"[0-9]{17}", fullmatch=True)),
        password=draw(st.just("") | st.from_regex(r"[0-9A-Za-z]{6}", fullmatch=True)),
        flag=draw(st.sampled_from((2, 3, 6, 7) if split else (None, 0, 1, 4, 5, 8, 9))),
        packet=(packets, draw(st.integers(1, packets))) if split else None,
    )


@given(messages())
def test_a_message_is_decoded_to_what_was_encoded(frame):
    assert decode(encode(frame)) == frame


@pytest.mark.parametrize("data", SOUND)
def test_a_recorded_message_is_encoded_to_its_bytes(data):
    assert encode(decode(data)).upper() == data.upper()


@pytest.mark.parametrize("value", ["1;2", "1,2", "a=b", "&&", "\r", "//a//,//", " 1", "//&&//"])
def test_a_value_that_would_break_the_grammar_is_refused(value):
    with pytest.raises(BadField):
        message([[("w01018-Rtd", value)]], system="32", command=2011, station="1")


def test_a_segment_over_1024_bytes_is_refused():
    items = [[(f"w{number:05d}-Rtd", "1234567.890")] for number in range(50)]
    with pytest.raises(BadLength):
        message(items, system="32", command=2011, station="1")


def test_header_fields_of_other_makers_are_kept():
    frame = decode(BY_NAME["K04"])._replace(extras=(Field("CmdFlag", "1"),))
    again = decode(encode(frame))
    assert again.extras == (("CmdFlag", "1"),)
    assert again.command == frame.command
