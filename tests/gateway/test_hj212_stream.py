"""A link's bytes become messages and faults, and damage never stops it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.hj212.frame import OVERHEAD, decode
from anlan.monitoring.gateways.hj212.stream import Fault, FrameStream
from tests.gateway.hj212_specimens import BY_NAME, DAMAGED, SOUND

LAST = BY_NAME["J02"]
CUTS = st.lists(st.integers(0, 5000), max_size=20)


def fed(data, *, cuts=()):
    """Return what a stream gives for the data cut into chunks, with its end."""
    stream = FrameStream()
    found = []
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, stop in pairwise(places):
        found += stream.feed(data[start:stop])
    return found + stream.close()


@given(st.lists(st.sampled_from(SOUND), max_size=6), CUTS)
def test_sound_messages_pass_however_they_are_cut(sent, cuts):
    assert fed(b"".join(sent), cuts=cuts) == [decode(data) for data in sent]


@given(st.lists(st.sampled_from(SOUND + DAMAGED) | st.binary(max_size=60), max_size=8), CUTS)
def test_no_byte_is_lost_or_doubled(pieces, cuts):
    data = b"".join(pieces)
    sizes = [
        len(item.data) if isinstance(item, Fault) else item.length + OVERHEAD
        for item in fed(data, cuts=cuts)
    ]
    assert sum(sizes) == len(data)


@given(st.sampled_from(SOUND), st.data())
def test_the_message_after_a_damaged_one_is_read(frame, data):
    damaged = bytearray(frame)
    damaged[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 127))
    assert fed(bytes(damaged) + LAST)[-1] == decode(LAST)


@given(st.sampled_from(SOUND), st.data())
def test_the_message_after_a_truncated_one_is_read_at_once(frame, data):
    size = data.draw(st.integers(1, len(frame) - 1))
    stream = FrameStream()
    found = stream.feed(frame[:size]) + stream.feed(LAST)
    assert found[-1] == decode(LAST)
    assert b"".join(item.data for item in found if isinstance(item, Fault)) == frame[:size]


def test_the_recorded_messages_in_one_stream():
    found = fed(b"".join(BY_NAME.values()), cuts=range(0, 5000, 37))
    assert [item for item in found if not isinstance(item, Fault)] == [decode(d) for d in SOUND]
    assert {item.reason for item in found if isinstance(item, Fault)} == {"bad-crc"}


def test_noise_and_unusable_messages_are_faults():
    unusable = b"##0000FFFF\r\n"
    found = fed(b"\r\nOK" + LAST + b"###" + unusable + LAST)
    assert [item.reason if isinstance(item, Fault) else item.command for item in found] == [
        "bad-start",
        1062,
        "bad-start",
        "bad-field",
        1062,
    ]


def test_what_the_end_of_a_link_cuts_is_a_fault():
    stream = FrameStream()
    assert stream.feed(LAST[:-1]) == []
    assert [fault.reason for fault in stream.close() if isinstance(fault, Fault)] == ["truncated"]
    assert stream.close() == []


@given(st.lists(st.binary(max_size=3000) | st.just(b"##1024" * 200), max_size=6))
def test_the_memory_is_bounded_by_one_message(chunks):
    stream = FrameStream()
    for chunk in chunks:
        stream.feed(chunk)
        assert len(stream._waiting) <= 1036
