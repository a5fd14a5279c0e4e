"""Cut the bytes of a link into frames, and find the next frame after damage."""

import re
from typing import Final

from anlan.monitoring.gateways.cutting import Cut, Fault, Stream

from .errors import BadCrc, BadEnd, BadStart, Truncated
from .frame import OVERHEAD, decode
from .values import Frame

__all__ = ["Fault", "FrameStream"]

# 68 L 68 with a length that holds control byte, address and function, or as much as arrived.
_START: Final = re.compile(rb"h[\x07-\xff]h|h[\x07-\xff]?\Z", re.DOTALL)


def _sizes(buffer: bytes, start: int) -> list[int]:
    """Return the size of the frame at a start; none while its length is not there."""
    return [buffer[start + 1] + OVERHEAD] if start + 1 < len(buffer) else []


_CUT: Final = Cut[Frame](
    start=_START,
    sizes=_sizes,
    decode=decode,
    damage=(BadCrc, BadEnd),
    no_frame=lambda: BadStart("no frame"),
    cut_short=lambda data: Truncated("the frame does not end", data=data),
)


class FrameStream(Stream[Frame]):
    """The frames and faults of one link; it holds at most 260 bytes."""

    def __init__(self) -> None:
        super().__init__(_CUT)
