"""Name every way in which bytes fail to be an HJ 212 message."""

from typing import ClassVar


class FrameError(ValueError):
    """Bytes that are not a valid message; nothing of them may be used.

    `reason` is a stable code for logs and counters, `offset` the position of the first offending
    byte, `data` the offending bytes.
    """

    reason: ClassVar[str] = "invalid"

    def __init__(self, message: str, *, offset: int = 0, data: bytes = b"") -> None:
        super().__init__(message)
        self.offset = offset
        self.data = data

    def __str__(self) -> str:
        """Return the message with reason, offset and the offending bytes as text."""
        shown = self.data[:40].decode("ascii", errors="backslashreplace")
        return f"{self.reason} at byte {self.offset}: {super().__str__()} [{shown}]"


class Truncated(FrameError):
    """The bytes end before the message does."""

    reason = "truncated"


class BadStart(FrameError):
    """No ## where a message must begin."""

    reason = "bad-start"


class BadLength(FrameError):
    """The length is no number up to 1024, or disagrees with the bytes that are there."""

    reason = "bad-length"


class BadEnd(FrameError):
    """No carriage return and line feed where the message must end."""

    reason = "bad-end"


class BadCrc(FrameError):
    """The checksum does not match: the message was damaged on its way."""

    reason = "bad-crc"


class BadText(FrameError):
    """The data segment holds bytes that are no text."""

    reason = "bad-text"


class BadField(FrameError):
    """A field of the data segment is missing, doubled, or holds what its place does not allow."""

    reason = "bad-field"


class BadTime(FrameError):
    """A time is not a date and time of the calendar."""

    reason = "bad-time"
