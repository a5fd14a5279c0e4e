"""A call goes up its ladder: rung by rung, at the right times, nobody passed over or rung twice."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.registry.data import Colour
from anlan.warning.actions import ring_people as ringing
from anlan.warning.actions.ring_people import ring_people
from anlan.warning.api import acknowledge, issue_warnings
from anlan.warning.data import DeliveryState, Purpose, SummonsState
from anlan.warning.models import Delivery, Summons
from tests.cast import ALONE, EMPTY, SLOPE, crossed
from tests.weather import idle, pass_time

BY = the_program("test")
WAIT = 8  # minutes, for orange
REPORT = 30


@pytest.fixture
def warning(cast):
    (uuid,) = issue_warnings([crossed(cast)], by=BY, now=clock.now())
    return uuid


def call(cast, name, village=None):
    rows = Summons.objects.filter(person_id=cast.people[name])
    return rows.get(division_id=village) if village else rows.get()


def rung_for(cast, summons):
    rows = Delivery.objects.filter(summons=summons, purpose=Purpose.CALL)
    rows = rows.order_by("queued_at", "pk")
    return [(row.rung, cast.name_of(row.person_id), row.channel) for row in rows]


def minutes_of(summons):
    rows = Delivery.objects.filter(summons=summons).order_by("queued_at", "pk")
    return [(row.queued_at - summons.asked_at) / timedelta(minutes=1) for row in rows]


def answer(summons, cast, name):
    return acknowledge(
        str(summons.uuid), person_id=cast.people[name], via="phone", by=BY, now=clock.now()
    )


def test_everybody_is_rung_at_once_by_the_first_channel(cast, phones, warning):
    pass_time(0)
    names = ["slope leader", "slope informant", "brook carer"]
    names += ["bank leader", "bank informant", "alone leader"]
    assert [(ch, cast.name_of(p)) for ch, p in phones.rung()] == [("sms", n) for n in names]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ACCEPTED}
    message = phones.rings[0].message
    assert message.reference == f"summons:{call(cast, 'slope leader').uuid}"
    assert (message.division_code, message.duty) == (SLOPE, "village_leader")


def test_silence_goes_up_rung_by_rung_at_the_limits_and_then_nobody_is_left(cast, warning):
    pass_time(60)
    summons = call(cast, "slope leader")
    assert rung_for(cast, summons) == [
        ("person", "slope leader", "sms"),
        ("retry", "slope leader", "voice"),
        ("deputy", "slope deputy", "sms"),
        ("town", "upper leader", "sms"),
        ("county", "county officer", "sms"),
    ]
    assert minutes_of(summons) == [0, WAIT, 2 * WAIT, 3 * WAIT, 4 * WAIT]
    assert (summons.state, summons.due_at, summons.rung) == (SummonsState.UNANSWERED, None, 4)
    ended = JournalEntry.objects.get(act="summons.unanswered", subject=f"summons:{summons.uuid}")
    assert ended.at == summons.asked_at + timedelta(minutes=5 * WAIT)


def test_without_a_deputy_the_town_follows_the_retry(cast, warning):
    pass_time(60)
    assert [rung for rung, *_ in rung_for(cast, call(cast, "alone leader"))] == [
        "person",
        "retry",
        "town",
        "county",
    ]


def test_a_village_with_nobody_rings_its_town_leader_then_the_county(cast):
    issue_warnings([crossed(cast, gauge="lower rain")], by=BY, now=clock.now())
    pass_time(60)
    assert [r[:2] for r in rung_for(cast, call(cast, "lower leader", EMPTY))] == [
        ("town", "lower leader"),
        ("retry", "lower leader"),
        ("county", "county officer"),
    ]


@pytest.mark.parametrize(("after", "rungs"), [(7, 1), (9, 2), (17, 3), (25, 4), (33, 5)])
def test_an_answer_stops_the_ladder_where_it_stands(cast, warning, after, rungs):
    pass_time(after)
    summons = call(cast, "slope leader")
    answer(summons, cast, "slope leader")
    pass_time(120)
    assert len(rung_for(cast, summons)) == rungs


def test_one_answer_does_not_silence_the_others(cast, warning):
    pass_time(1)
    answer(call(cast, "slope leader"), cast, "slope leader")
    pass_time(120)
    assert len(rung_for(cast, call(cast, "slope informant"))) == 5
    assert len(rung_for(cast, call(cast, "alone leader"))) == 4


def test_ringing_twice_in_the_same_moment_rings_nobody_twice(cast, phones, warning):
    pass_time(0)
    before = len(phones.calls())
    for _again in range(3):
        ring_people(warning, by=BY, now=clock.now())
    pass_time(0)
    assert len(phones.calls()) == before
    pass_time(WAIT)
    ring_people(warning, by=BY, now=clock.now())
    pass_time(0)
    assert len(phones.calls()) == 2 * before


def test_of_very_many_the_first_leave_before_the_others_are_rung(
    cast, phones, warning, monkeypatch
):
    monkeypatch.setattr(ringing, "VANGUARD", 2)
    assert ring_people(warning, by=BY, now=clock.now()) == clock.now()
    assert Delivery.objects.filter(purpose=Purpose.CALL).count() == 2
    pass_time(0)
    called = [ring.message.person_id for ring in phones.calls()]
    assert len(called) == len(set(called)) == Summons.objects.count()
    assert ring_people(warning, by=BY, now=clock.now()) == clock.now() + timedelta(minutes=WAIT)


def test_who_is_rung_next_and_when_is_told(cast, warning):
    assert ring_people(warning, by=BY, now=clock.now()) == clock.now() + timedelta(minutes=WAIT)
    for name in cast.people:
        for summons in Summons.objects.filter(person_id=cast.people[name]):
            answer(summons, cast, name)
    report = clock.now() + timedelta(minutes=REPORT)
    assert ring_people(warning, by=BY, now=clock.now()) == report
    Summons.objects.update(reported_at=clock.now(), report_due_at=None)
    assert ring_people(warning, by=BY, now=clock.now()) is None


def test_each_colour_has_its_own_waits(cast):
    issue_warnings([crossed(cast, colour=Colour.RED)], by=BY, now=clock.now())
    pass_time(60)
    assert minutes_of(call(cast, "slope leader")) == [0, 5, 10, 15, 20]


def test_a_first_ring_that_comes_late_still_gives_everybody_their_time(cast, phones, warning):
    virtual_queue.forget_all()  # the first ring was lost
    idle(timedelta(minutes=30))
    due = ring_people(warning, by=BY, now=clock.now())
    summons = call(cast, "slope leader")
    assert [rung for rung, *_ in rung_for(cast, summons)] == ["person"]
    assert due == summons.due_at == clock.now() + timedelta(minutes=WAIT)
    assert not JournalEntry.objects.filter(act="summons.escalated").exists()


def test_going_up_is_journalled_and_the_first_ring_is_not(cast, warning):
    pass_time(WAIT)
    entries = JournalEntry.objects.filter(act="summons.escalated")
    assert entries.count() == Summons.objects.count()
    assert {entry.cause for entry in entries} == {f"warning:{warning}"}


def test_a_number_that_is_none_costs_no_time_and_is_journalled(cast, phones, warning):
    phones.refused.add(cast.people["alone leader"])
    pass_time(0)
    summons = call(cast, "alone leader")
    rows = Delivery.objects.filter(summons=summons).order_by("pk")
    assert [(row.rung, row.state, row.channel, row.reason) for row in rows] == [
        ("person", DeliveryState.REFUSED, "voice", "no such number"),
        ("retry", DeliveryState.REFUSED, "sms", "no such number"),
        ("town", DeliveryState.ACCEPTED, "sms", ""),
    ]
    assert minutes_of(summons) == [0, 0, 0]
    failed = JournalEntry.objects.filter(act="delivery.failed", subject=f"summons:{summons.uuid}")
    assert [("no such number" in entry.detail) for entry in failed] == [True, True]
    assert summons.due_at == clock.now() + timedelta(minutes=WAIT)


def test_replaced_calls_are_rung_no_more(cast, phones):
    issue_warnings([crossed(cast, colour=Colour.YELLOW)], by=BY, now=clock.now())
    pass_time(1)
    old = call(cast, "slope leader")
    issue_warnings([crossed(cast, colour=Colour.RED)], by=BY, now=clock.now())
    pass_time(120)
    assert len(rung_for(cast, old)) == 1
    old.refresh_from_db()
    assert old.state == SummonsState.REPLACED


def test_whoever_stands_high_is_told_by_which_duty(cast, phones, warning):
    pass_time(60)
    duties = {
        (cast.name_of(ring.message.person_id), ring.message.duty)
        for ring in phones.calls()
        if ALONE in {ring.message.division_code, *(code for _ref, code in ring.message.also)}
    }
    assert duties == {
        ("alone leader", "village_leader"),
        ("upper leader", "town_leader"),
        ("county officer", "county_duty"),
    }


def test_whoever_stands_behind_several_calls_gets_one_letter_that_names_them_all(
    cast, phones, warning
):
    pass_time(60)
    letters = [
        ring.message
        for ring in phones.calls()
        if ring.message.person_id == cast.people["upper leader"]
    ]
    named = [uuid for each in letters for uuid, _code in ((each.reference, ""), *each.also)]
    assert len(named) == len(set(named)) == Summons.objects.count()
    assert len(letters) < len(named)
