"""The talk of an HJ 212 link."""

from datetime import datetime
from typing import Final

from anlan.monitoring.core.arrivals import Arrival
from anlan.monitoring.data import Protocol as Wire
from anlan.monitoring.gateways.hj212.answers import answers_to
from anlan.monitoring.gateways.hj212.codes import DATA_COMMANDS
from anlan.monitoring.gateways.hj212.errors import BadTime
from anlan.monitoring.gateways.hj212.readings import readings
from anlan.monitoring.gateways.hj212.segment import read_time
from anlan.monitoring.gateways.hj212.stream import Fault, FrameStream
from anlan.monitoring.gateways.hj212.values import Field, Frame
from anlan.monitoring.gateways.tcp.conversation import (
    Asked,
    Damaged,
    Heard,
    Report,
    nothing_heard,
)

_TIME: Final = "DataTime"
MOST_UPLOADS: Final = 200


class Hj212Conversation:
    """One link. Each packet of an upload is stored and confirmed for itself.

    The station sends the next packet only when it has the answer to the one before; a later
    packet that does not repeat the DataTime has that of the one before.
    """

    wire = Wire.HJ212
    held = 0

    def __init__(self, *, peer: str, asked: Asked) -> None:
        del asked  # commands go to SL 651 stations alone
        self.peer = peer
        self._stream = FrameStream()
        self._times: dict[tuple[str, int], str] = {}

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return self._stream.waiting

    def hear(self, data: bytes, *, now: datetime, at: float) -> Heard:
        """Return what these bytes complete."""
        del now, at  # every message carries its own time
        return self._take(self._stream.feed(data))

    def cut_off(self, *, now: datetime) -> Heard:
        """Return what is left of a message whose rest does not come."""
        del now  # the same for every protocol
        return self._take(self._stream.close())

    def overdue(self, *, now: datetime, at: float) -> Heard:
        """Return nothing: each packet stands for itself."""
        del now, at  # the same for every protocol
        return nothing_heard()

    def confirmation(self, report: Report, *, now: datetime, stay_online: bool) -> bytes | None:
        """Return the answer to a message that is durable, or None where none is asked for."""
        del now, stay_online  # the answer carries the message's own number
        return answers_to([report.frame])[0]

    def confirmed(self, report: Report, *, at: float) -> None:
        """Take note of nothing: a repetition is a report of its own."""

    def record(self, report: Report) -> bytes:
        """Return what is kept of a message that the store refuses."""
        return repr(report.frame.items).encode()

    def _take(self, items: list[Frame | Fault]) -> Heard:
        heard = nothing_heard()
        for item in items:
            if isinstance(item, Fault):
                heard.damaged.append(Damaged(item.reason, item.data))
            else:
                self._report(item, heard=heard)
        return heard

    def _report(self, frame: Frame, *, heard: Heard) -> None:
        timed = self._with_time(frame)
        if frame.command in DATA_COMMANDS and timed is None:
            heard.damaged.append(Damaged("bad-times", repr(frame.items).encode()))
            return
        numbers = tuple(reading.raw for reading in readings(timed or frame))
        arrival = Arrival(
            self.wire, self.peer, frame.station, frame.password, _sent_at(frame), numbers
        )
        heard.reports.append(Report(arrival, frame))

    def _with_time(self, frame: Frame) -> Frame | None:
        """Return the message with a DataTime; None where neither it nor the one before has one."""
        key = (frame.station, frame.command)
        times = [field.value for item in frame.items for field in item if field.name == _TIME]
        if not times:
            known = self._times.get(key) if (frame.number or 0) > 1 else None
            if known is None:
                return None
            return frame._replace(items=((Field(_TIME, known),), *frame.items))
        if len(self._times) >= MOST_UPLOADS:
            self._times.clear()
        self._times[key] = times[-1]
        return frame


def _sent_at(frame: Frame) -> datetime | None:
    try:
        return read_time(frame.request) if frame.request else None
    except BadTime:
        return None
