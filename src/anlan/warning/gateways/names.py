"""Look up the addresses of a host, and wait no longer for them than one has time."""

import socket
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

Found = list[tuple[int, Any]]


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
