"""Messages leave once, whoever fails on the way."""

import pytest

from anlan.drills.phone import SimulatedPhone
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import TaskFailed
from anlan.warning.actions import deliver_queued as deliver_queued_module
from anlan.warning.actions.deliver_queued import deliver_queued
from anlan.warning.actions.ring_people import ring_people
from anlan.warning.api import issue_warnings, send_messages
from anlan.warning.data import DeliveryState, Message
from anlan.warning.gateways.channels import channel_names
from anlan.warning.models import Delivery, Notice
from tests.cast import SLOPE, crossed
from tests.weather import pass_time

BY = the_program("test")


@pytest.fixture
def warning(cast):
    (uuid,) = issue_warnings([crossed(cast)], by=BY, now=clock.now())
    ring_people(uuid, by=BY, now=clock.now())
    return uuid


def states():
    return set(Delivery.objects.values_list("state", flat=True))


def deliver(uuid):
    del uuid
    return deliver_queued(by=BY, now=clock.now())


def test_messages_are_durable_before_they_leave(warning, phones):
    assert states() == {DeliveryState.QUEUED}
    assert phones.rings == []


def test_they_leave_once(warning, phones):
    assert deliver(warning) == 6 + 2  # the county's two duty officers are told
    assert deliver(warning) == 0
    assert len(phones.calls()) == 6
    assert len(phones.rings) == 8
    row = Delivery.objects.order_by("pk")[0]
    assert (row.state, row.channel, row.sent_at) == (DeliveryState.ACCEPTED, "sms", clock.now())


def test_what_another_worker_has_claimed_is_left_alone(warning, phones):
    mine = Delivery.objects.order_by("pk")[0]
    Delivery.objects.filter(pk=mine.pk).update(state=DeliveryState.SENDING, claimed_at=clock.now())
    assert deliver(warning) == 5 + 2


def test_a_line_that_is_down_loses_nothing(warning, phones):
    phones.broken = True
    with pytest.raises(TaskFailed, match="deliver"):
        pass_time(0)
    assert states() == {DeliveryState.SENDING}
    assert phones.rings == []


def test_first_and_second_attempt_take_different_channels(warning, phones, cast):
    pass_time(8)
    assert [channel for channel, _person in phones.rung()] == ["sms"] * 6 + ["voice"] * 6


def test_channels_are_tried_round_and_round(phones):
    assert channel_names() == ("sms", "voice")


def message(cast, name):
    return Message(
        reference="task:1",
        person_id=cast.people[name],
        duty="village_leader",
        division_code=SLOPE,
        title="t",
        text="t",
    )


def test_plain_messages_go_by_the_first_channel_and_refusals_are_journalled(cast, phones):
    phones.refused.add(cast.people["bank leader"])
    batch = [message(cast, "slope leader"), message(cast, "bank leader")]
    assert send_messages(batch, by=BY, now=clock.now()) == 2
    assert send_messages([], by=BY, now=clock.now()) == 0
    assert [row.state for row in Delivery.objects.all()] == [DeliveryState.QUEUED] * 2
    pass_time(0)
    assert [ring.channel for ring in phones.rings] == ["sms", "sms", "voice"]
    entry = JournalEntry.objects.get(act="delivery.failed")
    assert "no such number" in entry.detail
    assert entry.subject == "task:1"


def test_the_inbox_keeps_messages_as_notices_of_the_person(cast, settings):
    settings.ANLAN_CHANNELS = {"inbox": "anlan.warning.gateways.inbox.channel.Inbox"}
    assert send_messages([message(cast, "slope leader")], by=BY, now=clock.now()) == 1
    pass_time(0)
    notice = Notice.objects.get()
    assert (notice.person_id, notice.division_id) == (cast.people["slope leader"], SLOPE)
    assert notice.sent_at == clock.now()


def test_the_simulated_phone_refuses_to_ring_outside_a_drill(cast, settings):
    settings.ANLAN_DRILL = False
    with pytest.raises(RuntimeError, match="ANLAN_DRILL"):
        SimulatedPhone()


def test_needless_messages_before_others_do_not_end_the_delivery(
    warning, phones, monkeypatch, cast
):
    monkeypatch.setattr(deliver_queued_module, "FIRST", 2)
    rows = Delivery.objects.filter(purpose="call").order_by("pk")
    Delivery.objects.filter(pk__in=[row.pk for row in rows[:4]]).update(stale_at=clock.now())
    deliver(warning)
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()
    assert len(phones.calls()) == 2
