"""The lines to a provider: a few connections at once, each used by one thread at a time."""

import atexit
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import Final

from anlan.warning.gateways.making import make_provider
from anlan.warning.gateways.provider import Outcome, Outgoing, Provider, ProviderSettings, Sent

CONNECTIONS: Final = 4
FEW: Final = 25  # messages for which one connection is enough
MOST_LINES: Final = 32
LONGEST_S: Final = 10.0
QUICK_S: Final = 0.25


class Line:
    """A provider with its connections. Messages are shared out among them in runs."""

    def __init__(self, open_one: Callable[[], Provider]) -> None:
        self._open_one = open_one
        self._ways: list[Provider] = []
        self._lock = Lock()

    def send(self, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand over messages and return what was said of each, in order; never raise."""
        with self._lock:
            count = min(CONNECTIONS, -(-len(messages) // FEW)) or 1
            while len(self._ways) < count:
                self._ways.append(self._open_one())
            size = -(-len(messages) // count)
            runs = [messages[first : first + size] for first in range(0, len(messages), size)]
            if len(runs) <= 1:
                return _said(self._ways[0], messages)
            with ThreadPoolExecutor(len(runs)) as pool:
                parts = pool.map(_said, self._ways, runs)
                return [word for part in parts for word in part]

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for way in self._ways:
                way.close()
            self._ways.clear()


def _said(way: Provider, messages: Sequence[Outgoing]) -> list[Sent]:
    """Return what a provider said, of ever larger pieces while it is quick.

    One that is slow is left when its time is over: what it was not given goes another way, and
    nobody else waits for it.
    """
    said: list[Sent] = []
    piece, end = 1, monotonic() + LONGEST_S
    while len(said) < len(messages):
        begun = monotonic()
        if begun >= end:
            return [*said, *[Sent(Outcome.LATER, reason="slow")] * (len(messages) - len(said))]
        part = messages[len(said) : len(said) + piece]
        said += _said_of(way, part)
        piece = piece * 4 if monotonic() - begun < QUICK_S else max(1, piece // 4)
    return said


def _said_of(way: Provider, messages: Sequence[Outgoing]) -> list[Sent]:
    """Return what a provider said; one that breaks its word harms nobody else."""
    try:
        said = list(way.send(messages))
    except Exception as error:  # noqa: BLE001 - whatever it is, the message may have left
        return [Sent(Outcome.UNKNOWN, reason=type(error).__name__)] * len(messages)
    if len(said) != len(messages):
        return [Sent(Outcome.UNKNOWN, reason="answered for others")] * len(messages)
    return said


_lines: dict[tuple[str, str], Line] = {}


def line_for(kind: str, settings: ProviderSettings) -> Line:
    """Return the line to a provider, open since it was last used with the same settings."""
    key = (kind, f"{settings!r}{hash(settings.secret)}")
    line = _lines.get(key)
    if line is None:
        while len(_lines) >= MOST_LINES:
            _lines.pop(next(iter(_lines))).close()
        line = _lines[key] = Line(lambda: make_provider(kind, settings))
    return line


def close_all() -> None:
    """Close every line of this process."""
    while _lines:
        _lines.popitem()[1].close()


atexit.register(close_all)
