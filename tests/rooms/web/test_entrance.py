"""The way in: wrong passwords, times of a session, a password that must change, what is written."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.close_account import close_account
from anlan.registry.models import Account
from anlan.web.visitor import client_address
from tests.architecture.tree import ROOT
from tests.entrance import BY, PASSWORD, logged_in, open_accounts
from tests.evening import QUICK_HASH

ADDRESS = "203.0.113.7"


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    found = open_accounts()
    JournalEntry.objects.all().delete()
    return found


def log_in(name, password=PASSWORD, *, address=ADDRESS, client=None):
    client = client or Client(REMOTE_ADDR=address, headers={"accept-language": "en"})
    client.answer = client.post(reverse("login"), {"username": name, "password": password})
    return client


def written() -> list[tuple[str, str]]:
    rows = JournalEntry.objects.order_by("id")
    return [(row.act, row.subject) for row in rows]


def test_coming_and_going_is_written_down_with_the_machine(accounts, cast):
    Account.objects.filter(username="duty").update(person_id=cast.people["county officer"])
    client = log_in("duty")
    assert client.answer.status_code == 302
    client.post(reverse("logout"))
    key = accounts["duty"].pk
    assert written() == [
        ("account.logged_in", f"account:{key}"),
        ("account.logged_out", f"account:{key}"),
    ]
    entry = JournalEntry.objects.first()
    assert entry is not None
    assert (entry.actor, entry.account_id) == ("county officer", key)
    assert entry.person_id == cast.people["county officer"]
    assert json.loads(entry.detail) == {"from": ADDRESS, "via": "password"}


def test_five_wrong_passwords_lock_and_the_lock_is_written_once(accounts):
    client = log_in("duty", "wrong")
    for _ in range(7):
        log_in("duty", "wrong", client=client)
    assert client.answer.status_code == 429
    assert log_in("duty", client=client).answer.status_code == 429
    acts = [act for act, _subject in written()]
    assert acts == ["account.log_in_failed"] * 5 + ["account.locked"]
    assert "wrong" not in "".join(JournalEntry.objects.values_list("detail", flat=True))


def test_whoever_knows_only_the_name_cannot_lock_its_owner_out(accounts):
    for _ in range(6):
        log_in("duty", "wrong", address="198.51.100.9")
    assert log_in("duty").answer.status_code == 302


def test_a_name_that_no_account_has_is_not_written(accounts):
    log_in("my-password-typed-in-the-wrong-place", "x")
    assert written() == []


def test_a_closed_account_is_out_at_once(accounts):
    client = log_in("duty")
    close_account(accounts["duty"].pk, by=BY, now=clock.now())
    assert client.get(reverse("map")).status_code == 302
    assert log_in("duty").answer.status_code == 200


def test_the_session_gets_a_new_name_at_the_login(accounts):
    client = Client()
    client.get(reverse("login"))
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    log_in("duty", client=client)
    assert client.session.session_key != before


def test_cookies_are_for_our_pages_alone(accounts, settings):
    cookie = log_in("duty").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert settings.CSRF_COOKIE_HTTPONLY
    settings.SESSION_COOKIE_SECURE = True
    assert log_in("duty").cookies["sessionid"]["secure"]


def test_an_unused_session_ends_after_half_an_hour(accounts, fixed_clock):
    client = log_in("duty")
    for _ in range(3):
        fixed_clock.advance(timedelta(minutes=29))
        assert client.get(reverse("calls")).status_code == 200
    fixed_clock.advance(timedelta(minutes=31))
    answer = client.get(reverse("calls"))
    assert answer.headers["Location"] == f"{reverse('login')}?next={reverse('calls')}"
    assert "nobody used the page" in client.get(answer.headers["Location"]).content.decode()
    assert JournalEntry.objects.filter(act="account.logged_out").count() == 1


def test_the_idle_time_is_a_setting(accounts, fixed_clock, settings):
    settings.ANLAN_IDLE_MINUTES = 5
    client = log_in("duty")
    client.get(reverse("calls"))
    fixed_clock.advance(timedelta(minutes=6))
    assert client.get(reverse("calls")).status_code == 302


def test_any_session_ends_after_twelve_hours(accounts, fixed_clock):
    client = log_in("duty")
    for _ in range(36):
        assert client.get(reverse("calls")).status_code == 200
        fixed_clock.advance(timedelta(minutes=20))
    fixed_clock.advance(timedelta(minutes=1))
    assert client.get(reverse("calls")).status_code == 302


def test_a_new_password_ends_the_other_sessions_and_not_this_one(accounts):
    here, there = log_in("duty"), log_in("duty")
    assert there.get(reverse("calls")).status_code == 200
    new = "Another-evening-1"
    form = {"old": PASSWORD, "new": new, "again": new}
    assert here.post(reverse("change_password"), form).status_code == 302
    assert here.get(reverse("calls")).status_code == 200
    assert there.get(reverse("calls")).status_code == 302


def test_one_may_log_out_everywhere_else(accounts):
    here, there = log_in("duty"), log_in("duty")
    here.post(reverse("end_sessions"))
    assert here.get(reverse("calls")).status_code == 200
    assert there.get(reverse("calls")).status_code == 302


@pytest.mark.parametrize(
    "change", [{"must_change_password": True}, {"password_changed_at": "2024-01-01T00:00Z"}]
)
def test_a_password_that_must_change_comes_before_everything(accounts, change):
    Account.objects.filter(username="duty").update(**change)
    client = log_in("duty")
    for name in ("map", "map_data", "warnings", "own_account", "delegations", "second_factor"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302, name
        assert answer.headers["Location"] == reverse("change_password"), name
    page = client.get(reverse("change_password")).content.decode()
    assert "Choose" in page
    assert "试县" not in page
    weak = client.post(reverse("change_password"), {"old": PASSWORD, "new": "x", "again": "x"})
    assert "at least" in weak.content.decode()
    new = "My-own-evening-1"
    client.post(reverse("change_password"), {"old": PASSWORD, "new": new, "again": new})
    assert client.get(reverse("map")).status_code == 200


def test_pages_carry_what_browsers_must_be_told(accounts):
    answer = log_in("duty").get(reverse("calls"))
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_no_template_needs_what_the_policy_refuses():
    inline = re.compile(r"<[^>]*\s(?:style|on[a-z]+)=", re.IGNORECASE)
    templates = (ROOT / "src").glob("anlan/*/templates/**/*.html")
    assert not [path.name for path in templates if inline.search(path.read_text())]


@pytest.mark.parametrize(
    ("behind", "told", "found"),
    [
        (False, "198.51.100.1", ADDRESS),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (True, "nonsense", ADDRESS),
        (True, "", ADDRESS),
    ],
)
def test_only_the_proxy_is_believed_on_the_address(rf, settings, behind, told, found):
    settings.BEHIND_HTTPS = behind
    request = rf.get("/", REMOTE_ADDR=ADDRESS, headers={"x-forwarded-for": told})
    assert client_address(request) == found


def test_the_menu_shows_what_one_may(accounts):
    def links(name):
        page = logged_in(accounts[name]).get(reverse("calls")).content.decode()
        wanted = ("own_account", "delegations", "accounts", "tokens", "audit")
        return {each for each in wanted if f'href="{reverse(each)}"' in page}

    assert links("duty") == {"own_account", "delegations"}
    assert links("auditor") == {"own_account", "delegations", "audit"}
    assert links("admin") == {"own_account", "delegations", "accounts", "tokens", "audit"}
