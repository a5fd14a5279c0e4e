"""Loudspeakers read out a warning once, each by its own provider, and that it is over."""

import json
import threading
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import uuid4

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.registry.data import Colour, Hazard
from anlan.warning.actions.broadcast_warnings import broadcast_warnings
from anlan.warning.actions.cancel_warnings import cancel_warnings
from anlan.warning.actions.deliver_queued import deliver_queued
from anlan.warning.actions.expire_warnings import expire_warnings
from anlan.warning.actions.follow_divisions import follow_divisions
from anlan.warning.actions.hear_provider import hear_provider
from anlan.warning.actions.keep_text import keep_text
from anlan.warning.api import issue_warnings, lift_warnings
from anlan.warning.core.broadcasts import broadcast_of, reference_of
from anlan.warning.core.typed import TypedText
from anlan.warning.data import Audience, DeliveryState, Purpose
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.lines import close_all
from anlan.warning.gateways.making import read_callback
from anlan.warning.models import ChannelProvider, Delivery, HazardWarning, Loudspeaker
from tests.broker import HOST, Mosquitto
from tests.cast import BANK, COUNTY, SLOPE, cleared, crossed
from tests.entrance import OTHER_COUNTY, as_actor, open_accounts
from tests.evening import QUICK_HASH
from tests.sms_centre import ACCOUNT, SECRET, centre
from tests.weather import pass_time

BY = the_program("test")
TOPIC = "anlan/loudspeaker/"


@pytest.fixture(autouse=True)
def _lines_closed():
    yield
    close_all()


@pytest.fixture
def broker(tmp_path):
    found = Mosquitto(tmp_path, is_careful=False)
    found.start()
    yield found
    found.stop()


