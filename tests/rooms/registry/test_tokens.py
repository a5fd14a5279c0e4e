"""Keys of other programs: what they may, until when, who gives them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.issue_token import issue_token
from anlan.registry.actions.revoke_token import revoke_token
from anlan.registry.api import token_for
from anlan.registry.data import Permission
from anlan.registry.models import ApiToken
from anlan.registry.queries.authorities import grants_of
from anlan.registry.queries.tokens import TokenOutOfSight, listed_tokens
from anlan.registry.refusals import NotInForce, TokenRefused
from tests.cast import COUNTY, UPPER
from tests.entrance import OTHER_COUNTY, as_actor, open_accounts
from tests.evening import QUICK_HASH

READ = [Permission.READ_REGISTER]


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


def issued(accounts, *, who="admin", at=UPPER, may=READ, days=30, name="气象局"):
    return issue_token(
        name,
        division_code=at,
        permissions=may,
        days=days,
        by=as_actor(accounts[who]),
        now=clock.now(),
    )


def test_a_key_opens_what_it_was_made_for(accounts):
    key = issued(accounts, may=[Permission.READ_REGISTER, Permission.EXPORT_SHEETS])
    found = token_for(key, now=clock.now())
    assert found is not None
    assert found.permissions == {Permission.READ_REGISTER, Permission.EXPORT_SHEETS}
    assert (found.division_code, found.application) == (UPPER, "气象局")


def test_the_key_itself_is_kept_nowhere(accounts):
    key = issued(accounts)
    row = ApiToken.objects.get()
    assert key not in str(vars(row))
    assert key.startswith(row.hint)
    assert key not in "".join(JournalEntry.objects.values_list("detail", flat=True))


def test_a_key_ends(accounts):
    key, now = issued(accounts, days=30), clock.now()
    assert token_for(key, now=now + timedelta(days=30, seconds=-1))
    assert token_for(key, now=now + timedelta(days=30)) is None
    revoke_token(str(ApiToken.objects.get().uuid), by=as_actor(accounts["second-admin"]), now=now)
    assert token_for(key, now=now) is None
    with pytest.raises(NotInForce):
        revoke_token(str(ApiToken.objects.get().uuid), by=as_actor(accounts["admin"]), now=now)


@pytest.mark.parametrize("key", ["", "anlan_", "x" * 100_000, "anlan_\x00", "Bearer x", "上河镇"])
def test_anything_else_opens_nothing(accounts, key):
    issued(accounts)
    assert token_for(key, now=clock.now()) is None


def test_its_last_use_is_noted_once_a_minute(accounts):
    key, now = issued(accounts), clock.now()
    token_for(key, now=now)
    with CaptureQueriesContext(connection) as asked:
        token_for(key, now=now + timedelta(seconds=59))
    assert len(asked) == 1
    assert ApiToken.objects.get().last_used_at == now
    token_for(key, now=now + timedelta(seconds=60))
    assert ApiToken.objects.get().last_used_at == now + timedelta(seconds=60)


@pytest.mark.parametrize("who", ["commander", "duty", "upper", "clerk", "auditor", "far-admin"])
def test_only_an_administrator_of_the_place_gives_one(accounts, who):
    with pytest.raises(TokenRefused):
        issued(accounts, who=who)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 366},
        {"days": 0},
        {"may": []},
        {"may": [Permission.MANAGE_ACCOUNTS]},
        {"may": [Permission.READ_AUDIT]},
        {"name": "  "},
        {"name": "x" * 81},
    ],
)
def test_a_key_without_bounds_is_refused(accounts, wrong):
    with pytest.raises(TokenRefused):
        issued(accounts, **wrong)


def test_another_county_neither_sees_nor_revokes_it(accounts):
    issued(accounts, at=COUNTY)
    issued(accounts, who="far-admin", at=OTHER_COUNTY, name="邻县")
    now = clock.now()

    def seen(who):
        grants = grants_of(accounts[who].pk, at=now)
        return [row.application for row in listed_tokens(grants, at=now)]

    assert seen("admin") == ["气象局"]
    assert seen("far-admin") == ["邻县"]
    assert seen("duty") == []
    ours = ApiToken.objects.get(application="气象局")
    with pytest.raises(TokenOutOfSight):
        revoke_token(str(ours.uuid), by=as_actor(accounts["far-admin"]), now=now)


def test_giving_and_taking_is_journalled(accounts):
    issued(accounts)
    token = ApiToken.objects.get()
    revoke_token(str(token.uuid), by=as_actor(accounts["admin"]), now=clock.now())
    entries = JournalEntry.objects.filter(act__startswith="token.").order_by("id")
    assert [entry.act for entry in entries] == ["token.issued", "token.revoked"]
    assert {entry.subject for entry in entries} == {f"token:{token.uuid}"}
    assert {entry.division_code for entry in entries} == {UPPER}
