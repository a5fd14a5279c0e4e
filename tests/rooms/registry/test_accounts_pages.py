"""The pages of accounts, delegations and keys, as those see them who may, and those who may not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock
from anlan.registry.api import token_for
from anlan.registry.models import Account, ApiToken, Authority
from tests.cast import COUNTY, UPPER
from tests.entrance import PASSWORD, logged_in, open_accounts
from tests.evening import QUICK_HASH

MOST_QUERIES = 20
KEY = re.compile(r"anlan_[\w-]{40,}")


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


@pytest.fixture
def admin(accounts):
    return logged_in(accounts["admin"], language="en")


def text(answer) -> str:
    return str(answer.content.decode())


def shown(client, name, *args, **asked) -> str:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200, name
    assert len(queries) <= MOST_QUERIES, (name, len(queries))
    return text(answer)


def test_the_list_shows_the_county_and_nothing_beyond(admin):
    page = shown(admin, "accounts")
    for name in ("second-admin", "commander", "slope"):
        assert f">{name}</a>" in page
    assert "far-" not in page
    narrowed = shown(admin, "accounts", role="commander", state="open", town="x", page="-1")
    assert ">commander</a>" in narrowed
    assert ">slope</a>" not in narrowed
    assert "No account fits" in shown(admin, "accounts", text="nobody of this name")


def test_an_account_is_opened_and_its_holder_chooses_a_password(admin, accounts):
    form = {"username": "fresh", "password": "weak", "role": "town_officer", "division": UPPER}
    refused = admin.post(reverse("new_account"), form)
    assert "at least 10" in text(refused)
    assert 'value="fresh"' in text(refused)
    form["password"] = "First-time-only-1"
    done = admin.post(reverse("new_account"), form)
    fresh = Account.objects.get(username="fresh")
    assert done["Location"] == reverse("account", args=[fresh.pk])
    assert "must set a password" in shown(admin, "account", fresh.pk)
    client = logged_in(fresh)
    assert client.get(reverse("map"))["Location"] == reverse("change_password")


@pytest.mark.parametrize(
    "wrong",
    [
        {"division": "990702000000"},
        {"division": "上河镇"},
        {"division": ""},
        {"username": "no good"},
        {"username": "DUTY"},
        {"office": "flood"},
        {"role": ""},
        {"role": "king"},
    ],
)
def test_a_wrong_form_is_told_and_opens_nothing(admin, wrong):
    form = {
        "username": "fresh",
        "password": "First-time-only-1",
        "role": "town_officer",
        "division": UPPER,
    }
    answer = admin.post(reverse("new_account"), form | wrong)
    assert answer.status_code == 200
    assert 'role="alert"' in text(answer)
    assert not Account.objects.filter(username="fresh").exists()


def test_everything_about_an_account_is_done_on_its_page(admin, accounts, cast):
    slope = accounts["slope"]

    def post(name, **form):
        answer = admin.post(reverse(name, args=[slope.pk]), form, follow=True)
        assert answer.status_code == 200
        return text(answer)

    assert "slope leader" in shown(admin, "account", slope.pk, person="slope lead")
    assert "notice-success" in post("tie_account", person=cast.people["slope leader"])
    assert "notice-success" in post("grant_authority", role="reader", division=UPPER)
    assert "holds this role there already" in post("grant_authority", role="reader", division=UPPER)
    assert "has passed" in post(
        "grant_authority", role="keeper", division=UPPER, until="2020-01-01"
    )
    assert "notice-success" in post("reset_password", password="One-login-only-1")
    assert "notice-success" in post("close_account")
    assert "in this state already" in post("close_account")
    assert "notice-success" in post("reopen_account")
    key = Authority.objects.get(account=slope, role="reader").pk
    ended = admin.post(reverse("withdraw_authority", args=[key]), {"account": slope.pk})
    assert ended["Location"] == reverse("account", args=[slope.pk])
    slope.refresh_from_db()
    assert (slope.person_id, slope.is_active) == (cast.people["slope leader"], True)
    assert slope.must_change_password


@pytest.mark.parametrize("who", ["far-admin", "commander", "upper", "auditor"])
def test_nobody_else_opens_the_page_of_an_account(accounts, who):
    client = logged_in(accounts[who])
    expected = 404 if who == "far-admin" else 403
    key = accounts["slope"].pk
    assert client.get(reverse("account", args=[key])).status_code == expected
    for name in ("close_account", "reset_password", "tie_account", "grant_authority"):
        assert client.post(reverse(name, args=[key])).status_code == expected, name
    authority = Authority.objects.get(account_id=key).pk
    assert client.post(reverse("withdraw_authority", args=[authority])).status_code == 404
    accounts["slope"].refresh_from_db()
    assert accounts["slope"].is_active
    assert accounts["slope"].check_password(PASSWORD)


def test_one_does_not_change_oneself(admin, accounts):
    key = accounts["admin"].pk
    assert "another administrator" in shown(admin, "account", key)
    page = text(admin.post(reverse("close_account", args=[key]), follow=True))
    assert "Nobody changes their own account" in page


def test_a_role_is_lent_and_given_back_on_a_page(accounts):
    giver = logged_in(accounts["duty"], language="en")
    taker = logged_in(accounts["upper"], language="en")
    form = {"to": "upper", "role": "duty_officer", "division": COUNTY, "days": "31"}
    page = text(giver.post(reverse("delegate_authority"), form, follow=True))
    assert "at the latest" in page
    page = text(giver.post(reverse("delegate_authority"), form | {"days": "3"}, follow=True))
    assert "notice-success" in page
    assert "upper" in shown(giver, "delegations")
    assert "duty" in shown(taker, "delegations")
    key = Authority.objects.get(delegated_by=accounts["duty"]).pk
    assert "notice-success" in text(
        taker.post(reverse("withdraw_authority", args=[key]), follow=True)
    )
    for wrong in ({"days": "x"}, {"to": "far-town"}, {"division": "nowhere"}):
        answer = giver.post(
            reverse("delegate_authority"), form | {"days": "3"} | wrong, follow=True
        )
        assert "notice-error" in text(answer)
    assert giver.post(reverse("delegate_authority"), form | {"role": "king"}).status_code == 403
    cadre = logged_in(accounts["slope"])
    assert cadre.post(reverse("delegate_authority"), form).status_code == 403


def test_a_key_is_shown_once_and_revoked(admin, accounts):
    form = {"application": "气象局", "division": COUNTY, "days": "30"}
    refused = text(admin.post(reverse("tokens"), form))
    assert "at least one thing" in refused
    made = admin.post(reverse("tokens"), form | {"permission": ["read_register", "tea"]})
    key = KEY.search(text(made))
    assert key
    assert "no-store" in made.headers["Cache-Control"]
    assert token_for(key.group(), now=clock.now())
    assert not KEY.search(shown(admin, "tokens"))
    uuid = ApiToken.objects.get().uuid
    assert (
        logged_in(accounts["far-admin"]).post(reverse("revoke_token", args=[uuid])).status_code
        == 404
    )
    admin.post(reverse("revoke_token", args=[uuid]))
    assert token_for(key.group(), now=clock.now()) is None
    assert "revoked" in shown(admin, "tokens")


def test_ones_own_page_shows_who_came_in(accounts):
    client = logged_in(accounts["duty"], language="en")
    client.post(reverse("logout"))
    client = logged_in(accounts["duty"], language="en")
    page = shown(client, "own_account")
    assert "127.0.0.1" in page
    assert "试县" in page


def test_a_list_of_many_accounts_is_cheap_and_in_pages(admin, accounts):
    Account.objects.bulk_create(
        Account(username=f"many-{n:04d}", division_id=UPPER, password="!") for n in range(120)
    )
    assert shown(admin, "accounts").count('class="row-link"') == 50
    assert ">many-0119</a>" in shown(admin, "accounts", page="3")
