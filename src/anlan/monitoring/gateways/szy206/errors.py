"""Name every way in which bytes fail to be an SZY 206 frame that can be used."""

from anlan.monitoring.gateways.refusing import WireError


class FrameError(WireError):
    """Bytes that are not an SZY 206 frame that can be used."""


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
