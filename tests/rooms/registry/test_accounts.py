"""Who opens, closes and empowers whose account, and who may not."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.close_account import close_account
from anlan.registry.actions.grant_authority import grant_authority
from anlan.registry.actions.open_account import open_account
from anlan.registry.actions.reopen_account import reopen_account
from anlan.registry.actions.reset_password import reset_password
from anlan.registry.actions.reset_second_factor import reset_second_factor
from anlan.registry.actions.tie_account import tie_account
from anlan.registry.actions.withdraw_authority import withdraw_authority
from anlan.registry.data import Office, Role
from anlan.registry.models import Account, Authority
from anlan.registry.queries.accounts import AccountFilter, listed_accounts, people_found
from anlan.registry.queries.authorities import authority_codes, grants_of
from anlan.registry.refusals import (
    AccountAbove,
    AccountOutOfSight,
    AlreadyHeld,
    MayNotGrant,
    NotInForce,
    NotYourself,
    OfficeOnlyForClerks,
    PasswordRefused,
    PersonOutOfSight,
    StateChanged,
    UserNameMalformed,
    UserNameTaken,
)
from tests.cast import COUNTY, LOWER, SLOPE, UPPER
from tests.entrance import BY, OTHER_COUNTY, PASSWORD, as_actor, open_accounts, opened
from tests.evening import QUICK_HASH


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


def new(username, *, by, role=Role.TOWN_OFFICER, at=UPPER, **more):
    told = {"password": PASSWORD, "person_id": None} | more
    return open_account(username, role=role, division_code=at, by=by, now=clock.now(), **told)


def given(account, role, at, *, by, **more):
    return grant_authority(
        account.pk, role=role, division_code=at, by=as_actor(by), now=clock.now(), **more
    )


def names(account, **wanted):
    grants = grants_of(account.pk, at=clock.now())
    found = listed_accounts(AccountFilter(**wanted), grants=grants, at=clock.now())
    return {row.username for row in found.rows}


HERE = {
    "admin",
    "second-admin",
    "commander",
    "duty",
    "clerk",
    "upper",
    "lower",
    "slope",
    "auditor",
}


def test_an_administrator_sees_the_accounts_of_the_county_alone(accounts):
    assert names(accounts["admin"]) == HERE
    assert names(accounts["far-admin"]) == {"far-admin", "far-town"}
    for nobody in ("commander", "duty", "upper", "auditor", "clerk"):
        assert names(accounts[nobody]) == set()


def test_the_list_is_narrowed(accounts, cast):
    admin = accounts["admin"]
    assert names(admin, role="town_officer") == {"upper", "lower"}
    assert names(admin, town=UPPER) == {"upper", "slope"}
    assert names(admin, text="ADMIN") == {"admin", "second-admin"}
    close_account(accounts["duty"].pk, by=as_actor(admin), now=clock.now())
    assert names(admin, state="closed") == {"duty"}
    assert names(admin, state="open") == HERE - {"duty"}
    Account.objects.filter(username="lower").update(
        must_change_password=True, person_id=cast.people["lower leader"]
    )
    assert names(admin, state="new") == {"lower"}
    assert names(admin, text="lower leader") == {"lower"}


@pytest.mark.parametrize("who", ["far-admin", "commander", "upper", "duty", "clerk", "auditor"])
def test_nobody_else_touches_an_account(accounts, who):
    by, duty = as_actor(accounts[who]), accounts["slope"]
    for attempt in (
        lambda: close_account(duty.pk, by=by, now=clock.now()),
        lambda: reopen_account(duty.pk, by=by, now=clock.now()),
        lambda: reset_password(duty.pk, new="Another-one-1", by=by, now=clock.now()),
        lambda: reset_second_factor(duty.pk, by=by, now=clock.now()),
        lambda: tie_account(duty.pk, person_id=None, by=by, now=clock.now()),
        lambda: given(duty, Role.READER, UPPER, by=accounts[who]),
        lambda: withdraw_authority(Authority.objects.get(account=duty).pk, by=by, now=clock.now()),
    ):
        with pytest.raises(AccountOutOfSight):
            attempt()
    with pytest.raises(MayNotGrant):
        new("somebody", by=by)
    assert duty.check_password(PASSWORD)
    assert not Account.objects.filter(username="somebody").exists()


def test_nobody_changes_their_own_account(accounts):
    admin = accounts["admin"]
    by = as_actor(admin)
    for attempt in (
        lambda: close_account(admin.pk, by=by, now=clock.now()),
        lambda: reset_password(admin.pk, new="Another-one-1", by=by, now=clock.now()),
        lambda: given(admin, Role.COMMANDER, COUNTY, by=admin),
        lambda: withdraw_authority(Authority.objects.get(account=admin).pk, by=by, now=clock.now()),
    ):
        with pytest.raises(NotYourself):
            attempt()


def test_a_town_administrator_stays_in_the_town_and_below(accounts):
    town_admin = opened("town-admin", Role.ADMINISTRATOR, UPPER)
    assert names(town_admin) == {"town-admin", "upper", "slope"}
    with pytest.raises(MayNotGrant):
        new("above", by=as_actor(town_admin), at=COUNTY)
    with pytest.raises(MayNotGrant):
        given(accounts["upper"], Role.READER, LOWER, by=town_admin)
    given(accounts["upper"], Role.COMMANDER, COUNTY, by=accounts["admin"])
    with pytest.raises(AccountAbove):
        reset_password(
            accounts["upper"].pk, new="Another-one-1", by=as_actor(town_admin), now=clock.now()
        )


def test_a_role_is_given_once_and_ended_once(accounts):
    admin, slope = accounts["admin"], accounts["slope"]
    key = given(slope, Role.TOWN_OFFICER, UPPER, by=admin)
    assert authority_codes(slope.pk, at=clock.now()) == [UPPER, SLOPE]
    with pytest.raises(AlreadyHeld):
        given(slope, Role.TOWN_OFFICER, UPPER, by=admin)
    withdraw_authority(key, by=as_actor(admin), now=clock.now() + timedelta(minutes=1))
    after = clock.now() + timedelta(minutes=2)
    assert authority_codes(slope.pk, at=after) == [SLOPE]
    with pytest.raises(NotInForce):
        withdraw_authority(key, by=as_actor(admin), now=after)


def test_a_role_may_end_by_itself(accounts):
    until = clock.now() + timedelta(days=3)
    given(accounts["slope"], Role.READER, UPPER, by=accounts["admin"], until=until)
    assert UPPER in authority_codes(accounts["slope"].pk, at=until - timedelta(seconds=1))
    assert UPPER not in authority_codes(accounts["slope"].pk, at=until)


def test_an_office_is_for_clerks(accounts):
    with pytest.raises(OfficeOnlyForClerks):
        given(
            accounts["slope"],
            Role.READER,
            UPPER,
            by=accounts["admin"],
            office=Office.FLOOD.value,
        )
    with pytest.raises(OfficeOnlyForClerks):
        given(accounts["slope"], Role.CLERK, UPPER, by=accounts["admin"], office="tea")
    given(accounts["slope"], Role.CLERK, UPPER, by=accounts["admin"], office="flood")


def test_a_closed_account_may_nothing_until_it_is_opened_again(accounts):
    by, duty = as_actor(accounts["admin"]), accounts["duty"]
    close_account(duty.pk, by=by, now=clock.now())
    assert authority_codes(duty.pk, at=clock.now()) == []
    with pytest.raises(StateChanged):
        close_account(duty.pk, by=by, now=clock.now())
    reopen_account(duty.pk, by=by, now=clock.now())
    assert authority_codes(duty.pk, at=clock.now()) == [COUNTY]


def test_names_and_first_passwords_are_checked(accounts, cast):
    by = as_actor(accounts["admin"])
    for name in ("a", "x" * 61, "two words", "semi;colon", ""):
        with pytest.raises(UserNameMalformed):
            new(name, by=by)
    with pytest.raises(UserNameTaken):
        new("DUTY", by=by)
    with pytest.raises(PasswordRefused):
        new("weak", by=by, password="weak")
    with pytest.raises(PersonOutOfSight):
        new("nobody", by=by, person_id=10_000_000)
    key = new("fresh", by=by, person_id=cast.people["slope leader"])
    fresh = Account.objects.get(pk=key)
    assert fresh.must_change_password
    assert fresh.division_id == UPPER


def test_an_account_is_tied_to_somebody_in_sight(accounts, cast):
    by = as_actor(accounts["admin"])
    person = cast.people["slope leader"]
    tie_account(accounts["slope"].pk, person_id=person, by=by, now=clock.now())
    assert Account.objects.get(username="slope").person_id == person
    with pytest.raises(PersonOutOfSight):
        tie_account(accounts["slope"].pk, person_id=10_000_000, by=by, now=clock.now())


def test_people_are_found_by_name_and_phone_with_the_phone_masked(accounts, cast):
    from_name = people_found("slope lead")
    assert [found.name for found in from_name] == ["slope leader"]
    assert "****" in from_name[0].phone
    assert people_found("  ") == []


def test_every_step_is_in_the_journal_without_names_or_passwords(accounts, cast):
    JournalEntry.objects.all().delete()
    by = as_actor(accounts["admin"])
    slope = accounts["slope"]
    key = given(slope, Role.READER, UPPER, by=accounts["admin"])
    withdraw_authority(key, by=by, now=clock.now() + timedelta(minutes=1))
    tie_account(slope.pk, person_id=cast.people["slope leader"], by=by, now=clock.now())
    close_account(slope.pk, by=by, now=clock.now())
    reopen_account(slope.pk, by=by, now=clock.now())
    new("fresh", by=by)
    entries = list(JournalEntry.objects.order_by("id"))
    assert [entry.act for entry in entries] == [
        "authority.granted",
        "authority.withdrawn",
        "account.tied",
        "account.closed",
        "account.reopened",
        "account.opened",
    ]
    assert {entry.account_id for entry in entries} == {accounts["admin"].pk}
    assert all(entry.division_code in {UPPER, SLOPE} for entry in entries)
    told = "".join(entry.detail for entry in entries)
    assert "slope leader" not in told
    assert PASSWORD not in told


def test_the_command_line_may_open_the_first_administrator(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    key = new("first", by=BY, role=Role.ADMINISTRATOR, at=COUNTY)
    first = Account.objects.get(pk=key)
    assert names(first) == {"first"}
    assert OTHER_COUNTY not in authority_codes(key, at=clock.now())
