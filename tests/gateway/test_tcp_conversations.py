"""Whatever comes over a link, a conversation neither breaks nor grows without end."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.sl651.encode import Sender, encode_picture
from anlan.monitoring.gateways.tcp.gateway import OPENINGS
from anlan.monitoring.gateways.tcp.sl651 import Sl651Conversation
from tests.gateway.sl651_specimens import BY_NUMBER, SOUND

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
STARTS = [b"~~", b"\x01", b"##0", b"h\x20h", b"\r\n"]
PIECES = st.sampled_from(SOUND) | st.binary(max_size=80) | st.sampled_from(STARTS)


def opened(opening, *, asked=None):
    return opening(peer="peer", asked=lambda station, function: asked)


@pytest.mark.parametrize("wire", OPENINGS)
@given(st.lists(PIECES, max_size=12), st.sampled_from([None, 7]))
def test_any_bytes_are_heard_and_every_report_can_be_answered(wire, pieces, asked):
    talk = opened(OPENINGS[wire], asked=asked)
    heard = [talk.hear(piece, now=NOW, at=0.0) for piece in pieces]
    heard += [talk.overdue(now=NOW, at=1e6), talk.cut_off(now=NOW)]
    for each in heard:
        for report in each.reports:
            assert report.arrival.protocol is wire
            assert isinstance(talk.record(report), bytes)
            talk.confirmation(report, now=NOW, stay_online=True)
            talk.confirmed(report, at=0.0)
    assert talk.waiting == 0


def test_the_recorded_frames_make_reports():
    talk = opened(Sl651Conversation)
    heard = [talk.hear(frame, now=NOW, at=0.0) for frame in SOUND]
    reports = [report for each in heard for report in each.reports]
    damaged = {each.reason for one in heard for each in one.damaged}
    assert len(reports) > 35
    assert damaged == {"downward", "mixed-encodings"}
    assert sum(len(report.arrival.readings) for report in reports) > 200
    notes = {report.arrival.note.reason for report in reports if report.arrival.note}
    assert notes >= {"manual-entry", "function-41", "function-43", "function-50"}


def test_the_recorded_picture_comes_whole():
    talk = opened(Sl651Conversation)
    packets = [BY_NUMBER[f"S{number}"] for number in range(24, 37)]
    heard = [talk.hear(packet, now=NOW, at=0.0) for packet in packets]
    (report,) = [report for each in heard for report in each.reports]
    (shot,) = report.arrival.shots
    assert shot.content[:3] == b"\xff\xd8\xff"
    assert talk.held == 0
    answer = talk.confirmation(report, now=NOW, stay_online=True)
    assert answer is not None
    talk.confirmed(report, at=0.0)
    assert talk.hear(packets[-1], now=NOW, at=1.0).says


def test_what_is_held_of_pictures_is_bounded():
    talk = opened(Sl651Conversation)
    for number in range(50):
        sender = Sender(1, f"99070100{number:02}", "0000", "P")
        packets = encode_picture(
            bytes(100_000), sender=sender, serial=1, sent_at=NOW, observed_at=NOW, part_size=4000
        )
        for packet in packets[:-1]:
            talk.hear(packet, now=NOW, at=0.0)
    assert talk.held < 500_000
