"""Accounts from the command line: a county's first administrator without any page."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from anlan.cli.environment import wanted
from anlan.cli.main import app
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Account, SecondFactor
from tests.cast import COUNTY, UPPER
from tests.evening import QUICK_HASH


@pytest.fixture
def run(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    runner = CliRunner(env={"COLUMNS": "200"})
    return lambda *words: runner.invoke(app, ["accounts", *words])


def open_first(run):
    done = run("open", "first", "--role", "administrator", "--division", COUNTY)
    assert done.exit_code == 0, done.output
    return done.output.split()[-1]


def test_the_first_administrator_is_opened_with_a_password_for_one_login(run):
    password = open_first(run)
    first = Account.objects.get(username="first")
    assert first.check_password(password)
    client = Client()
    client.post(reverse("login"), {"username": "first", "password": password})
    assert client.get(reverse("map"))["Location"] == reverse("change_password")
    entry = JournalEntry.objects.get(act="account.opened")
    assert entry.actor == "program:command line"
    assert password not in entry.detail


def test_the_list_shows_who_may_what(run):
    open_first(run)
    run("open", "shanghe", "--role", "town_officer", "--division", UPPER)
    page = run("list").output
    assert re.search(r"first.*试县.*administrator", page)
    narrowed = run("list", "--division", UPPER).output
    assert "shanghe" in narrowed
    assert "first" not in narrowed


def test_an_account_is_helped_closed_and_opened_again(run):
    old = open_first(run)
    new = run("new-password", "first").output.split()[-1]
    first = Account.objects.get(username="first")
    assert first.check_password(new)
    assert new != old
    SecondFactor.objects.create(user=first, name="app")
    Account.objects.update(has_second_factor=True)
    assert "is off" in run("reset-second-factor", "first").output
    assert "had none" in run("reset-second-factor", "first").output
    assert run("grant", "first", "--role", "commander", "--division", COUNTY).exit_code == 0
    assert run("close", "first").exit_code == 0
    assert not Account.objects.get().is_active
    assert run("reopen", "first").exit_code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("open", "x y", "--role", "reader", "--division", COUNTY), "x y"),
        (("open", "someone", "--role", "reader", "--division", "990799000000"), "990799000000"),
        (("open", "someone", "--role", "reader", "--division", "12"), "12"),
        (("open", "first", "--role", "reader", "--division", COUNTY), "first"),
        (("close", "nobody"), "no account nobody"),
        (("list", "--division", "x"), "x"),
    ],
)
def test_what_cannot_be_done_ends_in_a_sentence(run, words, sentence):
    open_first(run)
    done = run(*words)
    assert done.exit_code == 1
    assert sentence in done.output
    assert "Traceback" not in done.output


def test_the_demo_lets_a_newcomer_in(tmp_path):
    (tmp_path / "demo.sqlite3").write_bytes(b"x")
    found = wanted(["serve"], present={"ANLAN_HOME": str(tmp_path)})
    assert found["ANLAN_SECOND_FACTOR"] == "optional"
    assert found["ANLAN_PASSWORD_DAYS"] == "0"
    (tmp_path / "anlan.sqlite3").write_bytes(b"x")
    assert "ANLAN_SECOND_FACTOR" not in wanted(["serve"], present={"ANLAN_HOME": str(tmp_path)})
