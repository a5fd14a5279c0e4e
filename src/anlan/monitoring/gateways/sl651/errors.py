"""Name every way in which bytes fail to be an SL 651-2014 frame."""

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
    """No start of frame, or no start of body, where one must stand."""

    reason = "bad-start"


class BadHeader(FrameError):
    """A header field, or the packet number, holds what the standard does not allow."""

    reason = "bad-header"


class BadLength(FrameError):
    """A length disagrees with the bytes that are there."""

    reason = "bad-length"


class BadEnd(FrameError):
    """The end character does not belong to this direction."""

    reason = "bad-end"


class BadCrc(FrameError):
    """The checksum does not match: the frame was damaged on its way."""

    reason = "bad-crc"


class UnknownFunction(FrameError):
    """The function code is reserved by the standard."""

    reason = "unknown-function"


class BadBcd(FrameError):
    """A decimal field holds something other than decimal digits."""

    reason = "bad-bcd"


class BadTime(FrameError):
    """A time stamp is not a date and time of the calendar."""

    reason = "bad-time"


class BadElement(FrameError):
    """An element group has no known identifier, or stands where its time or station is unknown."""

    reason = "bad-element"


class BadText(FrameError):
    """A word of an ASCII-coded body is not what its place asks for."""

    reason = "bad-text"
