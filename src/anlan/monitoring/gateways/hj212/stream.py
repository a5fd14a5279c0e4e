"""Cut the bytes of a link into messages, and find the next message after damage."""

import re
from typing import Final

from anlan.monitoring.gateways.cutting import Cut, Fault, Stream

from .errors import BadCrc, BadEnd, BadStart, Truncated
from .frame import HEAD, OVERHEAD, decode
from .values import Frame

__all__ = ["Fault", "FrameStream"]

# ## with a length up to 1024, or as much of it as has arrived.
_START: Final = re.compile(rb"##(?:0[0-9]{3}|10(?:[01][0-9]|2[0-4]))|##(?:[01]?[0-9]{0,2})\Z|#\Z")


def _sizes(buffer: bytes, start: int) -> list[int]:
    """Return the size of the message at a start; none while its length is not there."""
    if len(buffer) < start + HEAD:
        return []
    return [int(buffer[start + 2 : start + HEAD]) + OVERHEAD]


_CUT: Final = Cut[Frame](
    start=_START,
    sizes=_sizes,
    decode=decode,
    damage=(BadCrc, BadEnd),
    no_frame=lambda: BadStart("no message"),
    cut_short=lambda data: Truncated("the message does not end", data=data),
)


class FrameStream(Stream[Frame]):
    """The messages and faults of one link; it holds at most 1036 bytes."""

    def __init__(self) -> None:
        super().__init__(_CUT)
