"""One look at a feed: what is new in it is fetched and received, one message after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any

from django.db.models import F

from anlan.kernel.actors import Actor
from anlan.warning.actions.receive_alert import receive_alert
from anlan.warning.core.upper_polling import digest_of, unseen
from anlan.warning.data import EntryOutcome
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.feeds import MAX_FEED_BYTES, Entry, read_feed
from anlan.warning.gateways.cap.frame import MAX_BYTES
from anlan.warning.gateways.cap.transport import FetchFault, Limits, fetch
from anlan.warning.models import FeedEntry, WarningSource

MOST_A_POLL = 60
LONGEST_POLL_S = 120.0
MOST_FAULTS = 3
# A message that came damaged may come whole the next time; one that breaks the rules never does.
DAMAGED, MOST_TRIES = "not-xml", 3
FEED = Limits(max_bytes=MAX_FEED_BYTES)
MESSAGE = Limits(max_bytes=MAX_BYTES)


@dataclass
class Look:
    """What a look at a feed brought: the new messages, and what went wrong.

    `is_whole` says that nothing of the feed is left for the next look.
    """

    etag: str = ""
    last_modified: str = ""
    is_new: bool = False
    is_whole: bool = True
    received: int = 0
    unreadable: list[str] = field(default_factory=list)
    fault: str = ""
    detail: str = ""


def look_at(source: WarningSource, *, by: Actor, now: datetime) -> Look:
    """Fetch the feed of a source and receive what is new in it; the network is never awaited in
    a transaction.

    A feed that cannot be fetched or read is the fault of the look; a message that cannot be
    fetched is tried again at the next one, one that cannot be read is not.
    """
    look = Look()
    try:
        fetched = fetch(
            source.address,
            source=source.address,
            limits=FEED,
            etag=source.etag,
            last_modified=source.last_modified,
        )
        if fetched.body is None:
            return look
        entries = read_feed(fetched.body, address=source.address)
    except FetchFault as error:
        look.fault, look.detail = error.reason, error.detail
        return look
    except CapError as error:
        look.fault, look.detail = error.reason, str(error)
        return look
    look.is_new, look.etag, look.last_modified = True, fetched.etag, fetched.last_modified
    _receive(entries, source=source, look=look, by=by, now=now)
    return look


def _receive(
    entries: list[Entry], *, source: WarningSource, look: Look, by: Actor, now: datetime
) -> None:
    known = FeedEntry.objects.filter(
        source=source, digest__in=[digest_of(entry) for entry in entries]
    )
    known.update(seen_at=now)
    done = known.exclude(reason=DAMAGED, tries__lt=MOST_TRIES)
    fresh = unseen(entries, seen=set(done.values_list("digest", flat=True)))
    faults = 0
    for digest, entry in _in_time(fresh, look=look):
        try:
            raw = _message_of(entry, source=source)
        except FetchFault as error:
            look.is_whole, faults = False, faults + 1
            look.fault, look.detail = error.reason, error.detail
            if faults >= MOST_FAULTS:
                return
            continue
        _take(raw, entry, digest=digest, source=source, look=look, by=by, now=now)


def _in_time(fresh: dict[str, Entry], *, look: Look) -> Iterator[tuple[str, Entry]]:
    """Give what one look takes in: a limited number, in a limited time; the rest comes next."""
    begin = perf_counter()
    for number, pair in enumerate(fresh.items()):
        if number >= MOST_A_POLL or perf_counter() - begin > LONGEST_POLL_S:
            look.is_whole = False
            return
        yield pair


def _message_of(entry: Entry, *, source: WarningSource) -> bytes:
    """Return the message of an entry: the one within, unless it is signed and stands elsewhere."""
    fetched_apart = entry.link and entry.link != source.address
    if entry.inline and not (entry.is_signed and fetched_apart):
        return entry.inline
    if not fetched_apart:
        return b""
    return fetch(entry.link, source=source.address, limits=MESSAGE).body or b""


def _take(
    raw: bytes,
    entry: Entry,
    *,
    digest: str,
    source: WarningSource,
    look: Look,
    by: Actor,
    now: datetime,
) -> None:
    kept: dict[str, Any] = {"link": entry.link, "outcome": EntryOutcome.TAKEN, "seen_at": now}
    try:
        look.received += receive_alert(raw, source_uuid=str(source.uuid), by=by, now=now).is_new
    except CapError as error:
        kept |= {"outcome": EntryOutcome.UNREADABLE, "reason": error.reason, "line": error.line}
        kept |= {"element": error.element[:120], "value": error.value}
        look.unreadable.append(error.reason)
    tried = FeedEntry.objects.filter(source=source, digest=digest)
    if not tried.update(**{"reason": "", **kept, "tries": F("tries") + 1}):
        FeedEntry.objects.create(source=source, digest=digest, came_at=now, **kept)
    if kept.get("reason") == DAMAGED and tried.filter(tries__lt=MOST_TRIES).exists():
        look.is_whole = False
