"""Sources are kept by the county's administrator, and told in words to whoever may look."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from anlan.kernel import clock
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.warning.actions.end_source import end_source
from anlan.warning.actions.keep_source import keep_source
from anlan.warning.data import (
    SourceDraft,
    UpperState,
)
from anlan.warning.models import FeedEntry, UpperWarning, WarningSource
from anlan.warning.refusals import SourceOutOfSight, SourceRefused
from tests.cast import COUNTY, UPPER
from tests.entrance import OTHER_COUNTY, logged_in, open_accounts
from tests.evening import QUICK_HASH
from tests.gateway.cap_specimens import FILES, Signer, message
from tests.upper_levels import BY, add_source, atom, feed_server, receive

DRAFT = {"name": "市气象台", "address": "http://127.0.0.1:9/feed", "division_code": COUNTY}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def office():
    return Signer("市气象台")


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


@pytest.fixture
def visit(accounts):
    def enter(name: str) -> Client:
        client = logged_in(accounts[name])
        client.cookies["django_language"] = "en"
        return client

    return enter


def keep(**given) -> WarningSource:
    options = {key: given.pop(key) for key in ("source_uuid", "version") if key in given}
    key = keep_source(SourceDraft(**{**DRAFT, **given}), by=BY, now=clock.now(), **options)
    found: WarningSource = WarningSource.objects.get(uuid=key)
    return found


def test_a_new_source_is_asked_at_once(cast):
    with feed_server() as server:
        server.says("/feed", atom(inline=message()))
        source = keep(address=f"{server.address}/feed")
        virtual_queue.run_until(clock.now())
        assert server.asked == ["/feed"]
    assert source.every_seconds == 60
    assert UpperWarning.objects.get().source == source
    entry = JournalEntry.objects.get(act="warning_source.added")
    assert (entry.subject, entry.division_code) == (f"warning_source:{source.uuid}", COUNTY)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " "}, "1 to 80 characters"),
        ({"name": "x" * 81}, "1 to 80 characters"),
        ({"address": "ftp://a.cn/"}, "no address of a feed"),
        ({"address": "a.cn/feed"}, "no address of a feed"),
        ({"address": "http://a.cn/a b"}, "no address of a feed"),
        ({"address": "http://a.cn/" + "x" * 500}, "no address of a feed"),
        ({"address": "http://me:secret@a.cn/"}, "Leave them out"),
        ({"every_seconds": 9}, "between 10 and 86400 seconds"),
        ({"division_code": UPPER}, "Choose a county"),
        ({"requires_signature": True}, "needs a trusted certificate"),
        ({"trusted_certificates": "my certificate"}, "Certificate number 1"),
    ],
)
def test_a_source_that_cannot_be_kept_is_refused_with_the_remedy(cast, given, words):
    with pytest.raises(SourceRefused, match=words):
        keep(**given)
    assert WarningSource.objects.count() == 0
    assert JournalEntry.objects.filter(act__startswith="warning_source").count() == 0


def test_a_county_that_nobody_knows_is_named(cast):
    with pytest.raises(UnknownDivision, match="990799000000"):
        keep(division_code="990799000000")


def test_an_address_stands_once_in_a_county(cast, accounts):
    first = keep()
    with pytest.raises(SourceRefused, match="already has a source"):
        keep(name="another")
    assert keep(division_code=OTHER_COUNTY).pk != first.pk
    end_source(str(first.uuid), by=BY, now=clock.now())
    assert keep().pk != first.pk


def test_a_trusted_certificate_brings_back_what_was_not_accepted(cast, office):
    other = Signer("别人")
    with feed_server() as server:
        server.says("/feed", atom("/a.xml"), etag='"v1"')
        server.says("/a.xml", office.sign(message()))
        source = keep(
            address=f"{server.address}/feed",
            trusted_certificates=other.pem,
            requires_signature=True,
        )
        virtual_queue.run_until(clock.now())
        assert UpperWarning.objects.get().state == UpperState.REFUSED
        keep(
            address=source.address,
            trusted_certificates=other.pem + office.pem,
            requires_signature=True,
            source_uuid=str(source.uuid),
            version=1,
        )
        virtual_queue.run_until(clock.now())
    states = set(UpperWarning.objects.values_list("state", flat=True))
    assert states == {UpperState.REFUSED, UpperState.IN_FORCE}
    assert WarningSource.objects.get().version == 2


def test_a_source_that_somebody_else_changed_is_not_overwritten(cast):
    source = keep()
    keep(source_uuid=str(source.uuid), version=1, name="甲")
    with pytest.raises(SourceRefused, match="in between"):
        keep(source_uuid=str(source.uuid), version=1, name="乙")
    assert WarningSource.objects.get().name == "甲"


def test_an_ended_source_keeps_its_warnings_and_is_asked_no_more(cast):
    source = keep()
    receive(message(), source)
    end_source(str(source.uuid), by=BY, now=clock.now())
    assert UpperWarning.objects.get().state == UpperState.IN_FORCE
    for again in (
        lambda: end_source(str(source.uuid), by=BY, now=clock.now()),
        lambda: keep(source_uuid=str(source.uuid), version=1),
    ):
        with pytest.raises(SourceOutOfSight):
            again()
    assert JournalEntry.objects.filter(act="warning_source.ended").count() == 1


# Pages

ADDRESS = "http://127.0.0.1:9/x"
FORM = {"name": "省台", "address": ADDRESS, "every_seconds": "90", "division": COUNTY}


def test_the_administrator_adds_changes_and_ends_a_source(visit, office):
    client = visit("admin")
    answer = client.post(
        reverse("warning_sources"), {**FORM, "trusted_certificates": office.pem}, follow=True
    )
    assert "The source is asked now." in answer.content.decode()
    source = WarningSource.objects.get()
    text = client.get(reverse("warning_source", args=[source.uuid])).content.decode()
    for word in ("省台", "asked every 90 s", "市气象台", "2029-12-29", 'value="1"'):
        assert word in text, word
    changed = {**FORM, "name": "省气象台", "version": "1"}
    client.post(reverse("warning_source", args=[source.uuid]), changed)
    assert WarningSource.objects.get().name == "省气象台"
    answer = client.post(reverse("end_warning_source", args=[source.uuid]), follow=True)
    assert "The source is ended." in answer.content.decode()
    assert "no longer asked" in answer.content.decode()


def test_a_form_that_is_refused_keeps_what_was_typed(visit):
    answer = visit("admin").post(reverse("warning_sources"), {**FORM, "every_seconds": "1"})
    text = answer.content.decode()
    assert "between 10 and 86400 seconds" in text
    assert "省台" in text
    assert WarningSource.objects.count() == 0


@pytest.mark.parametrize("who", ["duty", "commander", "upper", "slope", "clerk", "far-admin"])
def test_nobody_else_keeps_a_source(visit, who):
    source, client = add_source(), visit(who)
    assert client.post(reverse("warning_sources"), FORM).status_code == 403
    away = who == "far-admin"
    for name in ("warning_source", "end_warning_source"):
        status = client.post(reverse(name, args=[source.uuid]), FORM).status_code
        assert status == (404 if away else 403), name
    text = client.get(reverse("warning_sources")).content.decode()
    assert ("市气象台" in text) is not away
    assert ("New source" in text) is away
    source.refresh_from_db()
    assert source.ended_at is None


@pytest.mark.parametrize(
    ("fault", "detail", "words"),
    [
        ("timeout", "", "did not answer in time"),
        ("http-status", "503", "answered with an error. Check the address. (503)"),
        ("external-entity", "", "The feed cannot be read: It points to files outside itself"),
        ("never-heard-of", "", "never-heard-of"),
    ],
)
def test_a_fault_is_told_in_words(visit, fault, detail, words):
    source = add_source(fault=fault, fault_detail=detail, failures=3)
    for address in (reverse("warning_sources"), reverse("warning_source", args=[source.uuid])):
        text = visit("duty").get(address).content.decode()
        assert words in text
        assert "3 failures in a row" in text


def test_messages_that_cannot_be_read_are_told_with_their_place(visit):
    with feed_server() as server:
        server.says("/feed", atom("/a.xml"))
        server.says("/a.xml", FILES["bad_invalid.xml"])
        source = keep(address=f"{server.address}/feed")
        virtual_queue.run_until(clock.now())
    assert FeedEntry.objects.count() == 1
    text = visit("duty").get(reverse("warning_source", args=[source.uuid])).content.decode()
    for word in ("A required element is missing or empty.", "alert/scope", "line 2", "/a.xml"):
        assert word in text, word
    listed = visit("duty").get(reverse("warning_sources")).content.decode()
    assert "1 message not readable" in listed
