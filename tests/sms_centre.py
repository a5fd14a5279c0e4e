"""An SMS gateway of the usual kind under a test's control: real sockets, real signatures.

It takes signed orders, knows repeats by their number, and makes the signed callbacks that it would
send. A `mood` misbehaves with a request and tells that it has dealt with it, or raises to hang up.
"""

import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5, sha256
from typing import Any
from uuid import uuid4

from anlan.warning.gateways.provider import ProviderSettings
from tests.raw_server import Call, RawServer, raw_server

ACCOUNT, SECRET = "county-990701", "s3cret-of-the-gateway"
Mood = Callable[[Call, bytes], bool]


@dataclass
class Centre:
    """What a gateway holds: the texts that went out, by number, and all orders as they came."""

    items: str = "messages"
    number: str = "extId"
    account: str = ACCOUNT
    secret: str = SECRET
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    repeats: int = 0
    codes: dict[str, Any] = field(default_factory=dict)
    whole: Any = 0
    mood: Mood | None = None
    timeout_s: float = 5.0
    when_taken: Callable[[dict[str, Any]], None] = lambda item: None
    server: RawServer = field(init=False)

    def talk(self, call: Call) -> None:
        """Answer orders on a connection until the other side hangs up."""
        while request := call.request():
            if self.mood is None or not self.mood(call, request):
                call.say(self.answer_to(request))

    def answer_to(self, request: bytes) -> bytes:
        """Return the answer to an order, and take what stands in it."""
        head, _, body = request.partition(b"\r\n\r\n")
        if not self.has_signed(head.decode(), body):
            return json_answer({"code": 301, "message": "signature"})
        order = json.loads(body)
        self.orders.append(order)
        if self.whole:
            return json_answer({"code": self.whole})
        results = [self._take(item) for item in order[self.items]]
        return json_answer({"code": 0, "message": "ok", "results": results})

    def has_signed(self, head: str, body: bytes) -> bool:
        """Tell whether an order carries the right signature, of either kind."""
        told = {
            name.lower(): value
            for name, _, value in (x.partition(": ") for x in head.split("\r\n"))
        }
        if "x-signature" in told:
            lines = ("order", self.account, told["x-timestamp"], told["x-nonce"], "")
            right = hmac.new(self.secret.encode(), "\n".join(lines).encode() + body, sha256)
            return hmac.compare_digest(right.hexdigest(), told["x-signature"])
        found = json.loads(body)
        said = f"{self.account}{self.secret}{found.get('timestamp', '')}"
        return bool(found.get("sign") == md5(said.encode(), usedforsecurity=False).hexdigest())

    def _take(self, item: dict[str, Any]) -> dict[str, Any]:
        number = item[self.number]
        to = str(item.get("mobile") or item.get("to") or item.get("device"))
        code = self.codes.get(to, 0)
        if code == 0:
            if number in self.sent:
                self.repeats += 1
            else:
                self.sent[number] = item
                self.when_taken(item)
        return {self.number: number, "code": code, "msgId": f"m-{number}"}

    def texts(self) -> list[str]:
        """Return the texts that went out, in order."""
        return [item["text"] for item in self.sent.values()]

    def settings(self, **options: str) -> ProviderSettings:
        """Return the settings by which this gateway is reached."""
        return ProviderSettings(
            name="sms one",
            address=self.server.address,
            account=self.account,
            secret=self.secret,
            options={"sign_name": "县应急", **options},
            timeout_s=self.timeout_s,
        )

    def callback(
        self, *, now: datetime, secret: str = "", nonce: str = "", **lists: list[dict[str, Any]]
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and body of a callback as this gateway signs it."""
        body = json.dumps(lists, ensure_ascii=False).encode()
        timestamp, nonce = str(int(now.timestamp())), nonce or uuid4().hex
        lines = ("callback", self.account, timestamp, nonce, "")
        said = "\n".join(lines).encode() + body
        signature = hmac.new((secret or self.secret).encode(), said, sha256).hexdigest()
        headers = {"X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}
        return headers, body

    def report(self, key: str, *, status: str = "DELIVRD") -> dict[str, str]:
        """Return the receipt of a message that went out."""
        return {"extId": key, "msgId": f"m-{key}", "status": status}


def json_answer(document: Any, *, status: str = "200 OK") -> bytes:
    """Return an answer of HTTP with JSON in it."""
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def centre(**given: Any) -> Iterator[Centre]:
    """Run a gateway until the block ends."""
    made = Centre(**given)
    with raw_server(made.talk) as server:
        made.server = server
        yield made


def says(answer: bytes) -> Mood:
    """Return the mood to give this answer, whatever is ordered."""

    def mood(call: Call, _request: bytes) -> bool:
        call.say(answer)
        return True

    return mood


def with_status(status: str) -> Mood:
    """Return the mood to answer with a status of HTTP and nothing else."""
    return says(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())


def hangs_up(_call: Call, _request: bytes) -> bool:
    """Take an order and hang up."""
    raise ConnectionAbortedError


def cut_off(call: Call, _request: bytes) -> bool:
    """Begin an answer and hang up."""
    call.say(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"code": 0')
    raise ConnectionAbortedError


def resets(call: Call, _request: bytes) -> bool:
    """Take an order and reset the connection."""
    call.reset()
    raise ConnectionAbortedError


def is_silent(call: Call, _request: bytes) -> bool:
    """Take an order and say nothing."""
    call.released.wait(10)
    raise ConnectionAbortedError


def drips(call: Call, _request: bytes) -> bool:
    """Answer a byte at a time, for ever."""
    call.drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, every_s=0.05)
    raise ConnectionAbortedError


def answers_twice(made: Centre) -> Mood:
    """Return the mood to give every answer twice."""

    def mood(call: Call, request: bytes) -> bool:
        call.say(made.answer_to(request) * 2)
        return True

    return mood
