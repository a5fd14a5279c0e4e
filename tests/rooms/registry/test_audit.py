"""The audit: what it shows, to whom, and that it holds no secret."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.grant_authority import grant_authority
from anlan.registry.data import Permission, Role
from anlan.registry.queries.audit import AuditFilter, AuditKind, audit_entries
from anlan.registry.queries.authorities import grants_of
from tests.cast import COUNTY, LOWER, SLOPE, UPPER
from tests.entrance import OTHER_COUNTY, PASSWORD, as_actor, logged_in, open_accounts, opened
from tests.evening import QUICK_HASH

BY = the_program("tests")


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    found = open_accounts()
    JournalEntry.objects.all().delete()
    return found


def happened(act, *, at=UPPER, ago=timedelta(0), **more):
    journal.record(act, by=BY, now=clock.now() - ago, division_code=at, **more)


def acts(auditor, **wanted):
    grants = grants_of(auditor.pk, at=clock.now())
    found = audit_entries(AuditFilter(**wanted), grants=grants, now=clock.now())
    return [row.act for row in found.rows]


def test_the_audit_reads_log_ins_authorities_and_numbers_shown(accounts):
    client = Client()
    client.post(reverse("login"), {"username": "upper", "password": "wrong"})
    client.post(reverse("login"), {"username": "upper", "password": PASSWORD})
    grant_authority(
        accounts["slope"].pk,
        role=Role.READER,
        division_code=UPPER,
        by=as_actor(accounts["admin"]),
        now=clock.now(),
    )
    happened("personal.shown", at=SLOPE, subject="person:1", detail={"field": "phone"})
    happened("warning.issued")
    assert acts(accounts["auditor"]) == [
        "personal.shown",
        "authority.granted",
        "account.logged_in",
        "account.log_in_failed",
    ]
    assert acts(accounts["auditor"], kind="personal") == ["personal.shown"]
    assert acts(accounts["auditor"], kind="refused") == ["account.log_in_failed"]
    assert acts(accounts["auditor"], kind="nonsense") == acts(accounts["auditor"])


def test_it_is_narrowed_by_account_and_days(accounts):
    upper = accounts["upper"].pk
    happened("account.locked", subject=f"account:{upper}")
    happened("account.closed", subject=f"account:{accounts['lower'].pk}", at=LOWER)
    happened("password.changed", subject=f"account:{upper}", ago=timedelta(days=40))
    assert acts(accounts["auditor"], account="upper") == ["account.locked"]
    assert acts(accounts["auditor"], account="upper", days=90) == [
        "account.locked",
        "password.changed",
    ]
    assert acts(accounts["auditor"], account="nobody") == []


def test_each_auditor_sees_their_own_divisions(accounts):
    town = opened("town-auditor", Role.AUDITOR, UPPER)
    JournalEntry.objects.all().delete()
    happened("account.opened", at=COUNTY)
    happened("account.closed", at=SLOPE)
    happened("account.tied", at=LOWER)
    happened("account.reopened", at=OTHER_COUNTY)
    happened("account.locked", at="")
    happened("keys.rotated", at="")
    assert set(acts(accounts["auditor"])) == {
        "account.opened",
        "account.closed",
        "account.tied",
        "keys.rotated",
    }
    assert acts(town) == ["account.closed"]
    assert set(acts(accounts["far-admin"])) == {"account.reopened", "keys.rotated"}


@pytest.mark.parametrize("who", ["commander", "duty", "clerk", "upper", "slope"])
def test_nobody_else_reads_it(accounts, who):
    happened("account.opened")
    assert acts(accounts[who]) == []
    assert logged_in(accounts[who]).get(reverse("audit")).status_code == 403


def test_reading_elsewhere_is_no_auditing_here(accounts):
    grant_authority(
        accounts["far-admin"].pk,
        role=Role.READER,
        division_code=COUNTY,
        by=BY,
        now=clock.now(),
    )
    happened("account.tied", at=COUNTY)
    assert "account.tied" not in acts(accounts["far-admin"])


def test_the_page_says_it_in_words(accounts):
    happened(
        "authority.delegated",
        subject=f"account:{accounts['upper'].pk}",
        detail={"role": "commander", "until": "2024-07-20T20:00:00+08:00"},
    )
    happened("token.issued", detail={"permissions": ["read_register", "tea"], "days": 30})
    happened("password.reset", detail={"role": "king", "office": "tea", "until": "soon"})
    client = logged_in(accounts["auditor"], language="en")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("audit")).content.decode()
    assert len(asked) <= 20
    for words in (
        "role handed on",
        "commander",
        "2024-07-20 20:00",
        "上河镇",
        "upper",
        str(Permission.READ_REGISTER.label),
    ):
        assert words in page, words
    assert client.get(reverse("audit"), {"days": "x", "kind": "y", "page": "-1"}).status_code == 200


def test_many_entries_come_in_pages(accounts):
    journal.record_all(
        [journal.Note(act="account.tied", division_code=UPPER) for _ in range(250)],
        by=BY,
        now=clock.now(),
    )
    client = logged_in(accounts["auditor"], language="en")
    first = client.get(reverse("audit")).content.decode()
    last = client.get(reverse("audit"), {"page": "3"}).content.decode()
    assert 'rel="next"' in first
    assert 'rel="next"' not in last
    assert last.count("account tied to a person") == 50


def test_every_kind_has_acts(accounts):
    happened("keys.retired", at="")
    assert acts(accounts["auditor"], kind=AuditKind.KEYS.value) == ["keys.retired"]
    assert len(AuditKind) == 8
