"""Accounts and what they may do where."""

from datetime import timedelta

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.registry.api import (
    actor_for,
    authority_codes,
    has_permission_over,
    open_account,
    roles_of,
)
from anlan.registry.data import Permission, Role
from anlan.registry.models import Account, Authority
from anlan.registry.refusals import UserNameTaken
from tests.cast import COUNTY, LOWER, SLOPE, UPPER

BY = the_program("test")


def opened(cast, *, at=UPPER, role=Role.TOWN_OFFICER, username="shanghe"):
    return open_account(
        username,
        password="A long enough one",
        role=role,
        division_code=at,
        person_id=cast.people["upper leader"],
        by=BY,
        now=clock.now(),
    )


def test_an_account_has_its_role_over_its_place_and_all_in_it(cast):
    key = opened(cast)
    assert authority_codes(key, at=clock.now()) == [UPPER]
    assert roles_of(key, at=clock.now()) == {Role.TOWN_OFFICER}

    def may(code, permission=Permission.EDIT_REGISTER):
        return has_permission_over(key, permission, division_code=code, at=clock.now())

    assert may(UPPER)
    assert may(SLOPE)
    assert may(SLOPE, Permission.RECORD_ANSWERS)
    assert not may(SLOPE, Permission.MANAGE_ACCOUNTS)
    assert not may(LOWER)
    assert not may(COUNTY)


def test_the_password_is_hashed_and_not_journalled(cast):
    account = Account.objects.get(pk=opened(cast))
    assert account.check_password("A long enough one")
    assert "enough" not in account.password
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.division_code) == ("account.opened", UPPER)
    assert "enough" not in entry.detail


def test_an_actor_is_the_person_of_the_account(cast):
    actor = actor_for(opened(cast))
    assert (actor.label, actor.person_id) == ("upper leader", cast.people["upper leader"])


def test_a_division_that_does_not_exist_is_refused_by_name(cast):
    with pytest.raises(UnknownDivision, match="990709000000"):
        opened(cast, at="990709000000")
    with pytest.raises(InvalidDivisionCode, match="上河镇"):
        opened(cast, at="上河镇")
    assert not Account.objects.exists()


def test_a_place_out_of_sight_is_refused(cast):
    with scope.limited_to([UPPER]), pytest.raises(UnknownDivision):
        opened(cast, at=LOWER)


def test_a_name_is_taken_once(cast):
    opened(cast)
    with pytest.raises(UserNameTaken, match="shanghe"):
        opened(cast, at=LOWER)
    assert Account.objects.count() == Authority.objects.count() == 1


def test_authority_begins_and_ends(cast):
    key = opened(cast)
    now = clock.now()
    assert authority_codes(key, at=now - timedelta(seconds=1)) == []
    Authority.objects.update(valid_until=now + timedelta(days=1))
    assert authority_codes(key, at=now + timedelta(hours=23)) == [UPPER]
    assert authority_codes(key, at=now + timedelta(days=1)) == []
    assert not has_permission_over(
        key, Permission.EDIT_REGISTER, division_code=UPPER, at=now + timedelta(days=1)
    )


def test_a_closed_account_may_nothing(cast):
    key = opened(cast)
    Account.objects.update(is_active=False)
    assert authority_codes(key, at=clock.now()) == []
    assert roles_of(key, at=clock.now()) == set()
    assert not has_permission_over(
        key, Permission.EDIT_REGISTER, division_code=SLOPE, at=clock.now()
    )
