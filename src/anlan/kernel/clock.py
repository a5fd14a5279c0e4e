"""The one clock. Nothing else in the program asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.utils import timezone


class Clock(Protocol):
    """Whatever can say the time, with its zone."""

    def now(self) -> datetime:
        """Return the present instant as an aware datetime."""
        ...


class WallClock:
    """The clock on the wall: what production runs on."""

    def now(self) -> datetime:
        """Return the present instant of this machine."""
        return timezone.now()


class FixedClock:
    """A clock that stands still until it is moved: tests, replays and drills."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError(f"a clock needs a zone: {at!r}")
        self.at = at

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self.at

    def advance(self, step: timedelta) -> None:
        """Move the clock forward by `step`."""
        self.move_to(self.at + step)

    def move_to(self, at: datetime) -> None:
        """Move the clock forward to `at`; going back raises ValueError."""
        if at < self.at:
            raise ValueError(f"time does not run back: {at} is before {self.at}")
        self.at = at


C = TypeVar("C", bound="Clock")

_current: list[Clock] = [WallClock()]


def now() -> datetime:
    """Return the present instant of the clock in use."""
    return _current[-1].now()


def in_use() -> Clock:
    """Return the clock in use."""
    return _current[-1]


@contextmanager
def use(clock: C) -> Iterator[C]:
    """Let `clock` tell the time in this process until the block ends."""
    _current.append(clock)
    try:
        yield clock
    finally:
        _current.remove(clock)
