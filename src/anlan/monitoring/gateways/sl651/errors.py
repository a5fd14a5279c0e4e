"""Name every way in which bytes fail to be an SL 651-2014 frame."""

from anlan.monitoring.gateways.refusing import WireError


class FrameError(WireError):
    """Bytes that are not an SL 651-2014 frame that can be used."""


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
