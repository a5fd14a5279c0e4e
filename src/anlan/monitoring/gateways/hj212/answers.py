"""What the centre answers to messages, and a station to requests, once the work is done.

Source: HJ 212-2017 tables 6, 7 and 9 and annex C; the 2005 form puts QN into the data area.
"""

from collections.abc import Sequence

from .codes import (
    DATA_ANSWER,
    EXECUTION_RESULT,
    INTERACTION_SYSTEM,
    NOTICE_ANSWER,
    NOTICES,
    REQUEST_ANSWER,
    UPLOADS,
    VERSION_SHIFT,
)
from .encode import encode, message
from .values import Frame


def answers_to(frames: Sequence[Frame | None]) -> tuple[bytes | None, ...]:
    """Return the answer to each message once its readings are durable, or None for silence.

    An upload whose A bit is set gets a data answer (9014), every packet of it its own, and a
    notice a notice answer (9013). A refused message (None), one without QN, one that asks for no
    answer and one that is itself an answer get none; the station then sends again.
    """
    return tuple(_answer_to(frame) if frame else None for frame in frames)


def encode_request_answer(frame: Frame, *, result: int = 1) -> bytes:
    """Return how a station answers a request (9011); `result` is of table 7, 1 for accepted."""
    return _encode(frame, command=REQUEST_ANSWER, words=(("QnRtn", str(result)),))


def encode_execution_result(frame: Frame, *, result: int = 1) -> bytes:
    """Return how a station closes a request (9012); `result` is of table 6, 1 for done."""
    return _encode(frame, command=EXECUTION_RESULT, words=(("ExeRtn", str(result)),))


def encode_notice_answer(frame: Frame) -> bytes:
    """Return the answer to a notice of either end (9013)."""
    return _encode(frame, command=NOTICE_ANSWER)


def encode_data_answer(frame: Frame) -> bytes:
    """Return the answer to an upload (9014)."""
    words = () if frame.version else (("CN", f"{frame.command:04d}"),)
    return _encode(frame, command=DATA_ANSWER, words=words)


def _answer_to(frame: Frame) -> bytes | None:
    if not frame.asks_answer or not frame.request:
        return None
    if frame.command in NOTICES:
        return encode_notice_answer(frame)
    return encode_data_answer(frame) if frame.command in UPLOADS else None


def _encode(frame: Frame, *, command: int, words: tuple[tuple[str, str], ...] = ()) -> bytes:
    """Return an answer in the form of the version that the message speaks."""
    modern = frame.version > 0
    items = [(word,) for word in words]
    if not modern:
        items.insert(0, (("QN", frame.request or ""),))
    answer = message(
        items,
        system=INTERACTION_SYSTEM,
        command=command,
        station=frame.station,
        password=frame.password,
        request=frame.request if modern else None,
        flag=frame.version << VERSION_SHIFT if modern else None,
    )
    return encode(answer)
