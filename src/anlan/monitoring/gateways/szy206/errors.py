"""Name every way in which bytes fail to be an SZY 206 frame that can be used."""

from typing import ClassVar


class FrameError(ValueError):
    """Bytes that are not a valid frame; nothing of them may be used.

    `reason` is a stable code for logs and counters, `offset` the position of the first offending
    byte, `data` the offending bytes.
    """

    reason: ClassVar[str] = "invalid"

    def __init__(self, message: str, *, offset: int = 0, data: bytes = b"") -> None:
        super().__init__(message)
        self.offset = offset
        self.data = data

    def __str__(self) -> str:
        """Return the message with reason, offset and the offending bytes in hex."""
        shown = self.data[:16].hex().upper()
        return f"{self.reason} at byte {self.offset}: {super().__str__()} [{shown}]"


class Truncated(FrameError):
    """The bytes end before the frame does."""

    reason = "truncated"


class BadStart(FrameError):
    """No 68 L 68 where a frame must begin."""

    reason = "bad-start"


class BadLength(FrameError):
    """A length disagrees with the bytes that are there."""

    reason = "bad-length"


class BadEnd(FrameError):
    """No 16 where the frame must end."""

    reason = "bad-end"


class BadCrc(FrameError):
    """The checksum does not match: the frame was damaged on its way."""

    reason = "bad-crc"


class BadAddress(FrameError):
    """The address is of no station."""

    reason = "bad-address"


class BadData(FrameError):
    """The data hold a value that their function or kind does not have."""

    reason = "bad-data"


class BadBcd(FrameError):
    """A decimal field holds something other than decimal digits."""

    reason = "bad-bcd"


class BadTime(FrameError):
    """A time label is not a time of the calendar."""

    reason = "bad-time"


class NotSpoken(FrameError):
    """The frame is sound, but its meaning is not certain enough, or is not read here."""

    reason = "not-spoken"
