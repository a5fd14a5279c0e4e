"""Every story is played by the same small cast, on a queue that tasks enter on commit."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from anlan.kernel import clock, scope
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import forget_windows
from tests.fixtures import phones
from tests.phones import Exchange

__all__ = ["phones", "world"]


@pytest.fixture
def world(
    transactional_db: None,
    settings: Settings,
    fixed_clock: clock.FixedClock,
    everywhere: scope.Scope,
    phones: Exchange,
) -> Iterator[Exchange]:
    """Give the phones of a world in which changes are committed and the clock stands."""
    settings.TASKS = {"default": {"BACKEND": "anlan.kernel.queue.VirtualTimeBackend"}}
    virtual_queue.forget_all()
    forget_windows()
    yield phones
    virtual_queue.forget_all()
    forget_windows()
