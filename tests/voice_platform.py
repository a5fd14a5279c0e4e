"""A platform that places calls, under a test's control: orders over HTTP, real calls over SIP."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from anlan.kernel import clock
from tests.raw_server import raw_server
from tests.sip import Calling, Phones
from tests.sms_centre import Centre

CallBack = Callable[[dict[str, str], bytes], None]


class Platform(Centre):
    """Takes signed orders, calls each phone in turn, and calls back what became of it."""

    def __init__(self, phones: Phones, *, call_back: CallBack) -> None:
        super().__init__(items="calls", number="callId")
        self.phones, self.call_back = phones, call_back
        self.placed: list[Calling] = []
        self.spoken: dict[str, str] = {}
        self._calls: list[threading.Thread] = []
        self.when_taken = self._call

    def finish(self) -> None:
        """Wait until every call has ended."""
        for each in self._calls:
            each.join()

    def _call(self, item: dict[str, Any]) -> None:
        self._calls.append(threading.Thread(target=self._place, args=(item,)))
        self._calls[-1].start()

    def _place(self, item: dict[str, Any]) -> None:
        call = Calling(item["to"], self.phones.place)
        self.placed.append(call)
        result, key = call.place()
        if result == "answered":
            self.spoken[item["to"]] = item["text"] + item["prompt"]
        said = {"callId": item["callId"], "to": item["to"], "result": result, "key": key}
        self.call_back(*self.callback(now=clock.now(), calls=[said]))


def posting_to(address: str) -> CallBack:
    """Return what posts callbacks to an address."""

    def post(headers: dict[str, str], body: bytes) -> None:
        parts = urlsplit(address)
        wire = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        wire.request("POST", parts.path, body, {**headers, "Content-Type": "application/json"})
        wire.getresponse().read()
        wire.close()

    return post


@contextmanager
def platform(habits: Mapping[str, str], *, call_back: CallBack) -> Iterator[Platform]:
    """Run a platform and its phones until the block ends."""
    phones = Phones(habits)
    made = Platform(phones, call_back=call_back)
    try:
        with raw_server(made.talk) as server:
            made.server = server
            yield made
            made.finish()
    finally:
        phones.close()
