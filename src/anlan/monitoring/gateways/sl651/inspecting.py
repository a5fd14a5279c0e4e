"""Show any bytes for people who check frames: the document, or why they are refused.

Nothing of a refused frame may be used; what a damaged one seems to say helps to find the damage.
"""

from fastcrc import crc16

from .document import Document, as_document
from .errors import BadCrc, FrameError
from .frame import decode

_modbus = crc16.modbus


def inspected(data: bytes) -> Document:
    """Return the fields of a frame, with `error` and `detail` where it is refused.

    A frame whose checksum alone is wrong is shown as if it were right, with `crc_ok` false.
    """
    try:
        return as_document(decode(data))
    except BadCrc as error:
        return _as_if_right(data) | {"error": error.reason, "detail": str(error)}
    except FrameError as error:
        return {"error": error.reason, "detail": str(error)}


def _as_if_right(data: bytes) -> Document:
    """Return what a frame says apart from its checksum; nothing more when it says nothing."""
    size = 4 if data[:1] == b"\x01" else 2
    right = _modbus(data[:-size])
    mended = f"{right:04X}".encode() if size == 4 else right.to_bytes(2, "big")
    try:
        document = as_document(decode(data[:-size] + mended))
    except FrameError:
        return {"crc_ok": False}
    return {**document, "crc_ok": False}
