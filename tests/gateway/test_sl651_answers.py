"""What the centre says back, and when it keeps silent."""

from datetime import datetime, timedelta, timezone

from anlan.monitoring.gateways.sl651.answers import answers_to
from anlan.monitoring.gateways.sl651.errors import FrameError
from anlan.monitoring.gateways.sl651.frame import DownFrame, UpFrame, decode
from tests.gateway.sl651_specimens import FRAMES

NOW = datetime(2026, 8, 3, 8, 0, tzinfo=timezone(timedelta(hours=8)))


def received(data: bytes) -> UpFrame | None:
    try:
        frame = decode(data)
    except FrameError:
        return None
    return frame if isinstance(frame, UpFrame) else None


def test_each_sound_report_is_confirmed_with_its_own_serial_number() -> None:
    frames = [received(data) for data in FRAMES]
    for frame, answer in zip(frames, answers_to(frames, sent_at=NOW), strict=True):
        if frame is None or frame.function == 0x2F or frame.packets is not None:
            continue
        assert answer is not None
        said = decode(answer)
        assert isinstance(said, DownFrame)
        assert (said.station, said.function) == (frame.station, frame.function)
        assert said.serial == frame.serial


def test_a_damaged_frame_and_a_keep_alive_get_no_answer() -> None:
    sound = next(f for data in FRAMES if (f := received(data)) and f.function == 0x32)
    alive = next(f for data in FRAMES if (f := received(data)) and f.function == 0x2F)
    assert answers_to([None, alive, sound], sent_at=NOW)[:2] == (None, None)


def test_a_transfer_of_many_packets_is_confirmed_once_by_its_last() -> None:
    packets = [f for data in FRAMES if (f := received(data)) and f.packets is not None]
    first = packets[0]
    transfer = [f for f in packets if f.station == first.station and f.packets == first.packets]
    answers = answers_to(transfer, sent_at=NOW)
    assert answers[-1] is not None
    assert all(answer is None for answer in answers[:-1])
