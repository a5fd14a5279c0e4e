"""A link's bytes become frames and faults, and damage never stops it."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.sl651.frame import decode
from anlan.monitoring.gateways.sl651.stream import Fault, FrameStream
from tests.gateway.sl651_specimens import BY_NUMBER, FRAMES, SOUND


def fed(data: bytes, *, cuts: list[int]) -> list[Any]:
    """Return what a stream gives for the data cut into chunks, with its end."""
    stream = FrameStream()
    found = []
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, stop in pairwise(places):
        found += stream.feed(data[start:stop])
    return found + stream.close()


def frames_of(found: list[Any]) -> list[Any]:
    return [item for item in found if not isinstance(item, Fault)]


@given(st.lists(st.sampled_from(SOUND), max_size=6), st.lists(st.integers(0, 5000), max_size=20))
def test_sound_frames_pass_however_they_are_cut(sent, cuts):
    assert fed(b"".join(sent), cuts=cuts) == [decode(frame) for frame in sent]


@given(
    st.lists(st.sampled_from(SOUND) | st.binary(max_size=60), max_size=8),
    st.lists(st.integers(0, 5000), max_size=20),
)
def test_no_byte_is_lost_or_doubled(pieces, cuts):
    data = b"".join(pieces)
    found = fed(data, cuts=cuts)
    faults = sum(len(item.data) for item in found if isinstance(item, Fault))
    frames = sum(
        len(f.body) + 17 + 3 * (f.packets is not None)
        for f in found
        if not isinstance(f, Fault) and f.encoding == "HEX"
    )
    texts = sum(
        len(f.body) + 29 for f in found if not isinstance(f, Fault) and f.encoding == "ASCII"
    )
    assert faults + frames + texts == len(data)


@given(st.sampled_from(SOUND), st.data())
def test_the_frame_after_a_damaged_one_is_read(frame, data):
    at = data.draw(st.integers(0, len(frame) - 1))
    damaged = bytearray(frame)
    damaged[at] ^= data.draw(st.integers(1, 127))
    found = fed(bytes(damaged) + BY_NUMBER["S02"], cuts=[])
    assert found[-1] == decode(BY_NUMBER["S02"])


@given(st.sampled_from(SOUND), st.data())
def test_the_frame_after_a_truncated_one_is_read_at_once(frame, data):
    size = data.draw(st.integers(1, len(frame) - 1))
    stream = FrameStream()
    found = stream.feed(frame[:size]) + stream.feed(BY_NUMBER["S02"])
    assert found[-1] == decode(BY_NUMBER["S02"])
    assert b"".join(item.data for item in found if isinstance(item, Fault)) == frame[:size]


def test_the_recorded_frames_in_one_stream():
    found = fed(b"".join(FRAMES), cuts=list(range(0, 6000, 37)))
    assert frames_of(found) == [decode(frame) for frame in SOUND]
    reasons = {item.reason for item in found if isinstance(item, Fault)}
    assert "bad-crc" in reasons


def test_noise_between_frames_is_a_fault():
    found = fed(b"\r\nOK" + BY_NUMBER["S02"] + b"\x00\xff" + BY_NUMBER["S74"], cuts=[])
    assert [item.reason if isinstance(item, Fault) else item.function for item in found] == [
        "bad-start",
        0x30,
        "bad-start",
        0x32,
    ]


def test_a_frame_that_cannot_be_used_is_one_fault():
    unknown = bytes.fromhex("7E7E010012345678123452000802000326070108000003")
    crc = bytes.fromhex("0000")
    from_stream = fed(unknown + crc, cuts=[])
    assert all(isinstance(item, Fault) for item in from_stream)


def test_the_memory_is_bounded():
    stream = FrameStream()
    endless = b"~~" + bytes(9) + b"\xff\xff\x16" + bytes(3)
    for _ in range(200):
        stream.feed(endless + bytes(1000))
        assert len(stream._waiting) <= 65535 + 29
