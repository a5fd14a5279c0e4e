"""Show a frame as a plain document, for logs, for the simulator and for comparison."""

from typing import Any

from .codes import LINK_WORDS
from .values import Frame, Label, UpFrame

Document = dict[str, Any]


def as_document(frame: Frame) -> Document:
    """Return the fields of a frame as JSON objects; words of status as numbers and by name."""
    document: Document = {
        "crc_ok": True,
        "direction": "up" if isinstance(frame, UpFrame) else "down",
        "station": frame.station,
        "func": f"{frame.function:02X}",
        "kind": frame.kind,
        "counter": frame.counter,
    }
    if not isinstance(frame, UpFrame):
        return document | {"data": frame.data.hex().upper()}
    if frame.link is not None:
        return document | {"link": LINK_WORDS[frame.link]}
    if frame.period is not None:
        document["period"] = frame.period
    if frame.label is not None:
        document["label"] = _label(frame.label)
        document["delay"] = frame.label.delay
    return document | {
        "alarm": frame.alarm,
        "alarms": list(frame.alarms),
        "state": frame.state,
        "elements": [number._asdict() for number in frame.numbers],
    }


def _label(label: Label) -> str:
    """Return a label as text; a short one has no date but the day of the month."""
    date = f"{label.day:02d}"
    if label.month is not None and label.year is not None:
        date = f"{label.year}-{label.month:02d}-{date}"
    return f"{date} {label.hour:02d}:{label.minute:02d}:{label.second:02d}"
