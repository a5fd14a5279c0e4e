"""What every protocol's errors have in common."""

from typing import ClassVar


class WireError(ValueError):
    """Bytes that are no valid frame of a protocol; nothing of them may be used.

    `reason` is a stable code for logs and counters, `offset` the position of the first offending
    byte, `data` the offending bytes.
    """

    reason: ClassVar[str] = "invalid"

    def __init__(self, message: str, *, offset: int = 0, data: bytes = b"") -> None:
        super().__init__(message)
        self.offset = offset
        self.data = data

    def __str__(self) -> str:
        """Return the message with reason, offset and the offending bytes."""
        return f"{self.reason} at byte {self.offset}: {super().__str__()} [{self.shown()}]"

    def shown(self) -> str:
        """Return the offending bytes in hex."""
        return self.data[:16].hex().upper()
