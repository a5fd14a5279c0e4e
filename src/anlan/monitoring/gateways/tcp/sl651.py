"""The talk of an SL 651-2014 link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anlan.monitoring.core.arrivals import Answer, Arrival, Note, Shot
from anlan.monitoring.data import Protocol as Wire
from anlan.monitoring.gateways.sl651.codes import (
    ELEMENT_FUNCTIONS,
    KEEP_ALIVE,
    MANUAL_QUERY,
    MANUAL_REPORT,
    PICTURE_REPORT,
)
from anlan.monitoring.gateways.sl651.commands import answer_words, is_clock_set, parameters_of
from anlan.monitoring.gateways.sl651.encode import encode_command, encode_confirmation
from anlan.monitoring.gateways.sl651.packets import Gathered, PacketBook
from anlan.monitoring.gateways.sl651.readings import readings
from anlan.monitoring.gateways.sl651.stream import Fault, FrameStream
from anlan.monitoring.gateways.sl651.values import Encoding, Frame, UpFrame
from anlan.monitoring.gateways.tcp.conversation import (
    Asked,
    Damaged,
    Heard,
    Report,
    nothing_heard,
)

_PICTURE = "PIC"
MOST_STATIONS = 2_000  # behind one relay


class Sl651Conversation:
    """One link: one encoding, the stations that spoke on it, and their open transfers."""

    wire = Wire.SL651

    def __init__(self, *, peer: str, asked: Asked) -> None:
        self.peer = peer
        self._asked = asked
        self._stream = FrameStream()
        self._packets = PacketBook()
        self._encoding: Encoding | None = None
        self._centers: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return self._stream.waiting

    @property
    def held(self) -> int:
        """Return how many bytes of unfinished transfers are held."""
        return self._packets.size

    def hear(self, data: bytes, *, now: datetime, at: float) -> Heard:
        """Return what these bytes complete."""
        return self._take(self._stream.feed(data), now=now, at=at)

    def cut_off(self, *, now: datetime) -> Heard:
        """Return what is left of a frame whose rest does not come."""
        return self._take(self._stream.close(), now=now, at=0.0)

    def overdue(self, *, now: datetime, at: float) -> Heard:
        """Return what is to be said about transfers that stand still."""
        heard = nothing_heard()
        for gathered in self._packets.overdue(at=at, now=now):
            self._follow(gathered, heard=heard, now=now)
        return heard

    def confirmation(self, report: Report, *, now: datetime, stay_online: bool) -> bytes | None:
        """Return the answer to a report that is durable, or None where none is asked for."""
        if report.frame.function == KEEP_ALIVE or report.arrival.answer is not None:
            return None
        return encode_confirmation(report.frame, sent_at=now, stay_online=stay_online)

    def confirmed(self, report: Report, *, at: float) -> None:
        """Take note that a report was confirmed."""
        if report.frame.packets is not None:
            self._packets.remember(report.frame, at=at)

    def record(self, report: Report) -> bytes:
        """Return what is kept of a report that the store refuses."""
        return bytes_of(report.frame)

    def command(
        self,
        function: int,
        *,
        station: str,
        password: str,
        words: Mapping[str, Any],
        serial: int,
        now: datetime,
    ) -> bytes:
        """Return a command in the link's encoding; raise NotInThisEncoding where it has none."""
        encoding = self._encoding or "HEX"
        return encode_command(
            function,
            station=station,
            center=self._centers.get(station, 1),
            password=password,
            serial=serial,
            sent_at=now,
            parameters=parameters_of(function, words=words, encoding=encoding),
            encoding=encoding,
        )

    def _take(self, items: list[Frame | Fault], *, now: datetime, at: float) -> Heard:
        heard = nothing_heard()
        for item in items:
            if isinstance(item, UpFrame):
                self._receive(item, heard=heard, now=now, at=at)
            elif isinstance(item, Fault):
                heard.damaged.append(Damaged(item.reason, item.data))
            else:
                heard.damaged.append(Damaged("downward", item.body))
        return heard

    def _receive(self, frame: UpFrame, *, heard: Heard, now: datetime, at: float) -> None:
        if self._encoding is None:
            self._encoding = frame.encoding
        elif frame.encoding != self._encoding:
            heard.damaged.append(Damaged("mixed-encodings", bytes_of(frame)))
            return
        if frame.station in self._centers or len(self._centers) < MOST_STATIONS:
            self._centers[frame.station] = frame.center
        if frame.packets is None:
            self._report(frame, heard=heard, now=now)
        else:
            self._follow(self._packets.add(frame, at=at, now=now), heard=heard, now=now)

    def _follow(self, gathered: Gathered, *, heard: Heard, now: datetime) -> None:
        if gathered.whole is not None:
            self._report(gathered.whole, heard=heard, now=now)
        elif gathered.again is not None:
            heard.says.append(encode_confirmation(gathered.again, sent_at=now, stay_online=True))
        elif gathered.demand is not None:
            heard.says.append(gathered.demand)
        elif gathered.failed is not None:
            heard.damaged.append(Damaged("unfinished-transfer", gathered.failed.data))

    def _report(self, frame: UpFrame, *, heard: Heard, now: datetime) -> None:
        try:
            numbers = readings(frame)
        except (ValueError, OverflowError):
            heard.damaged.append(Damaged("bad-times", bytes_of(frame)))
            return
        arrival = Arrival(
            self.wire,
            self.peer,
            frame.station,
            frame.password,
            frame.sent_at,
            numbers,
            _shots(frame) if frame.function == PICTURE_REPORT else (),
            answer := self._answer(frame, now=now),
            None if answer else _note(frame),
        )
        heard.reports.append(Report(arrival, frame))

    def _answer(self, frame: UpFrame, *, now: datetime) -> Answer | None:
        command_id = self._asked(frame.station, frame.function)
        if command_id is None:
            return None
        words = answer_words(frame, received_at=now)
        return Answer(command_id, words, is_clock_set(frame, received_at=now))


def _shots(frame: UpFrame) -> tuple[Shot, ...]:
    """Return the pictures of a report, each with the time it was taken."""
    return tuple(
        Shot(observation.observed_at, element.raw)
        for observation in frame.observations
        if observation.observed_at is not None
        for element in observation.elements
        if element.name == _PICTURE and element.raw
    )


def _note(frame: UpFrame) -> Note | None:
    """Return what a report says beside numbers and pictures: manual text, parameters, events."""
    if frame.function in (MANUAL_REPORT, MANUAL_QUERY):
        return Note("manual-entry", bytes_of(frame))
    if frame.function in ELEMENT_FUNCTIONS or frame.function == KEEP_ALIVE or not frame.rest:
        return None
    return Note(f"function-{frame.function:02X}", bytes_of(frame))


def bytes_of(frame: UpFrame) -> bytes:
    """Return header and body of a frame, as they are kept when it cannot be used."""
    if frame.encoding == "ASCII":
        head = f"{frame.center:02X}{frame.station}{frame.password}{frame.function:02X}"
        return b"\x01" + head.encode("ascii") + frame.body
    head = f"7E7E{frame.center:02X}{frame.station}{frame.password}{frame.function:02X}"
    return bytes.fromhex(head) + frame.body
