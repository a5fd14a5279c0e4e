"""A message as it came from the broker."""

from datetime import datetime
from typing import NamedTuple


class Message(NamedTuple):
    """A message: its topic, its bytes, and when it came.

    `number` is the broker's own of this connection, 0 where nothing is to be acknowledged;
    `is_again` says that the broker has sent it before, `is_retained` that it is an old one, kept
    for whoever begins to follow its topic.
    """

    topic: str
    payload: bytes
    received_at: datetime
    number: int = 0
    is_again: bool = False
    is_retained: bool = False
