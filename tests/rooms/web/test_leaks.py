"""Nobody reads or changes what lies beyond their authority: every address, every role.

The walk finds the addresses by itself; tests/leak_addresses.py says what it needs to know of them.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from anlan.kernel import clock, scope
from anlan.kernel.queue import virtual_queue
from anlan.kernel.tables.table import tables
from anlan.monitoring.api import forget_windows
from anlan.registry.data import Office, Role
from tests import two_counties
from tests.conftest import FLOOD_EVENING
from tests.evening import QUICK_HASH
from tests.fixtures import CHANNELS, QUEUE
from tests.leak_addresses import WRITES
from tests.leak_visitors import PLACED, visitor_named
from tests.leak_walk import Walk
from tests.leaks import Site


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Build both counties once for all tests of the module, and take them away again."""
    fixed = clock.FixedClock(FLOOD_EVENING)
    settings = {"PASSWORD_HASHERS": QUICK_HASH, "TASKS": QUEUE, "ANLAN_CHANNELS": CHANNELS}
    with django_db_blocker.unblock(), override_settings(**settings), clock.use(fixed):
        virtual_queue.forget_all()
        forget_windows()
        with transaction.atomic():
            with scope.everywhere("tests"):
                world = two_counties.build()
            yield Site(world)
            transaction.set_rollback(True)
        virtual_queue.forget_all()
        forget_windows()


@pytest.mark.parametrize("name", PLACED)
def test_nothing_leaks(site: Site, name: str, record_property: Callable[[str, object], None]) -> None:
    visitor = visitor_named(name, site.world)
    Walk(site, visitor).run()
    record_property("combinations", len(visitor.combinations))
    assert not visitor.faults, f"{len(visitor.faults)} faults\n" + "\n".join(visitor.faults)
