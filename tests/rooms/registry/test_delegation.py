"""Handing a role on for a time: one's own, no chain, no circle, ended by either side."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.close_account import close_account
from anlan.registry.actions.delegate_authority import delegate_authority
from anlan.registry.actions.withdraw_authority import withdraw_authority
from anlan.registry.data import Role
from anlan.registry.models import Authority
from anlan.registry.queries.accounts import lent_by, lent_to
from anlan.registry.queries.authorities import roles_of
from anlan.registry.refusals import (
    AccountOutOfSight,
    AlreadyHeld,
    EndsTooLate,
    HandedInACircle,
    NotInForce,
    NotYoursToHandOn,
    ReceiverRefused,
)
from tests.cast import COUNTY, LOWER, SLOPE, UPPER
from tests.entrance import as_actor, open_accounts, opened
from tests.evening import QUICK_HASH


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


def lent(giver, to, role, at, *, days=7):
    return delegate_authority(
        to,
        role=role,
        division_code=at,
        until=clock.now() + timedelta(days=days),
        by=as_actor(giver),
        now=clock.now(),
    )


def test_a_role_is_lent_for_a_time_and_ends_by_itself(accounts):
    lent(accounts["commander"], "duty", Role.COMMANDER, COUNTY)
    duty, now = accounts["duty"].pk, clock.now()
    assert roles_of(duty, at=now) == {Role.COMMANDER, Role.DUTY_OFFICER}
    assert roles_of(duty, at=now + timedelta(days=7)) == {Role.DUTY_OFFICER}
    assert [held.holder for held in lent_by(accounts["commander"].pk, at=now)] == ["duty"]
    assert [held.lent_by for held in lent_to(duty, at=now)] == ["commander"]
    entry = JournalEntry.objects.get(act="authority.delegated")
    assert entry.account_id == accounts["commander"].pk
    assert entry.subject == f"account:{duty}"


def test_a_smaller_place_may_be_lent_and_no_larger_or_other_one(accounts):
    lent(accounts["duty"], "upper", Role.DUTY_OFFICER, UPPER)
    for at in (COUNTY, LOWER):
        with pytest.raises(NotYoursToHandOn):
            lent(accounts["upper"], "slope", Role.TOWN_OFFICER, at)
    lent(accounts["upper"], "slope", Role.TOWN_OFFICER, SLOPE)
    with pytest.raises(UnknownDivision):
        lent(accounts["upper"], "slope", Role.TOWN_OFFICER, "990701199000")


@pytest.mark.parametrize(
    ("giver", "role", "at"),
    [
        ("admin", Role.ADMINISTRATOR, COUNTY),
        ("admin", Role.COMMANDER, COUNTY),
        ("duty", Role.COMMANDER, COUNTY),
        ("clerk", Role.CLERK, COUNTY),
        ("slope", Role.VILLAGE_CADRE, SLOPE),
        ("auditor", Role.AUDITOR, COUNTY),
        ("far-town", Role.TOWN_OFFICER, UPPER),
    ],
)
def test_what_one_does_not_hold_or_may_not_lend_is_refused(accounts, giver, role, at):
    with pytest.raises(NotYoursToHandOn):
        lent(accounts[giver], "lower", role, at)
    assert not Authority.objects.filter(delegated_by__isnull=False).exists()


def test_what_was_lent_is_not_lent_on(accounts):
    lent(accounts["commander"], "duty", Role.COMMANDER, COUNTY)
    with pytest.raises(NotYoursToHandOn):
        lent(accounts["duty"], "upper", Role.COMMANDER, COUNTY)


def test_no_role_goes_in_a_circle(accounts):
    opened("upper-second", Role.TOWN_OFFICER, SLOPE)
    second = opened("lower-second", Role.TOWN_OFFICER, LOWER)
    opened("both", Role.TOWN_OFFICER, LOWER)
    lent(second, "upper", Role.TOWN_OFFICER, LOWER)
    with pytest.raises(HandedInACircle, match="lower-second"):
        lent(accounts["upper"], "lower-second", Role.TOWN_OFFICER, UPPER)


@pytest.mark.parametrize("to", ["far-town", "nobody-at-all", "duty", ""])
def test_the_receiver_is_somebody_else_of_the_county(accounts, to):
    with pytest.raises(ReceiverRefused):
        lent(accounts["duty"], to, Role.DUTY_OFFICER, COUNTY)


def test_a_closed_account_receives_nothing(accounts):
    close_account(accounts["upper"].pk, by=as_actor(accounts["admin"]), now=clock.now())
    with pytest.raises(ReceiverRefused):
        lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY)


def test_it_lasts_thirty_days_at_most_and_no_longer_than_ones_own(accounts):
    for days in (31, 0, -1):
        with pytest.raises(EndsTooLate):
            lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY, days=days)
    Authority.objects.filter(account=accounts["duty"]).update(
        valid_until=clock.now() + timedelta(days=5)
    )
    with pytest.raises(EndsTooLate):
        lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY, days=6)
    lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY, days=5)


def test_what_is_held_is_not_lent_again(accounts):
    lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY)
    with pytest.raises(AlreadyHeld):
        lent(accounts["duty"], "upper", Role.DUTY_OFFICER, UPPER)


@pytest.mark.parametrize("who", ["duty", "upper", "admin"])
def test_either_side_or_an_administrator_ends_it(accounts, who):
    key = lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY)
    later = clock.now() + timedelta(hours=1)
    withdraw_authority(key, by=as_actor(accounts[who]), now=later)
    assert roles_of(accounts["upper"].pk, at=later) == {Role.TOWN_OFFICER}
    with pytest.raises(NotInForce):
        withdraw_authority(key, by=as_actor(accounts[who]), now=later)


@pytest.mark.parametrize("who", ["lower", "far-admin", "commander"])
def test_nobody_else_ends_it(accounts, who):
    key = lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY)
    with pytest.raises(AccountOutOfSight):
        withdraw_authority(key, by=as_actor(accounts[who]), now=clock.now())


def test_it_ends_with_the_authority_it_came_from(accounts):
    lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY)
    own = Authority.objects.get(account=accounts["duty"])
    later = clock.now() + timedelta(hours=1)
    withdraw_authority(own.pk, by=as_actor(accounts["admin"]), now=later)
    assert roles_of(accounts["upper"].pk, at=later) == {Role.TOWN_OFFICER}


def test_it_ends_when_its_giver_is_closed(accounts):
    lent(accounts["duty"], "upper", Role.DUTY_OFFICER, COUNTY)
    later = clock.now() + timedelta(hours=1)
    close_account(accounts["duty"].pk, by=as_actor(accounts["admin"]), now=later)
    assert roles_of(accounts["upper"].pk, at=later) == {Role.TOWN_OFFICER}
