"""Show a message as a plain document, for logs, for the simulator and for comparison."""

from typing import Any

from .values import Frame

Document = dict[str, Any]


def as_document(frame: Frame) -> Document:
    """Return the fields of a message as JSON objects, values as sent."""
    document: Document = {
        "crc_ok": True,
        "length": frame.length,
        "request": frame.request,
        "system": frame.system,
        "command": frame.command,
        "station": frame.station,
        "password": frame.password,
        "flag": frame.flag,
        "version": frame.version,
        "asks_answer": frame.asks_answer,
    }
    if frame.packets is not None:
        document |= {"packets": frame.packets, "number": frame.number}
    if frame.extras:
        document["extras"] = dict(frame.extras)
    document["items"] = [dict(item) for item in frame.items]
    return document
