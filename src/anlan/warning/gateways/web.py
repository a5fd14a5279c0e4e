"""Post small requests over HTTP/1.1: kept alive, bounded in time and size, and never led astray.

A request takes `timeout_s` in all, whatever a server does: the time is one deadline, not one for
each read. No redirect is followed, no proxy asked, and neither address nor headers stand in an
error, for secrets stand there. What counts above is whether a request may have left: it has not
while its last byte is still here, for a server does not act on half a request (RFC 9112,
section 8). Once its last byte is given away and no answer comes, nobody knows, and it is not sent
again from here.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from select import POLLIN, poll
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from anlan.warning.gateways.answers import Answer, Reading
from anlan.warning.gateways.dialling import connected, time_left

IDLE_S: Final = 15.0
"""A connection unused for longer is not trusted: something between may have dropped it."""
_PIECE: Final = 65_536
_PORTS: Final = {"http": 80, "https": 443}


class NotLeft(Exception):
    """The request did not leave, for the reason given; nothing was acted on."""


class MayHaveLeft(Exception):
    """The request left, and what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is, and the path at it, as an address tells them."""

    host: str
    port: int
    path: str
    is_secure: bool

    @property
    def name(self) -> str:
        """Return the host as the Host header names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (80, 443) else f"{host}:{self.port}"


def place_of(address: str) -> Place:
    """Return the place that an HTTP address means; raise ValueError when it means none."""
    parts = urlsplit(address)
    port = parts.port or _PORTS.get(parts.scheme, 0)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("no HTTP address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not address.isascii() or any(sign <= " " or sign == "\x7f" for sign in address):
        raise ValueError("an HTTP address has neither blanks nor signs beyond ASCII")
    return Place(parts.hostname, port, path, parts.scheme == "https")


class Client:
    """One connection to one server, opened when it is needed. For one thread."""

    def __init__(
        self, address: str, *, timeout_s: float, tls: ssl.SSLContext | None = None
    ) -> None:
        self._place = place_of(address)
        self._timeout_s = timeout_s
        self._tls = (tls or _trusting_the_system()) if self._place.is_secure else None
        self._socket: socket.socket | None = None
        self._used_at = 0.0
        self._head = (
            f"HTTP/1.1\r\nHost: {self._place.name}\r\nUser-Agent: Anlan\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\n"
        )

    def post(
        self, body: bytes, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        """Post a body and return what the server answered, whatever its status.

        `query` is added to that of the address. Raises NotLeft or MayHaveLeft.
        """
        until = monotonic() + self._timeout_s
        request = self._request(body, headers=headers or {}, query=query)
        try:
            return self._exchanged(request, until=until)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    def _request(self, body: bytes, *, headers: Mapping[str, str], query: str) -> bytes:
        path = self._place.path
        if query:
            path += ("&" if "?" in path else "?") + query
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if (
            " " in path
            or "\n" in path
            or not lines.count("\n") == lines.count("\r") == len(headers)
        ):
            raise NotLeft("bad-header")
        return f"POST {path} {self._head}{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _exchanged(self, request: bytes, *, until: float) -> Answer:
        kept = self._kept()
        if kept is not None:
            try:
                self._send(kept, request, until=until)
            except NotLeft:
                kept = None  # it was closed while it was idle: once more, on a new one
                self.close()
        if kept is None:
            kept = self._opened(until=until)
            self._send(kept, request, until=until)
        answer, is_kept = self._answer(kept, until=until)
        if is_kept:
            self._used_at = monotonic()
        else:
            self.close()
        return answer

    def _kept(self) -> socket.socket | None:
        """Return the open connection if it can still be trusted: nothing waits in it."""
        kept = self._socket
        if kept is None:
            return None
        if monotonic() - self._used_at < IDLE_S and not _has_something(kept):
            return kept
        self.close()
        return None

    def _opened(self, *, until: float) -> socket.socket:
        """Return a new connection, with its TLS greeting done."""
        place = self._place
        try:
            self._socket = connected(place.host, place.port, until=until, tls=self._tls)
        except ssl.SSLCertVerificationError:
            raise NotLeft("certificate") from None
        except ssl.SSLError:
            raise NotLeft("tls") from None
        except TimeoutError:
            raise NotLeft("timeout") from None
        except ConnectionRefusedError:
            raise NotLeft("refused") from None
        except OSError:
            raise NotLeft("connection") from None
        self._used_at = monotonic()
        return self._socket

    def _send(self, to: socket.socket, request: bytes, *, until: float) -> None:
        sent = 0
        try:
            while sent < len(request):
                to.settimeout(time_left(until))
                sent += to.send(request[sent:] if sent else request)
        except TimeoutError:
            raise NotLeft("timeout") from None
        except OSError:
            raise NotLeft("connection") from None

    def _answer(self, source: socket.socket, *, until: float) -> tuple[Answer, bool]:
        reading = Reading()
        try:
            while True:
                source.settimeout(time_left(until))
                data = source.recv(_PIECE)
                if reading.feed(data):
                    return reading.answer, reading.is_kept
        except TimeoutError:
            raise MayHaveLeft("timeout") from None
        except ValueError as error:
            raise MayHaveLeft(str(error)) from None
        except OSError:
            raise MayHaveLeft("connection") from None


def _has_something(kept: socket.socket) -> bool:
    """Tell whether an idle connection has an end or bytes to be read: it is of no use then.

    Tickets that TLS sends after its greeting are read on the way and are nothing.
    """
    looking = poll()
    looking.register(kept, POLLIN)
    if not isinstance(kept, ssl.SSLSocket):
        return bool(looking.poll(0))
    if not looking.poll(0) and not kept.pending():
        return False
    try:
        kept.settimeout(0)
        kept.recv(1)
    except ssl.SSLWantReadError:
        return False
    except OSError:
        return True
    return True


def _trusting_the_system() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
