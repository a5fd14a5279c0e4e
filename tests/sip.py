"""Telephony over SIP on this machine: phones that ring, and a caller. RFC 3261 over UDP, RFC 2976.

Only what a call with a key needs: INVITE, 100, 180, 200, ACK, INFO, BYE, CANCEL, 486, 487, 603.
"""

import re
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

HOST = "127.0.0.1"
SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
)
REASONS = {100: "Trying", 180: "Ringing", 200: "OK", 486: "Busy Here", 487: "Request Terminated"}
REASONS[603] = "Decline"
COPIED = ("via", "from", "to", "call-id", "cseq")
Place = tuple[str, int]


@dataclass(frozen=True)
class SipMessage:
    """A request or a response: its first line, its headers in small letters, its body."""

    first: str
    headers: Mapping[str, str]
    body: str = ""

    @property
    def method(self) -> str:
        """Return the method of a request, "" for a response."""
        return "" if self.status else self.first.partition(" ")[0]

    @property
    def status(self) -> int:
        """Return the status of a response, 0 for a request."""
        found = re.match(r"SIP/2\.0 (\d{3}) ", self.first)
        return int(found[1]) if found else 0

    @property
    def number(self) -> str:
        """Return the number that a request is for."""
        found = re.search(r"sip:([^@]+)@", self.first)
        return found[1] if found else ""

    def written(self) -> bytes:
        """Return the message as it goes over the wire."""
        headers = {**self.headers, "content-length": str(len(self.body.encode()))}
        lines = [self.first, *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()

    def answer(self, status: int, *, tag: str = "", body: str = "") -> "SipMessage":
        """Return the response to a request."""
        headers = {name: self.headers[name] for name in COPIED}
        if tag and "tag=" not in headers["to"]:
            headers["to"] += f";tag={tag}"
        if body:
            headers["content-type"] = "application/sdp"
        return SipMessage(f"SIP/2.0 {status} {REASONS[status]}", headers, body)


def read(data: bytes) -> SipMessage:
    """Return the message in a datagram."""
    head, _, body = data.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
    return SipMessage(first, headers, body)


class Phones:
    """Phones on one port. What each does: `1` answers and presses 1, `answers`, `busy`,
    `rejects`, `rings`: nobody is there."""

    def __init__(self, habits: Mapping[str, str]) -> None:
        self.habits = dict(habits)
        self.heard: list[str] = []
        self._wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wire.bind((HOST, 0))
        self._ringing: dict[str, SipMessage] = {}
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    @property
    def place(self) -> Place:
        """Return where they are reached."""
        return (HOST, int(self._wire.getsockname()[1]))

    def close(self) -> None:
        """Switch them off."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.place)
        self._thread.join()
        self._wire.close()

    def _listen(self) -> None:
        while True:
            data, caller = self._wire.recvfrom(65_536)
            if not data:
                return
            message = read(data)
            self.heard.append(message.first)
            for answer in self._answers(message):
                self._wire.sendto(answer.written(), caller)

    def _answers(self, message: SipMessage) -> list[SipMessage]:
        if message.method == "INVITE":
            return self._rung(message)
        if message.method == "ACK":
            key = self.habits.get(message.number, "")
            return [_info(message, key)] if len(key) == 1 else []
        if message.method == "CANCEL":
            invited = self._ringing.pop(message.headers["call-id"])
            return [message.answer(200), invited.answer(487, tag="phone")]
        return [message.answer(200)] if message.method == "BYE" else []

    def _rung(self, message: SipMessage) -> list[SipMessage]:
        habit = self.habits.get(message.number, "rings")
        if habit in ("busy", "rejects"):
            status = 486 if habit == "busy" else 603
            return [message.answer(100), message.answer(status, tag="phone")]
        ringing = [message.answer(100), message.answer(180, tag="phone")]
        if habit == "rings":
            self._ringing[message.headers["call-id"]] = message
            return ringing
        return [*ringing, message.answer(200, tag="phone", body=SDP)]


def _info(ack: SipMessage, key: str) -> SipMessage:
    headers = {
        "via": f"SIP/2.0/UDP {HOST};branch=z9hG4bK{uuid4().hex}",
        "from": ack.headers["to"],
        "to": ack.headers["from"],
        "call-id": ack.headers["call-id"],
        "cseq": "1 INFO",
        "content-type": "application/dtmf-relay",
    }
    first = f"INFO sip:platform@{HOST} SIP/2.0"
    return SipMessage(first, headers, f"Signal={key}\r\nDuration=160\r\n")


@dataclass
class Calling:
    """One call that is placed: what was said, and how it ended."""

    number: str
    phones: Place
    rings_s: float = 0.3
    key_s: float = 0.3
    trace: list[str] = field(default_factory=list)

    def place(self) -> tuple[str, str]:
        """Place the call and return the result, and the key that was pressed."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as self._wire:
            self._wire.bind((HOST, 0))
            self._id, self._branch, self._to = uuid4().hex, f"z9hG4bK{uuid4().hex}", ""
            return self._spoken()

    def _spoken(self) -> tuple[str, str]:
        self._ask("INVITE", 1, body=SDP)
        final = self._final(self.rings_s)
        if final is None:
            self._ask("CANCEL", 1)
            final = self._final(1.0)
            self._ask("ACK", 1)
            return ("no-answer" if final and final.status == 487 else "unreachable"), ""
        self._to = final.headers["to"]
        self._ask("ACK", 1)
        if final.status != 200:
            return {486: "busy", 603: "rejected"}.get(final.status, "failed"), ""
        key = self._key()
        self._branch = f"z9hG4bK{uuid4().hex}"
        self._ask("BYE", 2)
        self._final(1.0)
        return "answered", key

    def _ask(self, method: str, sequence: int, *, body: str = "") -> None:
        place = self._wire.getsockname()
        headers = {
            "via": f"SIP/2.0/UDP {HOST}:{place[1]};branch={self._branch}",
            "max-forwards": "70",
            "from": f"<sip:platform@{HOST}>;tag=platform",
            "to": self._to or f"<sip:{self.number}@{HOST}>",
            "call-id": self._id,
            "cseq": f"{sequence} {method}",
            "contact": f"<sip:platform@{HOST}:{place[1]}>",
        }
        if body:
            headers["content-type"] = "application/sdp"
        first = f"{method} sip:{self.number}@{HOST} SIP/2.0"
        self._wire.sendto(SipMessage(first, headers, body).written(), self.phones)

    def _heard(self, within_s: float) -> SipMessage | None:
        self._wire.settimeout(within_s)
        with suppress(TimeoutError):
            message = read(self._wire.recv(65_536))
            self.trace.append(message.first)
            return message
        return None

    def _final(self, within_s: float) -> SipMessage | None:
        """Return the response that ends a request; those of a CANCEL itself are passed over."""
        while message := self._heard(within_s):
            if message.status >= 200 and not message.headers["cseq"].endswith("CANCEL"):
                return message
        return None

    def _key(self) -> str:
        while message := self._heard(self.key_s):
            if message.method == "INFO":
                self._wire.sendto(message.answer(200).written(), self.phones)
                found = re.search(r"Signal=(\S)", message.body)
                return found[1] if found else ""
        return ""
