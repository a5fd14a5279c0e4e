"""The second factor: who needs it, what stays shut before it, its codes, its loss."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from anlan.kernel.models import JournalEntry
from anlan.registry.models import SecondFactor
from tests.entrance import PASSWORD, code_now, logged_in, open_accounts
from tests.evening import QUICK_HASH

CODE = re.compile(r'<b class="mono">([a-z2-9]{5}-[a-z2-9]{5})</b>')


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


def log_in(name):
    client = Client(headers={"accept-language": "en"})
    client.post(reverse("login"), {"username": name, "password": PASSWORD})
    return client


def enrol(client, account):
    """Set the second factor up and return its recovery codes."""
    client.post(reverse("begin_second_factor"))
    page = client.post(reverse("confirm_second_factor"), {"code": code_now(account)})
    return CODE.findall(page.content.decode())


def wait(fixed_clock, account, minutes=2):
    """Let some time pass, for the code and for the wait after wrong ones."""
    fixed_clock.advance(timedelta(minutes=minutes))
    SecondFactor.objects.filter(user=account).update(throttling_failure_timestamp=None)


@pytest.mark.parametrize("who", ["admin", "commander"])
def test_whoever_needs_it_sees_nothing_before(accounts, who):
    client = log_in(who)
    names = [name for name in get_resolver().reverse_dict if isinstance(name, str)]
    assert len(names) > 20
    for name in ("map", "map_data", "warnings", "calls", "accounts", "audit", "own_account"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302, name
        assert answer.headers["Location"] == reverse("second_factor"), name
    page = client.get(reverse("second_factor")).content.decode()
    assert "试县" not in page
    assert reverse("accounts") not in page


def test_it_is_set_up_with_a_picture_a_key_and_ten_codes(accounts):
    client, account = log_in("commander"), accounts["commander"]
    client.post(reverse("begin_second_factor"))
    page = client.get(reverse("second_factor")).content.decode()
    factor = SecondFactor.objects.get(user=account)
    assert 'src="data:image/svg+xml' in page
    assert factor.key_as_text in page
    wrong = client.post(reverse("confirm_second_factor"), {"code": "000000"})
    assert wrong.status_code == 302
    assert client.get(reverse("map")).status_code == 302
    SecondFactor.objects.update(throttling_failure_timestamp=None)
    done = client.post(reverse("confirm_second_factor"), {"code": code_now(account)})
    codes = CODE.findall(done.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in done.headers["Cache-Control"]
    assert client.get(reverse("map")).status_code == 200
    later = client.get(reverse("second_factor")).content.decode()
    assert factor.key_as_text not in later
    assert not CODE.findall(later)


def test_the_secret_is_encrypted_and_the_codes_are_digests(accounts):
    codes = enrol(log_in("commander"), accounts["commander"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM registry_secondfactor")
        assert cursor.fetchone()[0].startswith("gAAAA")
        cursor.execute("SELECT token FROM otp_static_statictoken")
        stored = {row[0] for row in cursor.fetchall()}
    assert not stored & {code.replace("-", "") for code in codes}


def test_at_the_next_login_a_code_is_asked_and_opens_once(accounts, fixed_clock):
    account = accounts["commander"]
    enrol(log_in("commander"), account)
    fixed_clock.advance(timedelta(minutes=2))
    client = log_in("commander")
    assert client.get(reverse("map")).headers["Location"] == reverse("prove_second_factor")
    for name in ("begin_second_factor", "confirm_second_factor", "end_sessions"):
        shut = client.post(reverse(name))
        assert shut.headers["Location"] == reverse("prove_second_factor"), name
    code = code_now(account)
    assert client.post(reverse("prove_second_factor"), {"code": code}).status_code == 302
    assert client.get(reverse("map")).status_code == 200
    again = log_in("commander")
    assert again.post(reverse("prove_second_factor"), {"code": code}).status_code == 200
    assert again.get(reverse("map")).status_code == 302


@pytest.mark.parametrize(("steps", "opens"), [(-3, False), (-1, True), (0, True), (1, True)])
def test_a_clock_half_a_minute_off_will_do(accounts, fixed_clock, steps, opens):
    account = accounts["commander"]
    enrol(log_in("commander"), account)
    fixed_clock.advance(timedelta(minutes=10))
    client = log_in("commander")
    client.post(reverse("prove_second_factor"), {"code": code_now(account, steps=steps)})
    assert (client.get(reverse("map")).status_code == 200) is opens


def test_wrong_codes_make_one_wait(accounts, fixed_clock):
    account = accounts["commander"]
    enrol(log_in("commander"), account)
    fixed_clock.advance(timedelta(minutes=2))
    client = log_in("commander")
    for code in ("000000", "", "x" * 50, "１２３４５６", "12345"):
        client.post(reverse("prove_second_factor"), {"code": code})
    client.post(reverse("prove_second_factor"), {"code": code_now(account)})
    assert client.get(reverse("map")).status_code == 302
    wait(fixed_clock, account)
    client = log_in("commander")
    client.post(reverse("prove_second_factor"), {"code": code_now(account)})
    assert client.get(reverse("map")).status_code == 200
    assert JournalEntry.objects.filter(act="second_factor.failed").count() >= 5


def test_a_recovery_code_opens_once(accounts, fixed_clock):
    account = accounts["commander"]
    codes = enrol(log_in("commander"), account)
    fixed_clock.advance(timedelta(minutes=2))
    client = log_in("commander")
    client.post(reverse("prove_second_factor"), {"code": codes[3].upper()})
    assert client.get(reverse("map")).status_code == 200
    assert "9 recovery codes left" in client.get(reverse("own_account")).content.decode()
    again = log_in("commander")
    again.post(reverse("prove_second_factor"), {"code": codes[3]})
    assert again.get(reverse("map")).status_code == 302


def test_new_codes_end_the_old_ones(accounts, fixed_clock):
    account = accounts["commander"]
    client = log_in("commander")
    old = enrol(client, account)
    page = client.post(reverse("renew_recovery_codes")).content.decode()
    new = CODE.findall(page)
    assert not set(old) & set(new)
    client = log_in("commander")
    client.post(reverse("prove_second_factor"), {"code": old[0]})
    assert client.get(reverse("map")).status_code == 302


def test_another_account_may_turn_it_on_and_off(accounts, fixed_clock):
    account, client = accounts["duty"], log_in("duty")
    assert client.get(reverse("map")).status_code == 200
    enrol(client, account)
    fixed_clock.advance(timedelta(minutes=2))
    assert log_in("duty").get(reverse("map")).status_code == 302
    client.post(reverse("give_up_second_factor"))
    assert client.get(reverse("map")).status_code == 200
    assert log_in("duty").get(reverse("map")).status_code == 200


def test_whoever_needs_it_cannot_turn_it_off(accounts):
    client = log_in("commander")
    enrol(client, accounts["commander"])
    page = client.post(reverse("give_up_second_factor"), follow=True).content.decode()
    assert "Your role needs the second factor" in page
    assert SecondFactor.objects.filter(user=accounts["commander"], confirmed=True).exists()


def test_an_administrator_takes_it_off_a_lost_phone_and_its_sessions_end(accounts):
    client = log_in("commander")
    enrol(client, accounts["commander"])
    admin = logged_in(accounts["admin"])
    far = logged_in(accounts["far-admin"])
    address = reverse("reset_second_factor", args=[accounts["commander"].pk])
    assert far.post(address).status_code == 404
    assert client.get(reverse("map")).status_code == 200
    admin.post(address)
    assert client.get(reverse("map")).headers["Location"].startswith(reverse("login"))
    assert log_in("commander").get(reverse("map")).headers["Location"] == reverse("second_factor")


def test_where_it_is_optional_nobody_is_asked_who_did_not_turn_it_on(accounts, settings):
    settings.ANLAN_SECOND_FACTOR = "optional"
    assert log_in("commander").get(reverse("map")).status_code == 200


def test_a_factor_of_somebody_else_opens_nothing(accounts):
    enrol(log_in("commander"), accounts["commander"])
    client = log_in("admin")
    session = client.session
    session["otp_device_id"] = SecondFactor.objects.get().persistent_id
    session.save()
    assert client.get(reverse("map")).status_code == 302


def test_a_role_lent_later_asks_for_it_from_then_on(accounts):
    client = log_in("duty")
    assert client.get(reverse("map")).status_code == 200
    giver = logged_in(accounts["commander"])
    form = {"to": "duty", "role": "commander", "division": "990701000000", "days": "3"}
    giver.post(reverse("delegate_authority"), form)
    assert client.get(reverse("map")).headers["Location"] == reverse("second_factor")
