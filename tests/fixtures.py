"""Fixtures of the tiers with a database: the cast, virtual time, the phones."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from anlan.kernel import clock, scope
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import forget_windows
from tests.cast import Cast, make_cast
from tests.phones import Exchange, exchange

QUEUE = {
    "default": {
        "BACKEND": "anlan.kernel.queue.VirtualTimeBackend",
        "QUEUES": ["default", "readings", "wires"],
        "OPTIONS": {"ENTER_AT_ONCE": True},
    }
}
CHANNELS = {"sms": "tests.phones.Sms", "voice": "tests.phones.Voice"}


@pytest.fixture
def phones(settings: Settings) -> Iterator[Exchange]:
    """Put recording phones in the place of every channel."""
    settings.ANLAN_CHANNELS = CHANNELS
    exchange.reset()
    yield exchange
    exchange.reset()


@pytest.fixture
def virtual(settings: Settings, fixed_clock: clock.FixedClock) -> Iterator[None]:
    """Run tasks on virtual time, from FLOOD_EVENING on, beginning with an empty queue."""
    settings.TASKS = QUEUE
    virtual_queue.forget_all()
    forget_windows()
    yield
    virtual_queue.forget_all()
    forget_windows()


@pytest.fixture
def cast(db: None, virtual: None, phones: Exchange, everywhere: scope.Scope) -> Cast:
    """Write the cast; the clock stands, tasks run on virtual time, phones are recorded."""
    return make_cast()
