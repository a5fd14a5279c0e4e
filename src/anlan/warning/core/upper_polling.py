"""When a source is asked again, and what of a feed is new."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from anlan.warning.gateways.cap.feeds import Entry

LONGEST_WAIT: Final = timedelta(minutes=30)
MOST_DOUBLINGS: Final = 10


def wait_after(*, every: timedelta, failures: int) -> timedelta:
    """Return how long to wait after a poll: twice as long with each failure, up to half an hour.

    A source that is asked less often than that keeps its own rhythm.
    """
    doubled = every * (1 << min(failures, MOST_DOUBLINGS))
    return max(every, min(doubled, LONGEST_WAIT))


def digest_of(entry: Entry) -> str:
    """Return what an entry is known by: its id, when it changed, where or what its message is."""
    inline = hashlib.sha256(entry.inline).hexdigest() if entry.inline else ""
    words = "\0".join((entry.id, entry.updated, entry.link, inline))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def unseen(entries: Sequence[Entry], *, seen: Collection[str]) -> dict[str, Entry]:
    """Return the entries that are not known yet, each once, by digest, in the order of the feed."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(digest_of(entry), entry)
    return {digest: entry for digest, entry in found.items() if digest not in seen}
