"""Name every way in which bytes fail to be a CAP 1.2 message."""

from typing import ClassVar


class CapError(ValueError):
    """Bytes that are no valid CAP 1.2 message; nothing of them may be used.

    `reason` is a stable code for pages and counters. `element` is the path of the element in the
    message, `value` what stands there, shortened; `line` counts from 1, `offset` counts bytes.
    """

    reason: ClassVar[str] = "invalid"

    def __init__(
        self,
        message: str,
        *,
        element: str = "",
        value: str = "",
        line: int | None = None,
        offset: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.element = element
        self.value = value if len(value) <= 80 else f"{value[:79]}…"
        self.line = line
        self.offset = offset

    def __str__(self) -> str:
        """Return the message with the element, the value and where they stand."""
        where = f" (line {self.line})" if self.line else ""
        if self.offset is not None:
            where = f" (byte {self.offset})"
        what = f"{self.element}: " if self.element else ""
        value = f" [{self.value}]" if self.value else ""
        return f"{what}{self.message}{value}{where}"


# What may not even be opened.


class TooLarge(CapError):
    """More bytes than any real message has."""

    reason = "too-large"


class BadEncoding(CapError):
    """The bytes are not in the encoding that they declare, or it is none that we read."""

    reason = "bad-encoding"


class ForbiddenDoctype(CapError):
    """A document type: CAP has a schema, and a document type can do harm."""

    reason = "doctype"


class ExternalEntity(ForbiddenDoctype):
    """A document type that points to files or hosts outside the message (XXE)."""

    reason = "external-entity"


class DeclaredEntity(ForbiddenDoctype):
    """A document type that declares entities, which can grow without bound (XML bomb)."""

    reason = "declared-entity"


class TooManyElements(CapError):
    """More elements than any real message has."""

    reason = "too-many-elements"


class TooDeep(CapError):
    """Elements inside elements without end."""

    reason = "too-deep"


class NotXml(CapError):
    """No well-formed XML."""

    reason = "not-xml"


class NotCap(CapError):
    """XML of another kind."""

    reason = "not-cap"


class WrongVersion(NotCap):
    """CAP of another version."""

    reason = "wrong-version"


# What breaks the schema.


class UnknownElement(CapError):
    """An element that the schema does not allow at this place."""

    reason = "unknown-element"


class WrongOrder(CapError):
    """An element before one that the schema puts first."""

    reason = "wrong-order"


class RepeatedElement(CapError):
    """An element that may stand once stands twice."""

    reason = "repeated-element"


class MissingElement(CapError):
    """A required element is missing or empty."""

    reason = "missing-element"


class NotAllowed(CapError):
    """A value that is none of those that the standard lists."""

    reason = "not-allowed"


class BadTime(CapError):
    """No time of the calendar with a numeric offset from UTC."""

    reason = "bad-time"


class BadLanguage(CapError):
    """No language code (RFC 3066)."""

    reason = "bad-language"


class BadNumber(CapError):
    """No number where one must stand."""

    reason = "bad-number"


class BadAddress(CapError):
    """No address (RFC 3986) where one must stand; only what we write is held to it."""

    reason = "bad-address"


class TooLong(CapError):
    """A name or a code longer than any real one."""

    reason = "too-long"


# What breaks the rules that the standard states in words.


class BadIdentifier(CapError):
    """An identifier or a sender with a space, a comma, `<` or `&`."""

    reason = "bad-identifier"


class MissingReferences(CapError):
    """An Update, Cancel, Ack or Error that does not say of which message."""

    reason = "missing-references"


class BadReference(CapError):
    """A reference that is not `sender,identifier,sent`."""

    reason = "bad-reference"


class MissingRestriction(CapError):
    """A restricted message that does not say how it is restricted."""

    reason = "missing-restriction"


class MissingAddresses(CapError):
    """A private message that does not say for whom."""

    reason = "missing-addresses"


class BadPolygon(CapError):
    """No closed ring of at least four `lat,lon` pairs on the earth."""

    reason = "bad-polygon"


class BadCircle(CapError):
    """No `lat,lon radius` on the earth."""

    reason = "bad-circle"


class CeilingWithoutAltitude(CapError):
    """An upper limit of height without the lower one."""

    reason = "ceiling-without-altitude"
