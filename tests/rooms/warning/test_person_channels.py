"""A person's own order of channels: who keeps it, what it may be, and that it counts."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from anlan.kernel.models import JournalEntry
from anlan.registry.models import Person
from anlan.warning.data import ChannelKind
from anlan.warning.models import ChannelProvider, PersonChannel
from anlan.warning.queries.ways import ways_to
from tests.cast import COUNTY, SLOPE
from tests.entrance import logged_in, open_accounts
from tests.evening import QUICK_HASH


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.ANLAN_DRILL = False
    with translation.override("en"):
        yield


@pytest.fixture
def visit(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    accounts = open_accounts()

    def enter(name):
        client = logged_in(accounts[name])
        client.cookies["django_language"] = "en"
        return client

    return enter


def provider(kind):
    return ChannelProvider.objects.create(
        uuid=uuid4(), division_id=COUNTY, kind=kind, name=f"{kind} one", address="https://a.cn/"
    )


def body_of(answer, *, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def order_of(client, person, **typed):
    return client.post(reverse("person_channels", args=[person.uuid]), typed, follow=True)


def test_a_person_is_reached_in_their_own_order(visit, cast):
    for kind in ("sms", "email"):
        provider(kind)
    person = Person.objects.get(pk=cast.people["slope leader"])
    page = body_of(
        order_of(visit("upper"), person, **{"kind-1": "email", "to-1": "a@b.cn", "kind-3": "sms"})
    )
    assert "goes in this order" in page
    ways = ways_to([person.pk], divisions=[SLOPE])
    assert ways.of(person.pk, division=SLOPE)[:2] == ("email", "sms")
    assert ways.address(person.pk, channel="email") == "a@b.cn"
    entry = JournalEntry.objects.get(act="person_channels.kept")
    assert json.loads(entry.detail) == {"kinds": ["email", "sms"]}
    assert "a@b.cn" not in entry.detail
    assert "order counts again" in body_of(order_of(visit("upper"), person))
    assert PersonChannel.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"kind-1": "email"},
        {"kind-1": "email", "to-1": "nobody"},
        {"kind-1": "sms", "to-1": "13800000000"},
        {"kind-1": "sms", "kind-2": "sms"},
        {"kind-1": "apprise", "to-1": "json://a.cn/4711"},
        {"kind-1": "apprise"},
        {"kind-1": "loudspeaker_mqtt"},
        {"kind-1": "pigeon"},
    ],
)
def test_a_step_that_cannot_be_kept_is_told_and_the_old_order_stays(visit, cast, typed):
    person = Person.objects.get(pk=cast.people["slope leader"])
    PersonChannel.objects.create(person=person, order=1, kind=ChannelKind.VOICE)
    page = body_of(order_of(visit("upper"), person, **typed))
    assert 'class="fault"' in page
    assert PersonChannel.objects.get().kind == ChannelKind.VOICE


def test_who_changes_the_register_changes_orders_and_nobody_else(visit, cast):
    person = Person.objects.get(pk=cast.people["slope leader"])
    PersonChannel.objects.create(person=person, order=1, kind="email", to="a@b.cn")
    address = reverse("person_channels", args=[person.uuid])
    assert "a@b.cn" in body_of(visit("clerk").get(address))
    for name, status in (("duty", 403), ("slope", 403), ("lower", 404), ("far-admin", 404)):
        assert visit(name).get(address).status_code == status, name
        assert order_of(visit(name), person).status_code == status, name
    assert PersonChannel.objects.count() == 1


def test_the_record_of_a_person_leads_to_their_order(visit, cast):
    person = Person.objects.get(pk=cast.people["slope leader"])
    link = reverse("person_channels", args=[person.uuid])
    record = reverse("register_record", args=["people", person.uuid])
    assert link in body_of(visit("upper").get(record))
    assert link not in body_of(visit("duty").get(record))
