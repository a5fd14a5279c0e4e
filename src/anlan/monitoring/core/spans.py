"""Which span of time a page shows. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SPANS: Final = {
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "1y": timedelta(days=365),
}
USUAL: Final = "3d"
LONGEST: Final = timedelta(days=10 * 366)
SHORTEST: Final = timedelta(minutes=10)
_SLOT: Final = timedelta(minutes=5)
_EPOCH: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Span:
    """After `start` and up to `end`; `name` is that of one of SPANS, empty for any other."""

    start: datetime
    end: datetime
    name: str = ""

    @property
    def length(self) -> timedelta:
        """Return how long it is."""
        return self.end - self.start

    def moved(self, steps: int) -> "Span":
        """Return the span so many lengths later."""
        return Span(self.start + steps * self.length, self.end + steps * self.length)


def span_named(name: str, *, last: datetime | None, now: datetime) -> Span:
    """Return the span of a name that ends now; at the last value where that is older than it.

    An unknown name stands for the usual one. Ends lie on whole five minutes.
    """
    name = name if name in SPANS else USUAL
    length = SPANS[name]
    end = last if last is not None and last <= now - length else now
    end = end + (_EPOCH - end) % _SLOT
    return Span(end - length, end, name)


def span_between(start: datetime, end: datetime) -> Span | None:
    """Return the span between two moments, None where it is too short, too long or reversed."""
    span = Span(start, end)
    return span if SHORTEST <= span.length <= LONGEST else None
