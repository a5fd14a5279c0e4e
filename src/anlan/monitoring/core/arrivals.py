"""What came over a link, whatever the protocol, and what became of it."""

from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from anlan.monitoring.data import Protocol, RawReading


class Shot(NamedTuple):
    """A picture that a station took (JPEG)."""

    observed_at: datetime
    content: bytes


class Answer(NamedTuple):
    """What a station answered to a command, in plain words; `is_final` settles the command."""

    command_id: int
    words: dict[str, Any]
    is_final: bool = True


class Note(NamedTuple):
    """Content that a person must read, by what it is."""

    reason: str
    content: bytes


class Arrival(NamedTuple):
    """One sound report of a station.

    `password` and `sent_at` are None where the protocol, or the report, has none. `station` is
    the sender; a relay's readings carry the addresses of the stations behind it. `note` is what
    holds no numbers and is kept as it came, such as a manual entry.
    """

    protocol: Protocol
    peer: str
    station: str
    password: str | None
    sent_at: datetime | None
    readings: tuple[RawReading, ...]
    shots: tuple[Shot, ...] = ()
    answer: Answer | None = None
    note: Note | None = None


class Fate(Enum):
    """What became of a report: only what is kept may be confirmed."""

    KEPT = "kept"
    NOT_BELIEVED = "wrong password"
    NO_ROOM = "no room left aside"
    REFUSED = "refused by the store"


class Outcome(NamedTuple):
    """What became of a report, and of a registered sender its key and its clock's drift."""

    fate: Fate
    station_id: int | None = None
    drift_s: float | None = None


class Contact(NamedTuple):
    """A station was heard; `drift_s` is None where nothing was told of its clock."""

    station_id: int
    heard_at: datetime
    drift_s: float | None
    peer: str


class Damage(NamedTuple):
    """Bytes of a peer that were no good frame, with the reason."""

    protocol: Protocol
    peer: str
    reason: str
    payload: bytes
    received_at: datetime


class Claimed(NamedTuple):
    """A command that goes out now, for the `attempts`-th time."""

    id: int
    address: str
    password: str
    function: int
    words: dict[str, Any]
    serial: int
    attempts: int
