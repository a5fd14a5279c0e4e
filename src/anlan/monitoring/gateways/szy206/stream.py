"""Cut the bytes of a link into frames, and find the next frame after damage."""

import re
from typing import Final, NamedTuple

from .errors import BadCrc, BadEnd, BadStart, FrameError, Truncated
from .frame import OVERHEAD, decode
from .values import Frame

# 68 L 68 with a length that holds control byte, address and function, or as much as arrived.
_START: Final = re.compile(rb"h[\x07-\xff]h|h[\x07-\xff]?\Z", re.DOTALL)


class Fault(NamedTuple):
    """Bytes of a link that are no frame, with the reason code and the error that tells why."""

    data: bytes
    reason: str
    error: FrameError


class FrameStream:
    """Split what arrives on one link into frames and faults, in order.

    Damage never stops the stream: it yields a Fault, and reading goes on at the next start that
    leads to a frame. The memory held is at most one frame of the longest form (260 bytes).
    """

    def __init__(self) -> None:
        self._waiting = bytearray()

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return len(self._waiting)

    def feed(self, data: bytes) -> list[Frame | Fault]:
        """Return the frames and faults that these bytes complete; keep what may become one."""
        seen = len(self._waiting)
        self._waiting += data
        return self._drain(seen=seen, at_end=False)

    def close(self) -> list[Frame | Fault]:
        """Return what is left when the link ends or stays silent; nothing is kept."""
        return self._drain(seen=len(self._waiting), at_end=True)

    def _drain(self, *, seen: int, at_end: bool) -> list[Frame | Fault]:
        found: list[Frame | Fault] = []
        buffer = bytes(self._waiting)
        position = 0
        while position < len(buffer):
            start = _find_start(buffer, position)
            if start > position:
                found.append(_fault(BadStart("no frame"), buffer[position:start]))
                position = start
                continue
            position, item = _take(buffer, position, seen=seen, at_end=at_end)
            if item is None:
                break
            found.append(item)
        self._waiting = bytearray(buffer[position:])
        return found


def _take(
    buffer: bytes, start: int, *, seen: int, at_end: bool
) -> tuple[int, Frame | Fault | None]:
    """Return the frame or fault that begins at a start, after where it stops; None to wait."""
    size = _frame_size(buffer, start)
    error: FrameError = Truncated("the frame does not end", data=buffer[start : start + 16])
    if size and start + size <= len(buffer):
        data = buffer[start : start + size]
        try:
            return start + size, decode(data)
        except (BadCrc, BadEnd) as problem:
            error = problem
        except FrameError as problem:
            # Checksum and end are right: the frame is what was sent, and cannot be used.
            return start + size, _fault(problem, data)
    elif not at_end:
        later = _find_sound_frame(buffer, start + 1, seen=seen)
        if later is None:
            return start, None
        return later, _fault(error, buffer[start:later])
    stop = _find_start(buffer, start + 1)
    return stop, _fault(error, buffer[start:stop])


def _find_start(buffer: bytes, position: int) -> int:
    """Return where the next possible start is, or the end of the buffer."""
    match = _START.search(buffer, position)
    return match.start() if match else len(buffer)


def _frame_size(buffer: bytes, start: int) -> int:
    """Return the size of the frame at a start; 0 while its length is not there."""
    return buffer[start + 1] + OVERHEAD if start + 1 < len(buffer) else 0


def _find_sound_frame(buffer: bytes, position: int, *, seen: int) -> int | None:
    """Return where the next whole frame that can be read begins.

    A frame cut short would otherwise swallow the sound ones behind it until its stated length
    is there. What ends within the `seen` bytes was looked at when they came.
    """
    start = _find_start(buffer, position)
    while start < len(buffer):
        size = _frame_size(buffer, start)
        if size and seen < start + size <= len(buffer) and _is_sound(buffer[start : start + size]):
            return start
        start = _find_start(buffer, start + 1)
    return None


def _is_sound(data: bytes) -> bool:
    try:
        decode(data)
    except FrameError:
        return False
    return True


def _fault(error: FrameError, data: bytes) -> Fault:
    return Fault(data, error.reason, error)
