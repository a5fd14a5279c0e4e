"""Nobody reads or changes what lies beyond their authority: every address, every role.

The walk finds the addresses by itself; tests/leak_addresses.py says what it needs to know of them.
"""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from anlan.kernel import clock, scope
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import forget_windows
from anlan.registry.http.keys import Caller
from tests.conftest import FLOOD_EVENING
from tests.evening import QUICK_HASH
from tests.fixtures import CHANNELS, QUEUE
from tests.leak_programs import KEYS, ProgramWalk, program_named
from tests.leak_visitors import PLACED, visitor_named
from tests.leak_walk import Walk
from tests.leaks import Site
from tests.two_counties_past import build

pytestmark = pytest.mark.django_db  # without it pytest-django makes no test database for `site`


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Build both counties once for all tests of the module, and take them away again."""
    fixed = clock.FixedClock(FLOOD_EVENING)
    settings = {"PASSWORD_HASHERS": QUICK_HASH, "TASKS": QUEUE, "ANLAN_CHANNELS": CHANNELS}
    with django_db_blocker.unblock(), override_settings(**settings), clock.use(fixed):
        virtual_queue.forget_all()
        forget_windows()
        logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are no news here
        with transaction.atomic():
            with scope.everywhere("tests"):
                world = build()
            yield Site(world)
            transaction.set_rollback(True)
        logging.getLogger("django.request").setLevel(logging.NOTSET)
        virtual_queue.forget_all()
        forget_windows()


@pytest.mark.parametrize("name", PLACED)
def test_nothing_leaks(
    site: Site, name: str, record_property: Callable[[str, object], None]
) -> None:
    site.base.clear()
    visitor = visitor_named(name, site.world)
    Walk(site, visitor).run()
    record_property("combinations", len(visitor.combinations))
    assert not visitor.faults, f"{len(visitor.faults)} faults\n" + "\n".join(visitor.faults)


@pytest.mark.parametrize("name", KEYS)
def test_no_program_sees_more_than_its_key(
    site: Site, name: str, record_property: Callable[[str, object], None]
) -> None:
    site.base.clear()
    visitor = program_named(name, site.world)
    ProgramWalk(site, visitor).run()
    record_property("combinations", len(visitor.combinations))
    assert not visitor.faults, f"{len(visitor.faults)} faults\n" + "\n".join(visitor.faults)


def test_the_harness_sees_a_leak(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.base.clear()
    visitor = program_named("program-village", site.world)
    monkeypatch.setattr(Caller, "sight", lambda self: scope.everywhere("a hole"))
    ProgramWalk(site, visitor).run()
    assert any("gives away" in fault for fault in visitor.faults)
