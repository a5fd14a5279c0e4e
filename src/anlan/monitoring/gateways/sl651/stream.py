"""Cut the bytes of a link into frames, and find the next frame after damage."""

import re
from typing import Final

from anlan.monitoring.gateways.cutting import Cut, Fault, Stream

from .errors import BadCrc, BadStart, Truncated
from .frame import decode
from .values import Frame

__all__ = ["Fault", "FrameStream"]

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


def _sizes(buffer: bytes, start: int) -> list[int]:
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


_CUT: Final = Cut[Frame](
    start=_START,
    sizes=_sizes,
    decode=decode,
    damage=(BadCrc,),
    no_frame=lambda: BadStart("no frame"),
    cut_short=lambda data: Truncated("the frame does not end", data=data),
)


class FrameStream(Stream[Frame]):
    """The frames and faults of one link; it holds at most 64 KiB."""

    def __init__(self) -> None:
        super().__init__(_CUT)
