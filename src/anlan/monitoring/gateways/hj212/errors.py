"""Name every way in which bytes fail to be an HJ 212 message."""

from anlan.monitoring.gateways.refusing import WireError


class FrameError(WireError):
    """Bytes that are not an HJ 212 message that can be used."""

    def shown(self) -> str:
        """Return the offending bytes as text."""
        return self.data[:40].decode("ascii", errors="backslashreplace")


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
