"""A county's providers: each person's way, fail-over, an hour without, receipts and replies."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.encryption import index_of
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Person
from anlan.warning.api import acknowledge, issue_warnings, lift_warnings
from anlan.warning.core.outbox import QUIET
from anlan.warning.data import AnswerKind, DeliveryState, Purpose, SummonsState
from anlan.warning.gateways.lines import close_all
from anlan.warning.models import Answer, ChannelProvider, Delivery, PersonChannel, Summons
from tests.broker import free_port
from tests.cast import COUNTY, cleared, crossed
from tests.sms_centre import centre, cut_off, with_status
from tests.weather import pass_time

BY = the_program("test")
CALLED = 6  # people of the upper town who answer for a mountain flood


@pytest.fixture(autouse=True)
def no_channels_but_ours(settings, cast):
    """Leave the inbox as what every county has, beside its providers."""
    settings.ANLAN_CHANNELS = {"inbox": "anlan.warning.gateways.inbox.channel.Inbox"}
    yield
    close_all()


@pytest.fixture
def first():
    with centre() as made:
        yield made


@pytest.fixture
def second():
    with centre() as made:
        yield made


def provider(made, name, *, order=1, kind="sms", **more):
    return ChannelProvider.objects.create(
        uuid=uuid.uuid4(),
        division_id=COUNTY,
        kind=kind,
        name=name,
        address=made.server.address,
        account=made.account,
        secret=made.secret,
        order=order,
        options={"sign_name": "县应急"},
        **more,
    )


def issue(cast):
    exceedance = crossed(cast)
    (warning,) = issue_warnings([exceedance], by=BY, now=clock.now())
    pass_time(0)
    return warning, exceedance


def phones_of(made):
    return sorted(item["mobile"] for item in made.sent.values())


def states(**narrowed):
    rows = Delivery.objects.filter(purpose=Purpose.CALL, **narrowed)
    return sorted(rows.values_list("state", "channel"))


def number(cast, name):
    return Person.objects.get(pk=cast.people[name]).phone


def test_everybody_is_sent_the_warning_by_the_countys_gateway(cast, first):
    way = provider(first, "one")
    issue(cast)
    called = Summons.objects.values_list("person__pk", flat=True)
    calls = [item["mobile"] for item in first.sent.values() if "山洪" in item["text"]]
    assert {number(cast, cast.name_of(person)) for person in called} <= set(calls)
    assert states() == [(DeliveryState.ACCEPTED, "sms")] * CALLED
    row = Delivery.objects.filter(purpose=Purpose.CALL).earliest("pk")
    assert row.provider_id == way.pk
    assert row.provider_reference.startswith("m-")


def test_when_the_first_provider_is_down_the_second_takes_all(cast, first, second):
    one, two = provider(first, "one"), provider(second, "two", order=2)
    one.address = f"http://127.0.0.1:{free_port()}/"
    one.save()
    issue(cast)
    assert states() == [(DeliveryState.ACCEPTED, "sms")] * CALLED
    assert set(
        Delivery.objects.filter(purpose=Purpose.CALL).values_list("provider_id", flat=True)
    ) == {two.pk}
    one.refresh_from_db()
    assert one.broken_until > clock.now()
    assert JournalEntry.objects.filter(act="provider.failed").count() == 1
    assert first.secret not in "".join(JournalEntry.objects.values_list("detail", flat=True))


def test_an_hour_without_a_provider_is_made_good_and_nothing_stale_follows(cast, first):
    first.mood = with_status("503 Service Unavailable")
    provider(first, "one")
    Person.objects.filter(pk__in=cast.people.values()).update(second_phone="")
    _warning, exceedance = issue(cast)
    assert states() == [(DeliveryState.ACCEPTED, "inbox")] * CALLED  # their own page has it
    pass_time(60)
    assert first.sent == {}
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    first.mood = None
    pass_time(60)
    assert [text for text in first.texts() if "预警" in text and "解除" not in text] == []


def test_what_may_have_left_is_not_sent_again_within_the_quiet_time(cast, first):
    first.mood = cut_off
    provider(first, "one")
    issue(cast)
    orders = len([1 for s in states() if s[0] == DeliveryState.SENDING])
    assert orders == CALLED
    first.mood = None
    pass_time(QUIET.total_seconds() / 60 - 0.1)
    assert first.sent == {}
    pass_time(0.2)
    assert states() == [(DeliveryState.ACCEPTED, "sms")] * CALLED
    assert len(phones_of(first)) == len(set(phones_of(first)))


def test_a_number_that_is_none_goes_the_next_way_at_once(cast, first):
    provider(first, "one")
    first.codes[number(cast, "alone leader")] = 101
    issue(cast)
    row = Delivery.objects.get(purpose=Purpose.CALL, person_id=cast.people["alone leader"])
    assert (row.state, row.channel) == (DeliveryState.ACCEPTED, "inbox")


def test_a_person_has_an_order_of_their_own(cast, first):
    provider(first, "one")
    person = cast.people["alone leader"]
    PersonChannel.objects.create(person_id=person, order=1, kind="voice")  # the county has none
    PersonChannel.objects.create(person_id=person, order=2, kind="sms")
    issue(cast)
    assert number(cast, "alone leader") in phones_of(first)


def test_a_gateway_is_given_no_more_a_minute_than_it_takes(cast, first):
    provider(first, "one", per_minute=4)
    issue(cast)
    pass_time(0)
    assert len(first.sent) == 4
    waiting = Delivery.objects.exclude(state=DeliveryState.ACCEPTED)
    assert {row.channel for row in waiting} <= {"inbox", "sms"}
    pass_time(5)
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()


# ------------------------------------------------------------------ what providers call back


def call_back(way, made, *, secret="", nonce="", at=None, **lists):
    headers, body = made.callback(now=at or clock.now(), secret=secret, nonce=nonce, **lists)
    return Client(enforce_csrf_checks=True).post(
        reverse("channel_callback", args=[way.uuid]),
        body,
        content_type="application/json",
        headers=headers,
    )


def letter_to(made, cast, name):
    return next(
        key
        for key, item in made.sent.items()
        if item["mobile"] == number(cast, name) and "山洪" in item["text"]
    )


def summons(cast, name):
    return Summons.objects.get(person_id=cast.people[name])


def why():
    return [
        json.loads(entry.detail)["why"]
        for entry in JournalEntry.objects.filter(act="callback.refused").order_by("pk")
    ]


def test_a_receipt_says_that_the_message_reached_the_phone(cast, first):
    way = provider(first, "one")
    issue(cast)
    answer = call_back(way, first, reports=[first.report(letter_to(first, cast, "alone leader"))])
    assert answer.json() == {"code": 0, "used": 1}
    row = Delivery.objects.get(purpose=Purpose.CALL, person_id=cast.people["alone leader"])
    assert (row.state, row.receipt_at) == (DeliveryState.DELIVERED, clock.now())


def test_what_did_not_reach_the_phone_goes_the_next_way(cast, first):
    way = provider(first, "one")
    issue(cast)
    key = letter_to(first, cast, "alone leader")
    call_back(way, first, reports=[first.report(key, status="UNDELIV")])
    pass_time(0)
    row = Delivery.objects.get(purpose=Purpose.CALL, person_id=cast.people["alone leader"])
    assert (row.state, row.channel) == (DeliveryState.ACCEPTED, "inbox")


@pytest.mark.parametrize(
    ("text", "word", "moved"),
    [("1", AnswerKind.RECEIVED, None), ("3 12 8", AnswerKind.DONE, 8), ("收到", "received", None)],
)
def test_a_reply_by_text_answers_the_call(cast, first, text, word, moved):
    way = provider(first, "one")
    issue(cast)
    mobile = number(cast, "alone leader")
    Person.objects.filter(pk=cast.people["alone leader"]).update(phone_index=index_of(mobile))
    call_back(way, first, replies=[{"mobile": f"+86{mobile}", "text": text}])
    row = summons(cast, "alone leader")
    assert (row.state, row.word, row.moved) == (SummonsState.ACKNOWLEDGED, word, moved)
    assert row.answered_via == "sms"


def test_a_reply_that_nobody_understands_is_kept_for_the_desk(cast, first):
    way = provider(first, "one")
    issue(cast)
    key = letter_to(first, cast, "alone leader")
    call_back(way, first, replies=[{"mobile": "1", "text": "{{ 什么? }}", "extId": key}])
    assert summons(cast, "alone leader").state == SummonsState.WAITING
    entry = JournalEntry.objects.get(act="reply.unread")
    assert json.loads(entry.detail)["text"] == "{{ 什么? }}"


def test_a_forged_old_or_repeated_callback_changes_nothing_and_is_journalled(cast, first):
    way = provider(first, "one")
    issue(cast)
    key = letter_to(first, cast, "alone leader")
    reply = {"replies": [{"mobile": "1", "text": "1", "extId": key}]}
    assert call_back(way, first, secret="guessed", **reply).status_code == 403
    assert call_back(way, first, at=clock.now() - timedelta(hours=1), **reply).status_code == 403
    assert summons(cast, "alone leader").state == SummonsState.WAITING
    assert call_back(way, first, nonce="0123456789abcdef", **reply).json()["used"] == 1
    assert call_back(way, first, nonce="0123456789abcdef", **reply).json()["used"] == 0
    assert Answer.objects.count() == 1
    assert len(why()) == 3
    assert why()[-1] == "replayed"
    nobody = reverse("channel_callback", args=[uuid.uuid4()])
    assert Client().post(nobody, b"{}", content_type="application/json").status_code == 404


def test_a_callback_of_another_countys_provider_answers_nobody_elses_call(cast, first, second):
    way, other = provider(first, "one"), provider(second, "two", order=2)
    issue(cast)
    key = letter_to(first, cast, "alone leader")
    report = {"msgId": f"m-{key}", "status": "UNDELIV"}
    assert call_back(other, second, reports=[report]).json()["used"] == 0
    assert way.pk != other.pk


def test_an_answer_by_page_makes_the_waiting_message_needless(cast, first):
    provider(first, "one", per_minute=1)
    _warning, _exceedance = issue(cast)
    for row in Summons.objects.all():
        acknowledge(str(row.uuid), person_id=row.person_id, via="page", by=BY, now=clock.now())
    sent = len(first.sent)
    pass_time(3)
    texts = [item for item in first.sent.values() if "山洪" in item["text"]]
    assert len(texts) <= sent
