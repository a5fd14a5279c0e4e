"""A communication test asks everybody on duty once, warns of nothing, and finds dead numbers."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from anlan.command.models import Incident
from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.registry.models import Duty, Person
from anlan.warning import measuring
from anlan.warning.actions.answer_test import answer_test
from anlan.warning.actions.end_test import end_test
from anlan.warning.actions.note_dead import note_dead
from anlan.warning.actions.start_test import start_test
from anlan.warning.api import issue_warnings
from anlan.warning.data import AlreadyAnswered
from anlan.warning.models import (
    CommunicationTest,
    Delivery,
    HazardWarning,
    Notice,
    Summons,
    TestCall,
)
from anlan.warning.queries import tests as found
from anlan.warning.tasks.testing import sweep
from tests.cast import COUNTY, FORD, LOWER, SLOPE, UPPER, crossed
from tests.weather import idle, pass_time

BY = the_program("test")
HOUR = 60


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def start(division=COUNTY, **given):
    return str(start_test(division, hours=given.pop("hours", 6), by=BY, now=clock.now(), **given))


def call_of(cast, name):
    return TestCall.objects.get(person_id=cast.people[name])


def answer(cast, name, *, via="sms"):
    answer_test(call_of(cast, name).pk, via=via, by=BY, now=clock.now())


def test_everybody_on_duty_is_asked_once_and_told_that_it_is_a_test(cast, phones):
    uuid = start()
    assert TestCall.objects.count() == Duty.objects.values("person").distinct().count()
    pass_time(0)
    rings = [ring.message for ring in phones.rings]
    assert len({ring.person_id for ring in rings}) == len(rings) == TestCall.objects.count()
    assert {ring.reference for ring in rings} == {f"communication_test:{uuid}"}
    assert all("TEST" in ring.title or "测试" in ring.title for ring in rings)
    entry = JournalEntry.objects.get(act="communication_test.started")
    assert (entry.subject, entry.division_code) == (f"communication_test:{uuid}", COUNTY)


def test_a_county_with_one_channel_alone_reaches_everybody_by_it(cast, settings):
    settings.ANLAN_CHANNELS = {"inbox": "anlan.warning.gateways.inbox.channel.Inbox"}
    start()
    pass_time(0)
    assert Notice.objects.count() == TestCall.objects.count()
    assert set(Delivery.objects.values_list("state", "channel")) == {("accepted", "inbox")}


def test_a_test_warns_of_nothing(cast):
    start()
    pass_time(7 * HOUR)
    assert not HazardWarning.objects.exists()
    assert not Summons.objects.exists()
    assert not Incident.objects.exists()


def test_a_town_asks_its_own_and_nobody_who_has_left(cast):
    Person.objects.filter(pk=cast.people["ford deputy"]).update(
        left_on=timezone.localdate(clock.now())
    )
    start(LOWER)
    people = set(TestCall.objects.values_list("person_id", flat=True))
    assert people == {cast.people["lower leader"], cast.people["ford leader"]}


def test_whoever_has_no_phone_is_found_dead_at_once_and_not_sent_anything(cast, phones):
    Person.objects.filter(pk=cast.people["ford leader"]).update(phone="")
    start(LOWER)
    pass_time(0)
    call = call_of(cast, "ford leader")
    assert (call.state, call.reason) == ("dead", "no number in the register")
    assert cast.people["ford leader"] not in {r.message.person_id for r in phones.rings}


def test_an_answer_counts_once_and_checks_the_number(cast):
    start()
    pass_time(3)
    answer(cast, "ford leader")
    call = call_of(cast, "ford leader")
    assert (call.state, call.answered_at, call.answered_via) == ("answered", clock.now(), "sms")
    person = Person.objects.get(pk=cast.people["ford leader"])
    assert (person.phone_checked_on, person.version) == (timezone.localdate(clock.now()), 2)
    changed = JournalEntry.objects.get(act="record.changed")
    assert changed.subject == f"people:{person.uuid}"
    assert changed.cause.startswith("communication_test:")
    with pytest.raises(AlreadyAnswered):
        answer(cast, "ford leader", via="phone")
    person.refresh_from_db()
    assert (person.version, call_of(cast, "ford leader").answered_via) == (2, "sms")


@pytest.mark.parametrize(
    ("via", "channel", "checks"),
    [("page", "sms", False), ("link", "email", False), ("link", "sms", True), ("voice", "", True)],
)
def test_only_what_came_by_phone_checks_the_number(cast, via, channel, checks):
    start()
    call = call_of(cast, "ford leader")
    Delivery.objects.filter(test_call=call).update(state="accepted", channel=channel)
    answer(cast, "ford leader", via=via)
    checked = Person.objects.get(pk=cast.people["ford leader"]).phone_checked_on
    assert (checked is not None) is checks


def test_after_the_end_nobody_answers_and_the_rest_was_silent(cast):
    uuid = start(hours=1)
    answer(cast, "slope leader")
    note_dead([call_of(cast, "ford leader").pk], reason="no such number", by=BY, now=clock.now())
    pass_time(HOUR)
    test = CommunicationTest.objects.get(uuid=uuid)
    assert test.ended_at == clock.now()
    assert call_of(cast, "bank leader").state == "silent"
    assert call_of(cast, "ford leader").state == "dead"
    for name in ("bank leader", "ford leader"):
        with pytest.raises(ValueError, match="has ended"):
            answer(cast, name)
    with pytest.raises(AlreadyAnswered):
        answer(cast, "slope leader")
    entry = JournalEntry.objects.get(act="communication_test.ended")
    assert '"answered":1' in entry.detail.replace(" ", "")
    assert end_test(uuid, by=BY, now=clock.now()) is None


def test_a_number_held_dead_that_answers_after_all_lives(cast):
    start()
    call = call_of(cast, "ford leader")
    assert note_dead([call.pk], reason="x" * 100, by=BY, now=clock.now()) == 1
    assert note_dead([call.pk], reason="y", by=BY, now=clock.now()) == 0
    answer(cast, "ford leader", via="phone")
    call.refresh_from_db()
    assert (call.state, call.reason) == ("answered", "")
    assert note_dead([call.pk], reason="late word", by=BY, now=clock.now()) == 0


def test_what_the_county_lacks_kills_no_number(cast):
    start()
    call = call_of(cast, "ford leader")
    assert note_dead([call.pk], reason="no provider of this kind", by=BY, now=clock.now()) == 0
    call.refresh_from_db()
    assert call.state == "waiting"


def test_what_every_channel_refuses_is_a_dead_number(cast, phones):
    phones.refused.add(cast.people["ford leader"])
    start(hours=72)
    pass_time(71 * HOUR)
    call = call_of(cast, "ford leader")
    assert (call.state, call.reason) == ("dead", "no such number")
    assert found.dead_numbers(cast.people.values()) == {}
    pass_time(HOUR)
    assert found.dead_numbers(cast.people.values()) == {
        cast.people["ford leader"]: "no such number"
    }


def test_the_newest_test_tells_which_numbers_are_dead(cast):
    start(LOWER, hours=1)
    note_dead([call_of(cast, "ford leader").pk], reason="unknown", by=BY, now=clock.now())
    pass_time(HOUR)
    start(LOWER, hours=1)
    newest = TestCall.objects.filter(person_id=cast.people["ford leader"]).latest("pk")
    answer_test(newest.pk, via="sms", by=BY, now=clock.now())
    assert found.dead_numbers([cast.people["ford leader"]]) != {}
    pass_time(HOUR)
    assert found.dead_numbers([cast.people["ford leader"]]) == {}


def test_one_test_at_a_time_also_around_and_within(cast):
    start(UPPER, hours=1)
    for division in (UPPER, COUNTY, SLOPE):
        with pytest.raises(measuring.TestRunning):
            start(division)
    start(LOWER)
    pass_time(HOUR)
    start(UPPER)


def test_not_under_a_warning_unless_confirmed(cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    with pytest.raises(measuring.UnderWarning):
        start()
    start(LOWER)  # no warning stands there
    start(UPPER, despite_warnings=True)
    entry = JournalEntry.objects.filter(act="communication_test.started").latest("id")
    assert '"warnings":1' in entry.detail.replace(" ", "")


@pytest.mark.parametrize(("division", "hours"), [(COUNTY, 5), ("990799000000", 6), (FORD, 6)])
def test_what_cannot_be_is_refused(cast, division, hours):
    Duty.objects.filter(division_id=FORD).delete()
    with pytest.raises(measuring.TestRefused):
        start(division, hours=hours)
    assert not CommunicationTest.objects.exists()


def test_the_sweep_ends_what_was_left_open(cast):
    uuid = start(hours=1)
    virtual_queue.forget_all()
    idle(timedelta(hours=1, minutes=2))
    assert sweep(clock.now()) == 0
    idle(timedelta(minutes=2))
    with pytest.raises(ValueError, match="has ended"):
        answer(cast, "ford leader")
    assert sweep(clock.now()) == 1
    assert CommunicationTest.objects.get(uuid=uuid).ended_at is not None
    assert sweep(clock.now()) == 0


def test_messages_that_have_not_left_at_the_end_never_do(cast, phones):
    uuid = start()
    end_test(uuid, by=BY, now=clock.now())
    pass_time(1)
    assert phones.rings == []


def test_a_town_sees_its_persons_in_the_test_of_the_county(cast):
    uuid = start()
    answer(cast, "ford leader")
    with scope.limited_to([LOWER]):
        (row,) = found.listed_tests(1).rows
        people = found.people_in(uuid)
        assert {each.person for each in people} == {"lower leader", "ford leader", "ford deputy"}
        assert (row.found.asked, row.found.answered) == (3, 1)
        assert row.found.rate == pytest.approx(1 / 3)
        assert all("****" in each.phone for each in people)
        assert found.access_test(uuid) == row
    with scope.limited_to(["990702000000"]), pytest.raises(measuring.TestOutOfSight):
        found.access_test(uuid)
    by_town = found.by_town(found.people_in(uuid))
    assert [code for code, _name, _found in by_town][-1] == LOWER


def test_the_reminder_counts_the_tests_around(cast):
    def overdue():
        rows = found.last_tests([COUNTY, UPPER, LOWER], now=clock.now())
        return {row.code for row in rows if row.is_overdue}

    assert overdue() == {COUNTY, UPPER, LOWER}
    start(UPPER)
    assert overdue() == {COUNTY, LOWER}
    pass_time(7 * HOUR)
    start()
    assert overdue() == set()
    pass_time(30 * 24 * HOUR)
    assert overdue() == {COUNTY, UPPER, LOWER}


def test_the_link_in_the_message_answers_the_test(cast, phones, settings, client):
    settings.ANLAN_ADDRESS = "https://anlan.example"
    start()
    pass_time(1)
    (link,) = [
        ring.message.link
        for ring in phones.rings
        if ring.message.person_id == cast.people["ford leader"]
    ]
    path = link.removeprefix("https://anlan.example")
    assert client.get(path).status_code == 200
    assert client.post(path, {"word": "received"}).status_code == 200
    call = call_of(cast, "ford leader")
    assert (call.state, call.answered_via) == ("answered", "link")
    assert Person.objects.get(pk=cast.people["ford leader"]).phone_checked_on is not None
    client.post(path, {"word": "received"})
    assert JournalEntry.objects.filter(act="communication_test.answered").count() == 1
