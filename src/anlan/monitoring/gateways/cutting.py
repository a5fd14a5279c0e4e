"""Cut the bytes of a link into frames, and find the next frame after damage.

What tells one protocol from another stands in its `Cut`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern
from typing import Generic, NamedTuple, TypeVar

from .refusing import WireError

F = TypeVar("F")


class Fault(NamedTuple):
    """Bytes of a link that are no frame, with the reason code and the error that tells why."""

    data: bytes
    reason: str
    error: WireError


@dataclass(frozen=True)
class Cut(Generic[F]):
    """How the frames of a protocol are found.

    `start` matches where a frame may begin, also where it is still arriving. `sizes` gives the
    sizes that the frame at a start may have, none while its head is not whole. An error of
    `damage` means that the bytes were not a frame, and another start is looked for; any other
    error of `decode` is of a frame that is what was sent, and cannot be used.
    """

    start: Pattern[bytes]
    sizes: Callable[[bytes, int], list[int]]
    decode: Callable[[bytes], F]
    damage: tuple[type[WireError], ...]
    no_frame: Callable[[], WireError]
    cut_short: Callable[[bytes], WireError]

    def find_start(self, buffer: bytes, position: int) -> int:
        """Return where the next possible start is, or the end of the buffer."""
        match = self.start.search(buffer, position)
        return match.start() if match else len(buffer)

    def take(
        self, buffer: bytes, start: int, *, seen: int, at_end: bool
    ) -> tuple[int, "F | Fault | None"]:
        """Return the frame or fault that begins at a start, after where it stops; None to wait."""
        sizes = self.sizes(buffer, start)
        whole = [size for size in sizes if start + size <= len(buffer)]
        error = self.cut_short(buffer[start : start + 16])
        for size in whole:
            data = buffer[start : start + size]
            try:
                return start + size, self.decode(data)
            except self.damage as problem:
                error = problem
            except WireError as problem:
                return start + size, fault(problem, data)
        if not at_end and len(whole) < max(len(sizes), 1):
            later = self._find_sound_frame(buffer, start + 1, seen=seen)
            if later is None:
                return start, None
            return later, fault(error, buffer[start:later])
        stop = self.find_start(buffer, start + 1)
        return stop, fault(error, buffer[start:stop])

    def _find_sound_frame(self, buffer: bytes, position: int, *, seen: int) -> int | None:
        """Return where the next whole frame that can be read begins.

        A frame cut short would otherwise swallow the sound ones behind it until its stated length
        is there. What ends within the `seen` bytes was looked at when they came.
        """
        start = self.find_start(buffer, position)
        while start < len(buffer):
            for size in self.sizes(buffer, start):
                if seen < start + size <= len(buffer) and self._is_sound(
                    buffer[start : start + size]
                ):
                    return start
            start = self.find_start(buffer, start + 1)
        return None

    def _is_sound(self, data: bytes) -> bool:
        try:
            self.decode(data)
        except WireError:
            return False
        return True


class Stream(Generic[F]):
    """Split what arrives on one link into frames and faults, in order.

    Damage never stops the stream: it yields a Fault, and reading goes on at the next start that
    leads to a frame. The memory held is at most one frame of the protocol's longest form.
    """

    def __init__(self, cut: Cut[F]) -> None:
        self._cut = cut
        self._waiting = bytearray()

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return len(self._waiting)

    def feed(self, data: bytes) -> list[F | Fault]:
        """Return the frames and faults that these bytes complete; keep what may become one."""
        seen = len(self._waiting)
        self._waiting += data
        return self._drain(seen=seen, at_end=False)

    def close(self) -> list[F | Fault]:
        """Return what is left when the link ends or stays silent; nothing is kept."""
        return self._drain(seen=len(self._waiting), at_end=True)

    def _drain(self, *, seen: int, at_end: bool) -> list[F | Fault]:
        found: list[F | Fault] = []
        buffer = bytes(self._waiting)
        position = 0
        while position < len(buffer):
            start = self._cut.find_start(buffer, position)
            if start > position:
                found.append(fault(self._cut.no_frame(), buffer[position:start]))
                position = start
                continue
            position, item = self._cut.take(buffer, position, seen=seen, at_end=at_end)
            if item is None:
                break
            found.append(item)
        self._waiting = bytearray(buffer[position:])
        return found


def fault(error: WireError, data: bytes) -> Fault:
    """Return what is told of bytes that are no frame."""
    return Fault(data, error.reason, error)
