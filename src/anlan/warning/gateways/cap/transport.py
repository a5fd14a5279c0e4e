"""Fetch feeds and messages over HTTP: bounded in time and size, and never led astray.

A source may stand on a private network, for counties reach the city's servers that way. Whatever
a feed points to elsewhere must lie at a public address, and no redirect leads to another host.
"""

import ipaddress
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

CONNECT_S: Final = 5.0
READ_S: Final = 10.0
TOTAL_S: Final = 30.0
MOST_REDIRECTS: Final = 3
_CHUNK: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_HEADERS: Final = {
    "User-Agent": "Anlan",
    "Accept": "application/cap+xml, application/atom+xml, application/rss+xml, application/xml",
    # What is not compressed cannot grow without bound when it is opened.
    "Accept-Encoding": "identity",
}


class FetchFault(Exception):
    """Why nothing was fetched: a stable code, and what stands behind it, such as a status."""

    def __init__(self, reason: str, *, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail[:200]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave: the bytes, None when nothing has changed, and what it is known by."""

    body: bytes | None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an answer may be, in seconds and bytes."""

    max_bytes: int
    total_s: float = TOTAL_S
    connect_s: float = CONNECT_S
    read_s: float = READ_S


def fetch(
    address: str,
    *,
    source: str,
    limits: Limits,
    etag: str = "",
    last_modified: str = "",
) -> Fetched:
    """Return what stands at an address, or that it has not changed since `etag`.

    `source` is the address of the feed that it belongs to. Raises FetchFault.
    """
    headers = dict(_HEADERS)
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    watch = _Watch(total_s=limits.total_s)
    try:
        with _session(watch) as session:
            found = _followed(address, session, watch, headers, source=source, limits=limits)
        if watch.fault:  # a connection that was cut looks like the end of an answer
            raise FetchFault(watch.fault)
        return found
    except FetchFault:
        raise
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise FetchFault(_reason(error, watch), detail=type(error).__name__) from None
    finally:
        watch.stop()


def checked_address(address: str) -> SplitResult:
    """Return the parts of an HTTP address; raise FetchFault when it is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise FetchFault("bad-address", detail=address) from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise FetchFault("bad-address", detail=address)
    return parts


def _followed(
    address: str,
    session: requests.Session,
    watch: "_Watch",
    headers: dict[str, str],
    *,
    source: str,
    limits: Limits,
) -> Fetched:
    home = _origin(checked_address(source))
    host = checked_address(address).hostname
    for _turn in range(MOST_REDIRECTS + 1):
        parts = checked_address(address)
        if parts.hostname != host:
            raise FetchFault("redirect", detail=parts.hostname or "")
        watch.may_be_private = _origin(parts) == home
        with session.get(
            address,
            headers=headers,
            timeout=(limits.connect_s, limits.read_s),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code not in _REDIRECTS:
                return _read(answer, limits=limits)
            address = urljoin(address, answer.headers.get("Location", ""))
    raise FetchFault("redirect", detail=str(MOST_REDIRECTS))


def _origin(parts: SplitResult) -> tuple[str, int]:
    """Return host and port; http and https of one host on their own ports count as one."""
    port = parts.port or _PORTS[parts.scheme]
    return (parts.hostname or "").lower(), 80 if port == _PORTS[parts.scheme] else port


def _read(answer: requests.Response, *, limits: Limits) -> Fetched:
    if answer.status_code == requests.codes.not_modified:
        return Fetched(None)
    if answer.status_code != requests.codes.ok:
        raise FetchFault("http-status", detail=str(answer.status_code))
    if answer.headers.get("Content-Encoding", "identity") not in ("identity", ""):
        raise FetchFault("compressed", detail=answer.headers["Content-Encoding"])
    told = answer.headers.get("Content-Length", "")
    if told.isdigit() and int(told) > limits.max_bytes:
        raise FetchFault("too-large", detail=told)
    body = bytearray()
    for chunk in answer.raw.stream(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > limits.max_bytes:
            raise FetchFault("too-large", detail=str(limits.max_bytes))
    return Fetched(
        bytes(body),
        etag=answer.headers.get("ETag", "")[:250],
        last_modified=answer.headers.get("Last-Modified", "")[:80],
    )


def _reason(error: Exception, watch: "_Watch") -> str:
    """Return the code of what went wrong on the wire."""
    if watch.fault:
        return watch.fault
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and len(chain) < 10:
        chain.append(cause)
    text = " ".join(type(each).__name__ for each in chain)
    for part, reason in _CAUSES.items():
        if part in text:
            return reason
    return "connection"


_CAUSES: Final = {
    "gaierror": "no-host",
    "NameResolution": "no-host",
    "SSL": "tls",
    "Certificate": "tls",
    "Timeout": "timeout",
    "timeout": "timeout",
    "InvalidURL": "bad-address",
    "LocationParse": "bad-address",
    "InvalidSchema": "bad-address",
    "ConnectionRefused": "refused",
}


class _Watch:
    """Looks at every connection before anything is sent, and cuts the last one when time is up."""

    def __init__(self, *, total_s: float) -> None:
        self.may_be_private = False
        self.fault = ""
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(total_s, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def check(self, host: str, port: int) -> None:
        """Refuse a name that leads to a private address, before the connection is made."""
        if not self.may_be_private:
            for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                self._check_public(str(found[4][0]))

    def opened(self, opened: socket.socket) -> None:
        """Refuse a connection that ended at a private address all the same; keep it in sight."""
        self._socket = opened
        if self.fault:
            self._cut()
        if not self.may_be_private:
            self._check_public(str(opened.getpeername()[0]))

    def _check_public(self, text: str) -> None:
        address = ipaddress.ip_address(text.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if not address.is_global or address.is_multicast:
            self.fault = "private-address"
            raise FetchFault("private-address", detail=text)

    def _cut(self) -> None:
        self.fault = self.fault or "timeout"
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Stop the clock."""
        self._timer.cancel()


def _session(watch: _Watch) -> requests.Session:
    """Return a session that knows no proxy, no password file and no cookies of others."""
    session = requests.Session()
    session.trust_env = False
    adapter = _Adapter(watch)
    for scheme in _PORTS:
        session.mount(f"{scheme}://", adapter)
    return session


class _Adapter(HTTPAdapter):
    """Opens connections that are watched."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools with the watched connections."""
        self.poolmanager = PoolManager(*args[:1], **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._watch)


def _pools(watch: _Watch) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            watch.check(self.host, self.port)
            opened = super()._new_conn()
            watch.opened(opened)
            return opened

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            watch.check(self.host, self.port)
            opened = super()._new_conn()
            watch.opened(opened)
            return opened

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
