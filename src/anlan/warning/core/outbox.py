"""How messages leave: which belong into one letter, which way comes next, and when again."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# What may have left is not sent again within this time, and a family of warnings of one hazard
# that comes within it reaches a person as one message more.
QUIET: Final = timedelta(minutes=2)
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=5)
FIRST_BREAK: Final = timedelta(seconds=30)
LONGEST_BREAK: Final = timedelta(minutes=5)

# Why a message did not leave that tells of the county's ways and not of the person's number.
NO_PROVIDER: Final = "no provider of this kind"
NONE_TAKES_IT: Final = "no provider takes it now"


@dataclass(frozen=True)
class Queued:
    """A message that may leave, as the decision sees it."""

    key: int
    to: Hashable
    channel: str
    hazard: str
    colour: int


@dataclass(frozen=True)
class LastLetter:
    """What somebody was last sent of a hazard, and when."""

    colour: int
    at: datetime


def letters(messages: Iterable[Queued]) -> list[list[Queued]]:
    """Return the messages gathered by whom they reach and how, the worst of each first.

    The letters stand in the order of their worst message, then as the messages came.
    """
    groups: dict[tuple[Hashable, str], list[Queued]] = defaultdict(list)
    for message in messages:
        groups[message.to, message.channel].append(message)
    found = [sorted(group, key=_worst_first) for group in groups.values()]
    return sorted(found, key=lambda group: (-group[0].colour, group[0].key))


def _worst_first(message: Queued) -> tuple[int, int]:
    return -message.colour, message.key


def held_until(message: Queued, *, last: LastLetter | None, now: datetime) -> datetime | None:
    """Return until when a message waits to leave with others, or None where it leaves now.

    Whoever has just been told of this hazard is told again at once only of something worse.
    """
    if last is None or message.colour > last.colour:
        return None
    until = last.at + QUIET
    return until if until > now else None


def next_way(ways: Sequence[str], *, after: str, passed: int) -> str | None:
    """Return the channel to try when one has refused a message, None when all have.

    `passed` counts those that refused before it.
    """
    if passed + 1 >= len(ways):
        return None
    if after not in ways:
        return ways[0]
    return ways[(ways.index(after) + 1) % len(ways)]


def pause_after(tries: int) -> timedelta:
    """Return how long a message waits after so many tries that nobody took."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, 10)
    return min(doubled, LONGEST_PAUSE)


def break_after(failures: int) -> timedelta:
    """Return how long a provider is left alone after so many failures in a row."""
    doubled: timedelta = FIRST_BREAK * 2 ** min(failures - 1, 10)
    return min(doubled, LONGEST_BREAK)
