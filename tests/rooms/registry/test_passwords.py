"""Passwords by the protection scheme: what is refused with which sentence, and when one ends."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.utils import translation

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.change_password import change_password
from anlan.registry.actions.reset_password import reset_password
from anlan.registry.models import Account, OldPassword
from anlan.registry.passwords import is_too_old, kinds_of
from anlan.registry.refusals import PasswordRefused, WrongPassword
from tests.entrance import PASSWORD, as_actor, open_accounts
from tests.evening import QUICK_HASH


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    with translation.override("en"):
        yield open_accounts()


def changed(account, new, *, old=PASSWORD):
    change_password(account, old=old, new=new, by=as_actor(account), now=clock.now())
    account.refresh_from_db()


@pytest.mark.parametrize(
    ("password", "kinds"),
    [("abc", 1), ("abcDEF", 2), ("abcDEF1", 3), ("abcDEF1-", 4), ("上河镇a1", 3), ("12345", 1)],
)
def test_kinds_of_signs_are_counted(password, kinds):
    assert kinds_of(password) == kinds


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("Short-1", "at least 10"),
        ("onlysmallletters", "at least three of these"),
        ("small4and4digits", "at least three of these"),
        ("Duty-2024-duty", "must not hold the user name"),
        ("24-YTUD-24-no", "must not hold the user name"),
        ("Qwerty12345", "too common"),
        ("Evening-rain-1", None),
        ("上河镇的雨Rain24x", None),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(accounts, new, sentence):
    account = accounts["duty"]
    if sentence is None:
        changed(account, new)
        assert account.check_password(new)
        return
    with pytest.raises(PasswordRefused) as refused:
        changed(account, new)
    assert any(sentence in each for each in refused.value.sentences)
    assert account.check_password(PASSWORD)


def test_a_common_password_is_refused_by_its_name(accounts):
    with pytest.raises(PasswordRefused, match="common"):
        changed(accounts["duty"], "1234567890")


def test_the_last_five_do_not_come_back(accounts):
    account, old = accounts["duty"], PASSWORD
    for number in range(4):
        new = f"Evening-rain-{number}"
        changed(account, new, old=old)
        old = new
    for used in (PASSWORD, *(f"Evening-rain-{n}" for n in range(4))):
        with pytest.raises(PasswordRefused, match="last five"):
            changed(account, used, old=old)
    changed(account, "Evening-rain-4", old=old)
    changed(account, PASSWORD, old="Evening-rain-4")
    assert OldPassword.objects.filter(account=account).count() == 4


def test_the_old_password_is_asked(accounts):
    with pytest.raises(WrongPassword):
        changed(accounts["duty"], "Evening-rain-1", old="Something-else-1")


def test_a_password_ends_after_ninety_days_or_as_set(accounts, settings):
    account, now = accounts["duty"], clock.now()
    assert not is_too_old(account, at=now + timedelta(days=90))
    assert is_too_old(account, at=now + timedelta(days=90, seconds=1))
    settings.ANLAN_PASSWORD_DAYS = 0
    assert not is_too_old(account, at=now + timedelta(days=9000))


def test_a_given_password_must_be_changed_and_ends_a_lock_out(accounts):
    account = accounts["duty"]
    request = RequestFactory().post("/login/")
    for _ in range(6):
        authenticate(request, username="duty", password="wrong")
    assert authenticate(request, username="duty", password=PASSWORD) is None
    round_before = account.session_round
    new = "Given-by-admin-1"
    reset_password(account.pk, new=new, by=as_actor(accounts["admin"]), now=clock.now())
    account.refresh_from_db()
    assert account.must_change_password
    assert account.session_round == round_before + 1
    assert authenticate(RequestFactory().post("/login/"), username="duty", password=new) == account
    changed(account, "My-own-choice-1", old=new)
    assert not account.must_change_password


def test_no_password_reaches_the_journal(accounts):
    changed(accounts["duty"], "Evening-rain-1")
    reset_password(
        accounts["duty"].pk,
        new="Given-by-admin-1",
        by=as_actor(accounts["admin"]),
        now=clock.now(),
    )
    entries = JournalEntry.objects.filter(act__startswith="password.").order_by("id")
    assert [entry.act for entry in entries] == ["password.changed", "password.reset"]
    assert {entry.subject for entry in entries} == {f"account:{accounts['duty'].pk}"}
    assert {entry.detail for entry in entries} == {"{}"}
    assert not Account.objects.filter(password__contains="Evening").exists()
