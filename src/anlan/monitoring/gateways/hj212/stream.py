"""Cut the bytes of a link into messages, and find the next message after damage."""

import re
from typing import Final, NamedTuple

from .errors import BadCrc, BadEnd, BadStart, FrameError, Truncated
from .frame import HEAD, OVERHEAD, decode
from .values import Frame

# ## with a length up to 1024, or as much of it as has arrived.
_START: Final = re.compile(rb"##(?:0[0-9]{3}|10(?:[01][0-9]|2[0-4]))|##(?:[01]?[0-9]{0,2})\Z|#\Z")


class Fault(NamedTuple):
    """Bytes of a link that are no message, with the reason code and the error that tells why."""

    data: bytes
    reason: str
    error: FrameError


class FrameStream:
    """Split what arrives on one link into messages and faults, in order.

    Damage never stops the stream: it yields a Fault, and reading goes on at the next start that
    leads to a message. The memory held is at most one message of the longest form (1036 bytes).
    """

    def __init__(self) -> None:
        self._waiting = bytearray()

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return len(self._waiting)

    def feed(self, data: bytes) -> list[Frame | Fault]:
        """Return the messages and faults that these bytes complete; keep what may become one."""
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
                found.append(_fault(BadStart("no message"), buffer[position:start]))
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
    """Return the message or fault that begins at a start, after where it stops; None to wait."""
    size = _frame_size(buffer, start)
    error: FrameError = Truncated("the message does not end", data=buffer[start : start + 16])
    if size and start + size <= len(buffer):
        data = buffer[start : start + size]
        try:
            return start + size, decode(data)
        except (BadCrc, BadEnd) as problem:
            error = problem
        except FrameError as problem:
            # Checksum and end are right: the message is what was sent, and cannot be used.
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
    """Return the size of the message at a start; 0 while its length is not there."""
    if len(buffer) < start + HEAD:
        return 0
    return int(buffer[start + 2 : start + HEAD]) + OVERHEAD


def _find_sound_frame(buffer: bytes, position: int, *, seen: int) -> int | None:
    """Return where the next whole message that can be read begins.

    A message cut short would otherwise swallow the sound ones behind it until its stated length
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
