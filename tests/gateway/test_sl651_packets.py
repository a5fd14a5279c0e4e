"""A picture in packets: gathered, asked for where a packet is missing, confirmed once."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.sl651 import packets as transfers
from anlan.monitoring.gateways.sl651.codes import BEIJING, NAK
from anlan.monitoring.gateways.sl651.encode import Sender, encode_picture, encode_report
from anlan.monitoring.gateways.sl651.frame import decode
from anlan.monitoring.gateways.sl651.packets import MOST_ASKED, PATIENCE_S, PacketBook

NOW = datetime(2024, 7, 15, 20, 0, tzinfo=BEIJING)
SENDER = Sender(1, "0990701001", "0000", "P")


def picture(content=b"\xff\xd8" + bytes(5000), *, serial=7, sender=SENDER):
    data = encode_picture(content, sender=sender, serial=serial, sent_at=NOW, observed_at=NOW)
    return [decode(each) for each in data]


def fed(book, frames, *, at=0.0):
    return [book.add(frame, at=at, now=NOW) for frame in frames]


def demanded(gathered):
    """Return which packet a demand asks for, None where there is none."""
    if gathered.demand is None:
        return None
    frame = decode(gathered.demand)
    assert frame.end == NAK
    return frame.number


def test_a_whole_transfer_comes_out_once():
    frames = picture()
    assert len(frames) == 5
    found = fed(PacketBook(), frames)
    assert [each.whole is not None for each in found] == [False] * 4 + [True]
    assert found[-1].whole.observations[0].elements[0].raw == b"\xff\xd8" + bytes(5000)


@given(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=4))
def test_the_order_and_repetitions_do_not_matter_as_long_as_the_last_comes_last(order, repeated):
    *early, last = picture()
    frames = [early[at] for at in order] + [early[at] for at in repeated] + [last]
    found = fed(PacketBook(), frames)
    assert [each.whole is not None for each in found] == [False] * (len(frames) - 1) + [True]
    assert not any(each.demand for each in found)


def test_a_missing_packet_is_asked_for_when_the_last_is_there():
    first, second, third, fourth, last = picture()
    book = PacketBook()
    assert [demanded(x) for x in fed(book, [first, fourth, last])] == [None, None, 2]
    assert demanded(book.add(second, at=1, now=NOW)) == 3
    whole = book.add(third, at=2, now=NOW).whole
    assert whole is not None
    assert whole.serial == 7


def test_a_doubled_packet_does_not_use_up_the_demands():
    first, _second, third, fourth, last = picture()
    book = PacketBook()
    found = fed(book, [first, fourth, last, last, last, third, first])
    assert [demanded(each) for each in found] == [None, None, 2] + [None] * 4
    assert not any(each.failed for each in found)


def test_without_the_first_packet_the_demand_carries_no_serial_number():
    frames = picture()
    demand = fed(PacketBook(), frames[1:])[-1].demand
    assert demand is not None
    assert (decode(demand).number, decode(demand).serial) == (1, 0)


def test_a_packet_that_does_not_come_is_asked_for_twice_and_given_up():
    frames = picture()
    book = PacketBook()
    at, asked = 0.0, [demanded(fed(book, [*frames[:2], *frames[3:]])[-1])]
    while book.size:
        assert not list(book.overdue(at=at + PATIENCE_S - 0.1, now=NOW))
        at += PATIENCE_S
        (gathered,) = book.overdue(at=at, now=NOW)
        asked.append(demanded(gathered))
    assert asked == [3] * MOST_ASKED + [None]
    assert gathered.failed is not None
    assert "packet 3 did not come" in str(gathered.failed)


def test_a_last_packet_that_was_lost_is_asked_for_after_a_while():
    frames = picture()
    book = PacketBook()
    assert not any(each.demand for each in fed(book, frames[:-1]))
    (gathered,) = book.overdue(at=PATIENCE_S, now=NOW)
    assert demanded(gathered) == len(frames)


def test_a_report_that_was_confirmed_is_confirmed_again_by_its_last_packet():
    frames = picture()
    book = PacketBook()
    whole = fed(book, frames)[-1].whole
    book.remember(whole, at=0)
    again = fed(book, frames, at=5)
    assert [each.again is not None for each in again] == [False] * 4 + [True]
    assert again[-1].again.serial == 7
    assert not book.size


def test_one_that_was_not_confirmed_is_taken_in_again():
    frames = picture()
    book = PacketBook()
    fed(book, frames)
    assert fed(book, frames)[-1].whole is not None


def test_another_picture_of_the_same_size_is_another_one():
    book = PacketBook()
    book.remember(fed(book, picture())[-1].whole, at=0)
    assert fed(book, picture(serial=8), at=5)[-1].whole.serial == 8


def test_a_new_transfer_takes_the_place_of_one_that_was_broken_off():
    book = PacketBook()
    fed(book, picture()[:3])
    assert fed(book, picture(serial=8))[-1].whole.serial == 8
    fed(book, picture(serial=9)[:3])
    assert fed(book, picture(b"short", serial=10))[-1].whole.serial == 10


def test_transfers_and_their_sizes_are_bounded(monkeypatch):
    book = PacketBook()
    senders = [SENDER._replace(station=f"09907010{number:02}") for number in range(6)]
    found = [fed(book, picture(sender=sender)[:1])[0] for sender in senders]
    assert [each.failed is not None for each in found] == [False] * 4 + [True] * 2
    monkeypatch.setattr(transfers, "MOST_BYTES", 2000)
    small = PacketBook()
    found = fed(small, picture()[:2])
    assert "larger than any picture" in str(found[-1].failed)
    assert small.size == 0


def test_a_single_frame_is_no_packet():
    data = encode_report(0x32, sender=SENDER, serial=1, sent_at=NOW, observed_at=NOW, elements=[])
    with pytest.raises(ValueError, match="packet"):
        fed(PacketBook(), [decode(data)])
