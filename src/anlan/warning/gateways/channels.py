"""The channels of the program itself, by name; a drill and a test have no others."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from anlan.warning.data import Message, Receipt


class Channel(Protocol):
    """One way to reach people."""

    def send(self, messages: Sequence[Message], *, now: datetime) -> Sequence[Receipt]:
        """Hand over messages and return a receipt for each, in order."""
        ...


@cache
def _channel(path: str) -> Channel:
    made: Channel = import_string(path)()
    return made


def channel_names() -> tuple[str, ...]:
    """Return the names of the channels in the order in which they are tried."""
    return tuple(settings.ANLAN_CHANNELS)


def channel(name: str) -> Channel:
    """Return the channel of a name."""
    return _channel(settings.ANLAN_CHANNELS[name])
