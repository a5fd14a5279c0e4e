"""Cut the bytes of a link into frames, and find the next frame after damage."""

import re
from typing import Final, NamedTuple

from .errors import BadCrc, BadStart, FrameError, Truncated
from .frame import decode
from .values import Frame

# A start that may be whole or still arriving. HEX: 7E 7E, nine bytes of addresses, password and
# function, the length, then STX or SYN. ASCII: 01, 22 hex characters, then STX or SYN.
_START: Final = re.compile(
    rb"~~(?:[\x00-\xff]{9}(?:[\x00-\x0f\x80-\x8f][\x00-\xff]\x02|[\x00-\xff]{2}\x16)"
    rb"|[\x00-\xff]{0,11}\Z)"
    rb"|~\Z"
    rb"|\x01(?:[0-9A-Fa-f]{18}(?:[08][0-9A-Fa-f]{3}\x02|[0-9A-Fa-f]{4}\x16)"
    rb"|[0-9A-Fa-f]{0,22}\Z)"
)
_HEX_HEAD: Final = 14
_HEX_OVERHEAD: Final = 17
_ASCII_HEAD: Final = 24
_ASCII_OVERHEAD: Final = 29
_SYN: Final = 0x16


class Fault(NamedTuple):
    """Bytes of a link that are no frame, with the reason code and the error that tells why."""

    data: bytes
    reason: str
    error: FrameError


class FrameStream:
    """Split what arrives on one link into frames and faults, in order.

    Damage never stops the stream: it yields a Fault, and reading goes on at the next start that
    leads to a frame. The memory held is at most one frame of the longest form (64 KiB).
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
    sizes = _frame_sizes(buffer, start)
    whole = [size for size in sizes if start + size <= len(buffer)]
    error: FrameError = Truncated("the frame does not end", data=buffer[start : start + 16])
    for size in whole:
        data = buffer[start : start + size]
        try:
            return start + size, decode(data)
        except BadCrc as problem:
            error = problem
        except FrameError as problem:
            # The checksum is right: the frame is what was sent, and cannot be used.
            return start + size, _fault(problem, data)
    if not at_end and len(whole) < max(len(sizes), 1):
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


def _frame_sizes(buffer: bytes, start: int) -> list[int]:
    """Return the sizes that the frame at a start may have; none while its head is not whole."""
    if buffer[start] == 1:
        if len(buffer) < start + _ASCII_HEAD:
            return []
        field = int(buffer[start + 19 : start + 23], 16)
        overhead, mark = _ASCII_OVERHEAD, buffer[start + 23]
    else:
        if len(buffer) < start + _HEX_HEAD:
            return []
        field = buffer[start + 11] << 8 | buffer[start + 12]
        overhead, mark = _HEX_OVERHEAD, buffer[start + 13]
    sizes = []
    if field >> 12 in (0, 8):
        sizes.append((field & 0x0FFF) + overhead)
    # Table 22 of the standard gives the whole field of a packet to its length.
    if mark == _SYN and field > 0x0FFF:
        sizes.append(field + overhead)
    return sizes


def _find_sound_frame(buffer: bytes, position: int, *, seen: int) -> int | None:
    """Return where the next whole frame that can be read begins.

    A frame cut short would otherwise swallow the sound ones behind it until its stated length
    is there. What ends within the `seen` bytes was looked at when they came.
    """
    start = _find_start(buffer, position)
    while start < len(buffer):
        for size in _frame_sizes(buffer, start):
            if seen < start + size <= len(buffer) and _is_sound(buffer[start : start + size]):
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
