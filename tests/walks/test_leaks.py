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
from anlan.kernel.tables.table import tables
from anlan.monitoring.api import forget_windows
from anlan.registry.http.keys import Caller
from anlan.registry.models import Account
from anlan.registry.screens import accounts, register
from anlan.registry.screens.access import Access
from tests.conftest import FLOOD_EVENING
from tests.evening import QUICK_HASH
from tests.fixtures import CHANNELS, QUEUE
from tests.leak_addresses import ABOUT, NOTHING, WRITES
from tests.leak_programs import KEYS, ProgramWalk, program_named
from tests.leak_readings import ENDPOINTS
from tests.leak_visitors import PLACED, visitor_named
from tests.leak_walk import Walk
from tests.leaks import Site
from tests.two_counties import COUNTIES
from tests.two_counties_past import build

pytestmark = pytest.mark.django_db  # without it pytest-django makes no test database for `site`


# What the walk's administrator and commander cannot do by one form: the code of an app is needed, a
# closed account, a factor that no role demands.
NEVER_OF_THEMSELVES = {
    "confirm_second_factor",
    "give_up_second_factor",
    "reopen_account",
    "sheet_undo",  # follows sheet_carry_out in one go
    "begin_second_factor",  # theirs is on
    "rule_season",  # no reservoir of these counties has a station
}


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


def test_the_forms_of_the_walk_are_taken(site: Site) -> None:
    """A walk whose forms are refused for what they say would never change what it must not."""
    site.base.clear()
    found = set()
    for name in ("administrator-county", "commander-county"):
        visitor = visitor_named(name, site.world)
        Walk(site, visitor).run(*WRITES)
        found |= {effect.partition(" ")[0] for effect in visitor.effects}
        tables_of = {effect for effect in visitor.effects if effect.startswith("register_edit ")}
        assert name != "administrator-county" or len(tables_of) == len(tables())
    wanted = {name for name, needs in WRITES.items() if needs != NOTHING} - NEVER_OF_THEMSELVES
    assert sorted(wanted - found) == []


# A page broken in one way, the addresses to walk, as whom, and what the walk must say.
HOLES = {
    "a list of everything": (
        (Access, "readable", property(lambda self: list(COUNTIES))),
        ("register_table", "village_cadre-village", "gives away"),
    ),
    "households for all": (
        (Access, "seen", lambda self, record: record),
        ("register_record", "keeper-town", "gives away 户"),
    ),
    "a form for everybody": (
        (Access, "writable", property(lambda self: list(COUNTIES))),
        ("register_edit", "reader-county", "changed"),
    ),
    "a number shown in silence": (
        (register, "show_personal", lambda *args, **kwargs: None),
        ("register_number", "duty_officer-county", "not in the journal"),
    ),
    "accounts of every county": (
        (accounts, "access_managed", lambda pk, grants: Account.objects.get(pk=pk)),
        ("account", "administrator-county", "账9907"),
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_the_harness_sees_a_hole(site: Site, hole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.base.clear()
    (place, name, broken), (address, who, wanted) = HOLES[hole]
    visitor = visitor_named(who, site.world)
    monkeypatch.setattr(place, name, broken)
    Walk(site, visitor).run(address)
    assert any(wanted in fault for fault in visitor.faults)


def test_the_harness_sees_a_program_that_sees_too_much(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.base.clear()
    visitor = program_named("program-village", site.world)
    monkeypatch.setattr(Caller, "sight", lambda self: scope.everywhere("a hole"))
    ProgramWalk(site, visitor).run("api:people", "api:people/one")
    assert any("gives away" in fault for fault in visitor.faults)
    assert any("took what is out of sight" in fault for fault in visitor.faults)


def test_programs_send_readings_of_their_own_places(site: Site) -> None:
    """A walk whose readings are refused would never change what it must not."""
    site.base.clear()
    visitor = program_named("program-village", site.world)
    ProgramWalk(site, visitor).run(*ENDPOINTS)
    assert visitor.effects == {name for name, (_asks, is_taking) in ENDPOINTS.items() if is_taking}


def test_a_new_address_must_say_what_it_is_about(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.base.clear()
    visitor = visitor_named("administrator-county", site.world)
    monkeypatch.delitem(ABOUT, "warning")
    monkeypatch.delitem(WRITES, "tokens")
    Walk(site, visitor).run("warning", "tokens")
    assert any("new URL warning" in fault for fault in visitor.faults)
    assert any("new URL tokens" in fault for fault in visitor.faults)
