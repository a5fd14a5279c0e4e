"""Phones under a test's control: every message is recorded, some are refused or answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.warning.data import Message, Purpose, Receipt


@dataclass(frozen=True)
class Ring:
    """One message that left."""

    channel: str
    at: datetime
    message: Message


class Exchange:
    """What rang, who is refused, and what happens when a phone rings."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []
        self.refused: set[int] = set()
        self.broken = False
        self.when_rung: Callable[[Message, datetime], None] = lambda message, at: None

    def reset(self) -> None:
        """Forget everything: a new test begins."""
        self.__init__()  # type: ignore[misc]

    def calls(self) -> list[Ring]:
        """Return the rings that were calls of a warning."""
        return [ring for ring in self.rings if ring.message.purpose is Purpose.CALL]

    def called_for(self) -> list[tuple[str, int | None, str]]:
        """Return reference, person and channel of every call, those in one letter one by one."""
        return [
            (reference, ring.message.person_id, ring.channel)
            for ring in self.calls()
            for reference in (ring.message.reference, *(other for other, _ in ring.message.also))
        ]

    def rung(self) -> list[tuple[str, int | None]]:
        """Return channel and person of each call, in order."""
        return [(ring.channel, ring.message.person_id) for ring in self.calls()]


exchange = Exchange()


class Line:
    """A channel that hands everything to the exchange."""

    name = ""

    def send(self, messages: Sequence[Message], *, now: datetime) -> Sequence[Receipt]:
        """Record each message and accept it unless its person is refused."""
        if exchange.broken:
            raise ConnectionError("the line is down")
        receipts = []
        for message in messages:
            exchange.rings.append(Ring(self.name, now, message))
            if message.person_id in exchange.refused:
                receipts.append(Receipt(is_accepted=False, reason="no such number"))
            else:
                receipts.append(Receipt(is_accepted=True))
                exchange.when_rung(message, now)
        return receipts


class Sms(Line):
    """The first channel tried."""

    name = "sms"


class Voice(Line):
    """The channel of the second attempt."""

    name = "voice"
