"""What the centre answers to a batch of frames, once their readings are durable."""

from collections.abc import Sequence
from datetime import datetime

from .codes import KEEP_ALIVE
from .encode import encode_confirmation
from .values import UpFrame


def answers_to(
    frames: Sequence[UpFrame | None], *, sent_at: datetime, stay_online: bool = True
) -> tuple[bytes | None, ...]:
    """Return the confirmation of each frame, or None where the standard asks for silence.

    A refused frame (None) gets no answer: in transfer mode M2 the station then sends it again, at
    most twice. A keep-alive is never answered, and of a multi-packet transfer only the last
    packet is; the first packet's serial number stands for the whole.
    """
    first_serial: dict[tuple[str, int], int] = {}
    answers: list[bytes | None] = []
    for frame in frames:
        if frame is None or frame.function == KEEP_ALIVE:
            answers.append(None)
            continue
        serial = frame.serial
        if frame.packets is not None:
            key = (frame.station, frame.function)
            if frame.serial is not None:
                first_serial[key] = frame.serial
            serial = first_serial.get(key)
            if frame.number != frame.packets or serial is None:
                answers.append(None)
                continue
        answers.append(
            encode_confirmation(frame, sent_at=sent_at, stay_online=stay_online, serial=serial)
        )
    return tuple(answers)
