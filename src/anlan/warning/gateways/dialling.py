"""Reach a host by its name: look it up and connect, and wait no longer than one has time."""

import socket
import ssl
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

Found = list[tuple[int, Any]]


def time_left(until: float) -> float:
    """Return the seconds until an instant of the monotonic clock; raise TimeoutError at none."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def connected(
    host: str, port: int, *, until: float, tls: ssl.SSLContext | None = None
) -> socket.socket:
    """Return a connection to one of the addresses of a host, greeted under TLS where asked for.

    Raises OSError when none answers, and TimeoutError, which is one, when time is up.
    """
    found = addresses_of(host, port, within_s=time_left(until))
    fault: OSError = OSError("no address")
    for number, (family, address) in enumerate(found):
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(time_left(until) / (len(found) - number))
            made.connect(address)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.settimeout(time_left(until))
        except OSError as error:
            made.close()
            fault = error
        else:
            return tls.wrap_socket(made, server_hostname=host) if tls else made
    raise fault


def addresses_of(host: str, port: int, *, within_s: float) -> Found:
    """Return family and socket address of each place that a host has; raise OSError for none.

    The resolver of the system cannot be given a time, so a name is looked up in a thread of its
    own and left alone when time is up.
    """
    try:
        ip_address(host)
    except ValueError:
        return _in_time(host, port, within_s=within_s)
    return _looked_up(host, port)


def _looked_up(host: str, port: int) -> Found:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _kind, _protocol, _name, address in found]


def _in_time(host: str, port: int, *, within_s: float) -> Found:
    answers: SimpleQueue[Found | OSError] = SimpleQueue()

    def look() -> None:
        try:
            answers.put(_looked_up(host, port))
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a name too long for the protocol
            answers.put(OSError("no name"))

    Thread(target=look, name="name look-up", daemon=True).start()
    try:
        found = answers.get(timeout=within_s)
    except Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found
