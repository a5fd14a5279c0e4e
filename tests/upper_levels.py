"""Upper levels under a test's control: a real feed server on this machine, and sources for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.warning.actions.receive_alert import receive_alert
from anlan.warning.data import ReceivedAlert
from anlan.warning.models import UpperWarning, WarningSource
from tests.cast import COUNTY

BY = the_program("tests")
Answer = Callable[[BaseHTTPRequestHandler], None]


def add_source(address: str = "http://shi.example.cn/cap", **given: Any) -> WarningSource:
    """Add a source that speaks to a county, without asking it."""
    now = clock.now()
    values = {"division_id": COUNTY, "name": "市气象台", "kept_at": now, "due_at": now}
    source: WarningSource = WarningSource.objects.create(
        **{**values, "address": address, "poll_token": "first", **given}
    )
    return source


def receive(text: str | bytes, source: WarningSource) -> ReceivedAlert:
    """Let a message of a source come in now."""
    raw = text.encode() if isinstance(text, str) else text
    return receive_alert(raw, source_uuid=str(source.uuid), by=BY, now=clock.now())


def states() -> dict[str, str]:
    """Return the state of each message that is kept, by its identifier."""
    return dict(UpperWarning.objects.order_by("pk").values_list("identifier", "state"))


class FeedServer:
    """Answers each path as it is told, and remembers what was asked with which headers."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands each request to the page that it asks for."""

            def do_GET(self) -> None:
                """Answer a request."""
                outer.asked.append(self.path)
                outer.headers.append(dict(self.headers.items()))
                page = outer.pages.get(self.path)
                if page is None:
                    self.send_error(404)
                else:
                    page(self)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_args: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def address(self) -> str:
        """Return where the server listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Let go of whoever waits, and stop."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def says(self, path: str, body: bytes | str, *, etag: str = "") -> None:
        """Let a path give these bytes, or that nothing changed to whoever names the etag."""
        content = body.encode() if isinstance(body, str) else body

        def answer(handler: BaseHTTPRequestHandler) -> None:
            if etag and handler.headers.get("If-None-Match") == etag:
                handler.send_response(304)
                handler.end_headers()
                return
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            if etag:
                handler.send_header("ETag", etag)
            handler.end_headers()
            handler.wfile.write(content)

        self.pages[path] = answer

    def fails(self, path: str, status: int) -> None:
        """Let a path give a status and nothing else."""
        self.pages[path] = lambda handler: handler.send_error(status)

    def leads(self, path: str, to: str) -> None:
        """Let a path lead to another address."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.end_headers()

        self.pages[path] = answer


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Run a feed server until the block ends."""
    server = FeedServer()
    try:
        yield server
    finally:
        server.close()


def atom(*links: str, inline: str = "", updated: str = "1") -> str:
    """Return a feed with an entry for each link, and one that carries a message."""
    entries = [
        f"<entry><id>{link}</id><updated>{updated}</updated>"
        f'<link href="{link}" type="application/cap+xml"/></entry>'
        for link in links
    ]
    if inline:
        entries.append(f"<entry><id>inline</id><content>{inline}</content></entry>")
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'
