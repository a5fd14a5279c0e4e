"""The talk of an SZY 206 link."""

from datetime import datetime

from anlan.monitoring.core.arrivals import Arrival
from anlan.monitoring.data import Protocol as Wire
from anlan.monitoring.gateways.szy206.encode import encode_confirmation
from anlan.monitoring.gateways.szy206.readings import readings
from anlan.monitoring.gateways.szy206.stream import Fault, FrameStream
from anlan.monitoring.gateways.szy206.values import Frame, UpFrame
from anlan.monitoring.gateways.tcp.conversation import (
    Asked,
    Damaged,
    Heard,
    Report,
    nothing_heard,
)


class Szy206Conversation:
    """One link. A report has no password, and no send time beside that of its values."""

    wire = Wire.SZY206
    held = 0

    def __init__(self, *, peer: str, asked: Asked) -> None:
        del asked  # commands go to SL 651 stations alone
        self.peer = peer
        self._stream = FrameStream()

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return self._stream.waiting

    def hear(self, data: bytes, *, now: datetime, at: float) -> Heard:
        """Return what these bytes complete."""
        del at  # nothing here takes its time
        return self._take(self._stream.feed(data), now=now)

    def cut_off(self, *, now: datetime) -> Heard:
        """Return what is left of a frame whose rest does not come."""
        return self._take(self._stream.close(), now=now)

    def overdue(self, *, now: datetime, at: float) -> Heard:
        """Return nothing: a report is one frame."""
        del now, at  # the same for every protocol
        return nothing_heard()

    def confirmation(self, report: Report, *, now: datetime, stay_online: bool) -> bytes | None:
        """Return the answer to a report that is durable."""
        del stay_online  # the station stays as it is set
        return encode_confirmation(report.frame, sent_at=now)

    def confirmed(self, report: Report, *, at: float) -> None:
        """Take note of nothing: a repetition is a report of its own."""

    def record(self, report: Report) -> bytes:
        """Return what is kept of a report that the store refuses."""
        data: bytes = report.frame.data
        return data

    def _take(self, items: list[Frame | Fault], *, now: datetime) -> Heard:
        heard = nothing_heard()
        for item in items:
            if isinstance(item, UpFrame):
                self._report(item, heard=heard, now=now)
            elif isinstance(item, Fault):
                heard.damaged.append(Damaged(item.reason, item.data))
            else:
                heard.damaged.append(Damaged("downward", item.data))
        return heard

    def _report(self, frame: UpFrame, *, heard: Heard, now: datetime) -> None:
        numbers = readings(frame, received_at=now)
        if frame.numbers and not numbers:
            heard.damaged.append(Damaged("bad-times", frame.data))
            return
        arrival = Arrival(self.wire, self.peer, frame.station, None, None, numbers)
        heard.reports.append(Report(arrival, frame))
