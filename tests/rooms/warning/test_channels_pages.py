"""The pages of providers and loudspeakers: what they keep, and for whom."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Account, Person
from anlan.warning.actions.try_provider import try_provider
from anlan.warning.channel_refusals import TriedJustNow
from anlan.warning.data import DeliveryState, Purpose
from anlan.warning.gateways.lines import close_all
from anlan.warning.gateways.making import KINDS
from anlan.warning.gateways.provider import Outcome
from anlan.warning.models import ChannelProvider, Delivery, Loudspeaker
from tests.cast import BANK, COUNTY, FORD, SLOPE, UPPER
from tests.entrance import OTHER_COUNTY, as_actor, logged_in, open_accounts
from tests.evening import QUICK_HASH
from tests.sms_centre import ACCOUNT, SECRET, centre

HIDDEN = "s3cret-that-nobody-reads"
SMS = {
    "kind": "sms",
    "county": COUNTY,
    "name": "county gateway",
    "address": "https://gateway.example.cn/send?token=4711",
    "account": "app-1",
    "secret": HIDDEN,
    "order": "1",
    "per_minute": "600",
    "timeout_s": "5",
    "option-sign_name": "县应急",
}


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.ANLAN_DRILL = False
    with translation.override("en"):
        yield
    close_all()


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


@pytest.fixture
def visit(accounts):
    def enter(name):
        client = logged_in(accounts[name])
        client.cookies["django_language"] = "en"
        return client

    return enter


def provider(kind="sms", *, at=COUNTY, **given):
    values = {"name": f"{kind} one", "address": "https://a.cn/", **given}
    return ChannelProvider.objects.create(uuid=uuid4(), division_id=at, kind=kind, **values)


def speaker(at, way, *, device="slope-1"):
    return Loudspeaker.objects.create(division_id=at, provider=way, device=device, name=device)


def body_of(answer, *, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def text_of(client, name, *args, **query):
    page = body_of(client.get(reverse(name, args=args), query))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def keep(client, **typed):
    return client.post(reverse("new_channel_provider"), {**SMS, **typed}, follow=True)


def change(client, row, **typed):
    address = reverse("channel_provider", args=[row.uuid])
    return client.post(address, {**SMS, "version": row.version, **typed}, follow=True)


def test_an_administrator_adds_a_provider(visit):
    page = body_of(keep(visit("admin")))
    row = ChannelProvider.objects.get()
    assert (row.kind, row.division_id, row.secret) == ("sms", COUNTY, HIDDEN)
    assert row.options == {"sign_name": "县应急"}
    assert reverse("channel_callback", args=[row.uuid]) in page
    assert HIDDEN not in page
    entry = JournalEntry.objects.get(act="provider.added")
    assert (entry.subject, entry.division_code) == (f"provider:{row.uuid}", COUNTY)
    assert json.loads(entry.detail)["host"] == "gateway.example.cn"
    assert HIDDEN not in entry.detail
    assert "4711" not in entry.detail


def test_the_callback_stands_at_the_countys_own_address(visit, settings):
    settings.ANLAN_ADDRESS = "https://anlan.example.cn"
    keep(visit("admin"))
    row = ChannelProvider.objects.get()
    text = text_of(visit("admin"), "channel_provider", row.uuid)
    assert f"https://anlan.example.cn/channels/{row.uuid}/callback" in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_and_says_what_is_wrong_beside_the_field(visit, kind):
    client = visit("admin")
    assert "New provider" in body_of(client.get(reverse("new_channel_provider"), {"kind": kind}))
    empty = {"kind": kind, "county": COUNTY, "name": "", "order": "0"}
    page = body_of(client.post(reverse("new_channel_provider"), empty))
    assert 'id="e-name"' in page
    assert 'id="e-order"' in page
    assert 'id="e-timeout_s"' in page
    assert ChannelProvider.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"address": "gateway"}, "address"),
        ({"account": "a b"}, "account"),
        ({"secret": ""}, "secret"),
        ({"option-sign_name": "【】"}, "option-sign_name"),
        ({"option-batch": "1000"}, "option-batch"),
        ({"option-signing": "crc"}, "option-signing"),
        ({"order": "100"}, "order"),
        ({"per_minute": "x"}, "per_minute"),
        ({"timeout_s": "nan"}, "timeout_s"),
        ({"timeout_s": "1e999"}, "timeout_s"),
        ({"name": "x" * 61}, "name"),
        ({"account": "x" * 81}, "account"),
        ({"kind": "apprise", "address": "json://a.cn", "secret": "json://b.cn/{to}"}, ""),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field_and_nothing_is_lost(visit, typed, field):
    page = body_of(keep(visit("admin"), **typed))
    if field:
        assert f'id="e-{field}"' in page
        assert 'value="county gateway"' in page or field == "name"
    assert HIDDEN not in page
    assert ChannelProvider.objects.count() == 0


def test_a_name_stands_once_in_a_county(visit):
    keep(visit("admin"))
    page = body_of(keep(visit("admin")))
    assert "already has a provider of this name" in page
    assert ChannelProvider.objects.count() == 1


def test_an_empty_secret_keeps_the_old_one_and_a_change_heals(visit):
    keep(visit("admin"))
    row = ChannelProvider.objects.get()
    later = clock.now().replace(hour=23)
    ChannelProvider.objects.update(failures=3, broken_until=later)
    assert "left alone until" in text_of(visit("admin"), "channels")
    change(visit("admin"), row, secret="", name="renamed")
    row.refresh_from_db()
    assert (row.name, row.secret, row.failures, row.broken_until) == ("renamed", HIDDEN, 0, None)
    entry = JournalEntry.objects.get(act="provider.changed")
    assert not json.loads(entry.detail)["secret_is_new"]
    change(visit("admin"), row, secret="another-one")
    row.refresh_from_db()
    assert row.secret == "another-one"
    assert not JournalEntry.objects.filter(detail__contains="another-one").exists()


def test_of_two_who_change_the_same_the_second_looks_again(visit):
    keep(visit("admin"))
    row = ChannelProvider.objects.get()
    change(visit("admin"), row, name="first")
    page = body_of(change(visit("second-admin"), row, name="second"))
    assert "Somebody has changed this provider in between" in page
    assert ChannelProvider.objects.get().name == "first"


def test_an_ended_provider_is_forgotten_but_for_its_name(visit):
    row = provider(secret=HIDDEN)
    address = reverse("end_channel_provider", args=[row.uuid])
    assert "is ended" in body_of(visit("admin").post(address, follow=True))
    row.refresh_from_db()
    assert row.secret == ""
    assert row.ended_at == clock.now()
    assert "ended before" in body_of(visit("admin").post(address, follow=True))
    assert "ended" in text_of(visit("admin"), "channel_provider", row.uuid)
    body_of(change(visit("admin"), row))
    assert JournalEntry.objects.filter(act__startswith="provider.").count() == 1


def test_a_provider_of_loudspeakers_ends_after_them(visit):
    row = provider("loudspeaker_mqtt")
    own = speaker(SLOPE, row)
    address = reverse("end_channel_provider", args=[row.uuid])
    assert "1 loudspeaker is reached" in body_of(visit("admin").post(address, follow=True))
    visit("admin").post(reverse("end_loudspeaker", args=[own.pk]))
    assert "is ended" in body_of(visit("admin").post(address, follow=True))


def test_the_list_says_how_each_provider_is(visit, cast):
    well = provider(taken_at=clock.now(), name="well one")
    provider("voice", name="new one", order=2)
    for minutes in (10, 70):
        at = clock.now().replace(hour=19, minute=60 - minutes) if minutes < 60 else None
        Delivery.objects.create(
            division_id=SLOPE,
            purpose=Purpose.NOTE,
            person_id=cast.people["slope leader"],
            state=DeliveryState.ACCEPTED,
            provider=well,
            queued_at=clock.now(),
            not_before=clock.now(),
            sent_at=at or clock.now().replace(hour=18, minute=50),
        )
    text = text_of(visit("duty"), "channels")
    assert re.search(r"well one 试县 ✓ well 07-15 20:00:00 1 ", text)
    assert "new one 试县 not used yet – 0" in text
    assert text.index("well one") < text.index("new one")


def test_only_administrators_of_the_county_keep_providers(visit):
    row = provider(secret=HIDDEN)
    for name in ("duty", "commander", "clerk", "upper", "auditor"):
        client = visit(name)
        assert client.get(reverse("new_channel_provider")).status_code == 403
        assert keep(client).status_code == 403
        for page in ("channel_provider", "try_channel_provider", "end_channel_provider"):
            answer = client.post(reverse(page, args=[row.uuid]), SMS)
            assert answer.status_code in (403, 404), (name, page)
    far = visit("far-admin")
    assert far.get(reverse("channel_provider", args=[row.uuid])).status_code == 404
    assert keep(far).status_code == 403
    assert row.name not in text_of(far, "channels")
    assert ChannelProvider.objects.count() == 1
    assert keep(visit("admin"), county=UPPER).status_code == 200
    assert keep(visit("admin"), county="990799000000").status_code == 403
    assert ChannelProvider.objects.count() == 1


def tie(account, person_id):
    Account.objects.filter(pk=account.pk).update(person_id=person_id)


def test_a_test_message_goes_to_whoever_asks_once_a_minute(visit, accounts, cast):
    tie(accounts["admin"], cast.people["commander"])
    with centre() as told:
        row = provider(
            address=told.server.address,
            account=ACCOUNT,
            secret=SECRET,
            options={"sign_name": "县应急"},
            failures=2,
        )
        address = reverse("try_channel_provider", args=[row.uuid])
        page = body_of(visit("admin").post(address, follow=True))
        assert "has taken the test message" in page
        (item,) = told.sent.values()
        assert item["mobile"] == Person.objects.get(pk=cast.people["commander"]).phone
        assert "within the last minute" in body_of(visit("admin").post(address, follow=True))
        assert len(told.sent) == 1
    row.refresh_from_db()
    assert (row.failures, row.taken_at) == (0, clock.now())
    entry = JournalEntry.objects.get(act="provider.tested")
    assert json.loads(entry.detail) == {"name": row.name, "outcome": "taken", "reason": ""}


def test_a_test_message_that_does_not_leave_says_so(visit, accounts, cast):
    tie(accounts["admin"], cast.people["commander"])
    row = provider(account="a", secret=HIDDEN, address="http://127.0.0.1:9/")
    sent = try_provider(str(row.uuid), by=as_actor(accounts["admin"]), now=clock.now())
    assert sent.outcome is Outcome.DOWN
    with pytest.raises(TriedJustNow):
        try_provider(str(row.uuid), by=as_actor(accounts["admin"]), now=clock.now())
    assert HIDDEN not in JournalEntry.objects.get(act="provider.tested").detail


def test_nothing_is_tested_without_a_number_or_in_a_drill(visit, accounts, cast, settings):
    row, mail = provider(), provider("email")
    address = reverse("try_channel_provider", args=[row.uuid])
    assert "no person of the register" in body_of(visit("admin").post(address, follow=True))
    tie(accounts["admin"], cast.people["commander"])
    mailing = reverse("try_channel_provider", args=[mail.uuid])
    assert "Give your address" in body_of(visit("admin").post(mailing, follow=True))
    Person.objects.filter(pk=cast.people["commander"]).update(phone="", second_phone="")
    assert "no number of yours" in body_of(visit("admin").post(address, follow=True))
    settings.ANLAN_DRILL = True
    assert "In a drill nothing leaves" in body_of(visit("admin").post(address, follow=True))
    assert JournalEntry.objects.filter(act="provider.tested").count() == 0


def test_a_loudspeaker_reads_out_a_test_sentence(visit, cast):
    with centre(items="broadcasts", number="id") as told:
        row = provider(
            "loudspeaker_http", address=told.server.address, account=ACCOUNT, secret=SECRET
        )
        address = reverse("try_channel_provider", args=[row.uuid])
        assert "Choose a loudspeaker" in body_of(visit("admin").post(address, follow=True))
        own = speaker(SLOPE, row)
        visit("admin").post(address, {"loudspeaker": own.pk})
        assert [item["device"] for item in told.sent.values()] == ["slope-1"]


def test_loudspeakers_are_kept_town_by_town(visit):
    row = provider("loudspeaker_mqtt")
    client, address = visit("admin"), reverse("loudspeakers")
    typed = {
        "town": UPPER,
        "village": SLOPE,
        "provider": row.uuid,
        "device": "s-1",
        "name": "大喇叭",
    }
    client.post(address, typed)
    own = Loudspeaker.objects.get()
    assert (own.division_id, own.device, own.name) == (SLOPE, "s-1", "大喇叭")
    assert "坡下村 大喇叭 s-1" in text_of(client, "loudspeakers", town=UPPER)
    assert "大喇叭" not in text_of(client, "loudspeakers", town="990701102000")
    page = body_of(client.post(address, typed | {"village": BANK}))
    assert "has this name at the provider already" in page
    moved = typed | {"village": BANK, "version": "1"}
    client.post(reverse("loudspeaker", args=[own.pk]), moved)
    assert Loudspeaker.objects.get().division_id == BANK
    page = body_of(client.post(reverse("loudspeaker", args=[own.pk]), moved))
    assert "changed this loudspeaker in between" in page
    client.post(reverse("end_loudspeaker", args=[own.pk]))
    assert client.get(reverse("loudspeaker", args=[own.pk])).status_code == 404
    acts = JournalEntry.objects.filter(act__startswith="loudspeaker.").order_by("pk")
    assert [each.act.partition(".")[2] for each in acts] == ["added", "changed", "ended"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"village": "x"}, "stands in a village"),
        ({"village": UPPER}, "stands in a village"),
        ({"device": "a/b"}, "Name the device"),
        ({"device": "喇叭"}, "Name the device"),
        ({"name": ""}, "1 to 60"),
        ({"provider": str(uuid4())}, "Choose one of the county"),
        ({"provider": "x"}, "Choose one of the county"),
    ],
)
def test_a_loudspeaker_that_cannot_be_kept_is_refused_with_the_remedy(visit, typed, words):
    row = provider("loudspeaker_mqtt")
    right = {"town": UPPER, "village": SLOPE, "provider": row.uuid, "device": "s", "name": "n"}
    page = body_of(visit("admin").post(reverse("loudspeakers"), right | typed))
    assert words in page
    assert Loudspeaker.objects.count() == 0


def test_a_loudspeaker_is_reached_by_no_providers_of_persons_or_of_others(visit, accounts):
    far = provider("loudspeaker_mqtt", at=OTHER_COUNTY)
    right = {"town": UPPER, "village": SLOPE, "device": "s", "name": "n"}
    for row in (far, provider()):
        answer = visit("admin").post(reverse("loudspeakers"), right | {"provider": row.uuid})
        assert "Choose one of the county" in body_of(answer)


def test_towns_see_their_loudspeakers_and_change_none(visit):
    row = provider("loudspeaker_mqtt", name="broker of the county")
    own = speaker(SLOPE, row)
    speaker(FORD, row, device="ford-1")
    text = text_of(visit("upper"), "loudspeakers")
    assert "slope-1" in text
    assert "ford-1" not in text
    assert "broker of the county" not in text
    assert visit("upper").get(reverse("loudspeaker", args=[own.pk])).status_code == 403
    assert visit("lower").get(reverse("loudspeaker", args=[own.pk])).status_code == 404
    typed = {"village": SLOPE, "provider": row.uuid, "device": "s", "name": "n"}
    assert visit("upper").post(reverse("loudspeakers"), typed).status_code == 403
    assert visit("upper").post(reverse("end_loudspeaker", args=[own.pk])).status_code == 403