class Village:
    """What the loudspeakers of a village hear from a broker."""

    def __init__(self, broker: Mosquitto) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.ready, self.one = threading.Event(), threading.Condition()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.on_message = self._hear
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.connect(HOST, broker.port)
        self.client.subscribe(f"{TOPIC}#", qos=1)
        self.client.loop_start()
        assert self.ready.wait(10)

    def _hear(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        with self.one:
            self.heard.append((message.topic.removeprefix(TOPIC), json.loads(message.payload)))
            self.one.notify()

    def wait(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """Wait until so many broadcasts were heard, and return them by device."""
        with self.one:
            assert self.one.wait_for(lambda: len(self.heard) >= count, timeout=10)
            return sorted(self.heard, key=lambda pair: pair[0])

    def close(self) -> None:
        """Switch them off."""
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def village(broker):
    with closing(Village(broker)) as listening:
        yield listening


def provider(kind="loudspeaker_mqtt", *, name="one", **given):
    return ChannelProvider.objects.create(
        uuid=uuid4(), division_id=COUNTY, kind=kind, name=name, **given
    )


def speaker(at, way, *, device):
    return Loudspeaker.objects.create(division_id=at, provider=way, device=device, name=device)


def by_mqtt(broker, *, name="one", **given):
    return provider(name=name, address=f"mqtt://{HOST}:{broker.port}", **given)


def issue(cast, **given):
    row = crossed(cast, **given)
    (uuid,) = issue_warnings([row], by=BY, now=clock.now())
    return row, uuid


def broadcasts():
    return Delivery.objects.filter(purpose=Purpose.BROADCAST).order_by("pk")


@pytest.fixture
def at_war(settings):
    settings.ANLAN_DRILL = False


pytestmark = pytest.mark.usefixtures("at_war")


def test_a_warning_is_read_out_in_its_villages_with_its_cap(cast, broker):
    way = by_mqtt(broker)
    for at, device in ((SLOPE, "slope-1"), (SLOPE, "slope-2"), (BANK, "bank-1")):
        speaker(at, way, device=device)
    speaker("990701102201", way, device="ford-1")
    with closing(Village(broker)) as village:
        _row, uuid = issue(cast)
        virtual_queue.run_until(clock.now())
        heard = village.wait(3)
    assert [device for device, _item in heard] == ["bank-1", "slope-1", "slope-2"]
    warning = HazardWarning.objects.get(uuid=uuid)
    for _device, item in heard:
        alert = decode(item["cap"].encode())
        assert alert.identifier == warning.number
        assert item["level"] == 2
        assert "33.0" in item["text"]
    assert set(broadcasts().values_list("state", "provider")) == {(DeliveryState.ACCEPTED, way.pk)}
    entries = JournalEntry.objects.filter(act="warning.broadcast")
    assert [json.loads(row.detail) for row in entries] == [{"loudspeakers": 3}]


def test_the_same_warning_again_is_read_out_once(cast, broker):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    _row, uuid = issue(cast)
    virtual_queue.run_until(clock.now())
    assert broadcast_warnings([uuid], by=BY, now=clock.now()) == 0
    assert broadcasts().count() == 1


def test_the_database_holds_each_broadcast_once(cast, broker, monkeypatch):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    _row, uuid = issue(cast)
    virtual_queue.run_until(clock.now())
    monkeypatch.setattr(
        "anlan.warning.actions._broadcasting.Delivery.objects.filter",
        lambda **_: Delivery.objects.none(),
    )
    broadcast_warnings([uuid], by=BY, now=clock.now())
    monkeypatch.undo()
    assert broadcasts().count() == 1


def test_a_mild_colour_is_read_out_only_where_the_county_says_so(cast, broker):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    eager = by_mqtt(broker, name="two", options={"from_colour": "yellow"})
    speaker(BANK, eager, device="bank-1")
    issue(cast, colour=Colour.YELLOW, value=22.0)
    virtual_queue.run_until(clock.now())
    assert list(broadcasts().values_list("division_id", flat=True)) == [BANK]


def test_the_words_of_the_county_are_read_out(cast, broker, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    admin = as_actor(open_accounts()["admin"])
    text = "{villages}的乡亲请注意，{town}山洪{colour}预警。"
    words = TypedText(county=COUNTY, audience=Audience.BROADCAST, title="山洪", text=text)
    keep_text(words, by=admin, now=clock.now())
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    issue(cast)
    virtual_queue.run_until(clock.now())
    assert "坡下村" in broadcasts().get().text
    assert "上河镇山洪橙色预警" in broadcasts().get().text


def test_each_loudspeaker_is_reached_by_its_own_provider(cast, broker):
    first, second = by_mqtt(broker), by_mqtt(broker, name="two", order=2)
    speaker(SLOPE, second, device="slope-1")
    speaker(BANK, first, device="bank-1")
    issue(cast)
    virtual_queue.run_until(clock.now())
    found = dict(broadcasts().values_list("division_id", "provider"))
    assert found == {SLOPE: second.pk, BANK: first.pk}


def test_a_broker_that_is_down_gets_it_later_and_never_by_phone(cast, broker, phones):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    broker.kill()
    issue(cast)
    virtual_queue.run_until(clock.now())
    row = broadcasts().get()
    assert (row.state, row.channel) == (DeliveryState.QUEUED, "loudspeaker_mqtt")
    assert row.not_before > clock.now()
    broker.start()
    with closing(Village(broker)):
        pass_time(6)
    assert broadcasts().get().state == DeliveryState.ACCEPTED


def test_after_an_hour_nothing_is_read_out_any_more(cast, broker):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    broker.kill()
    issue(cast)
    pass_time(66)
    assert (broadcasts().get().state, broadcasts().get().reason) == (
        DeliveryState.STALE,
        "too late",
    )


def test_an_ended_loudspeaker_is_silent_and_its_broadcast_says_so(cast, broker):
    row = speaker(SLOPE, by_mqtt(broker), device="slope-1")
    _row, uuid = issue(cast)
    broadcast_warnings([uuid], by=BY, now=clock.now())
    Loudspeaker.objects.filter(pk=row.pk).update(ended_at=clock.now())
    deliver_queued(by=BY, now=clock.now())
    assert broadcasts().get().state == DeliveryState.REFUSED
    assert JournalEntry.objects.filter(act="delivery.failed").exists()


def test_when_it_is_over_the_loudspeakers_say_so_once(cast, broker):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    with closing(Village(broker)) as village:
        row, uuid = issue(cast)
        pass_time(60)
        lift_warnings(cleared(row), by=BY, now=clock.now())
        virtual_queue.run_until(clock.now())
        heard = village.wait(2)
        lift_warnings([row], by=BY, now=clock.now())
        virtual_queue.run_until(clock.now())
    _device, last = heard[1]
    alert = decode(last["cap"].encode())
    assert alert.msg_type == "Cancel"
    over = broadcasts().filter(warning__isnull=True)
    assert [broadcast_of(each.reference_code).over for each in over] == [uuid]


def test_a_warning_cancelled_by_hand_is_over_too(cast, broker, settings, village):
    settings.PASSWORD_HASHERS = QUICK_HASH
    admin = as_actor(open_accounts()["admin"])
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    _row, uuid = issue(cast)
    virtual_queue.run_until(clock.now())
    cancel_warnings([uuid], reason="误报", by=admin, now=clock.now())
    virtual_queue.run_until(clock.now())
    assert broadcasts().filter(warning__isnull=True).count() == 1


def test_a_warning_that_has_run_out_is_over_too(cast, broker, village):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    row, uuid = issue(cast)
    virtual_queue.run_until(clock.now())
    soon = clock.now() + timedelta(minutes=5)
    HazardWarning.objects.filter(uuid=uuid).update(expires_at=soon)
    cleared(row)
    pass_time(6)
    assert expire_warnings(by=BY, now=clock.now()) == [uuid]
    virtual_queue.run_until(clock.now())
    assert broadcasts().filter(warning__isnull=True).count() == 1
    assert village.wait(2)[-1][1]["cap"] == ""


def test_what_never_left_needs_no_all_clear(cast, broker):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    broker.kill()
    row, _uuid = issue(cast)
    virtual_queue.run_until(clock.now())
    lift_warnings(cleared(row), by=BY, now=clock.now())
    virtual_queue.run_until(clock.now())
    assert broadcasts().count() == 1


def test_a_village_still_warned_of_the_hazard_hears_no_all_clear(cast, broker, village):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    row, first = issue(cast)
    virtual_queue.run_until(clock.now())
    pass_time(5)
    worse, second = issue(cast, colour=Colour.RED, value=55.0)
    virtual_queue.run_until(clock.now())
    assert list(broadcasts().values_list("warning__uuid", flat=True)) != [first]
    assert not broadcasts().filter(warning__isnull=True).exists()
    lift_warnings(cleared(row, worse), by=BY, now=clock.now())
    virtual_queue.run_until(clock.now())
    over = broadcasts().filter(warning__isnull=True)
    assert [broadcast_of(each.reference_code).over for each in over] == [second]


def test_another_hazard_that_still_stands_is_told(cast, broker, village):
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    row, _uuid = issue(cast)
    issue(cast, hazard=Hazard.GEOHAZARD, colour=Colour.ORANGE, value=85.0)
    virtual_queue.run_until(clock.now())
    lift_warnings(cleared(row), by=BY, now=clock.now())
    virtual_queue.run_until(clock.now())
    assert len(broadcasts().get(warning__isnull=True).text.splitlines()) == 2


def test_a_platform_over_http_tells_what_was_played(cast):
    with centre(items="broadcasts", number="id") as told:
        address = told.server.address
        way = provider("loudspeaker_http", address=address, account=ACCOUNT, secret=SECRET)
        speaker(SLOPE, way, device="slope-1")
        issue(cast)
        virtual_queue.run_until(clock.now())
        (item,) = told.sent.values()
        report = {"id": item["id"], "device": "slope-1", "status": "played"}
        headers, body = told.callback(now=clock.now(), reports=[report])
        heard = read_callback(
            "loudspeaker_http", told.settings(), headers=headers, body=body, now=clock.now()
        )
    assert item["device"] == "slope-1"
    hear_provider(way, callback=heard, by=BY, now=clock.now())
    assert broadcasts().get().state == DeliveryState.DELIVERED


def test_a_drill_reaches_no_loudspeaker(cast, broker, settings):
    settings.ANLAN_DRILL = True
    speaker(SLOPE, by_mqtt(broker), device="slope-1")
    issue(cast)
    virtual_queue.run_until(clock.now())
    assert broadcasts().count() == 0


def test_without_loudspeakers_a_warning_asks_little(cast, django_assert_max_num_queries):
    _row, uuid = issue(cast)
    with django_assert_max_num_queries(6):
        broadcast_warnings([uuid], by=BY, now=clock.now())


def test_a_reference_tells_the_loudspeaker_and_what_is_over():
    assert broadcast_of(reference_of(7)) == (7, "")
    assert broadcast_of(reference_of(7, over="u-1")) == (7, "u-1")
    for wrong in ("", "loudspeaker:", "loudspeaker:x", "summons:7", "loudspeaker:七"):
        with pytest.raises(ValueError, match=r".*"):
            broadcast_of(wrong)


def test_loudspeakers_and_providers_go_with_their_divisions(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    open_accounts()
    theirs = provider(name="one")
    mine = ChannelProvider.objects.create(
        uuid=uuid4(), division_id=OTHER_COUNTY, kind="sms", name="one"
    )
    row = speaker(SLOPE, theirs, device="slope-1")
    moves = [[SLOPE, BANK], [COUNTY, OTHER_COUNTY]]
    assert follow_divisions(moves, by=BY, now=clock.now()) == 2
    assert Loudspeaker.objects.get(pk=row.pk).division_id == BANK
    theirs.refresh_from_db()
    assert (theirs.division_id, theirs.name) == (OTHER_COUNTY, f"one {COUNTY}")
    assert ChannelProvider.objects.get(pk=mine.pk).name == "one"
    assert follow_divisions(moves, by=BY, now=clock.now()) == 0
