"""The duty desk: who sees which calls, and what is done with one."""

import json

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Person
from anlan.warning.core.desk import Group, group_of
from anlan.warning.data import AnswerKind, SummonsState, WarningState
from anlan.warning.models import Answer, Delivery, HazardWarning, Summons, WarningArea
from anlan.warning.queries.desk import desk_rows
from tests.cast import ALONE, BANK, LOWER, SLOPE
from tests.desks import act, asked, desk, evening, rows_in, told, uuid_of, visit, warn_lower
from tests.weather import pass_time

__all__ = ["evening", "visit"]


# Who sees what


def test_the_county_sees_every_call_and_a_town_its_own(evening, visit):
    warn_lower(evening)
    everything, _cursor = desk(visit("duty"))
    towns = {row["town"] for row in everything.values()}
    assert towns == {"990701101", "990701102"}
    own, _cursor = desk(visit("lower"))
    assert {row["town"] for row in own.values()} == {LOWER[:9]}
    page = visit("lower").get(reverse("desk")).content.decode()
    assert "上河镇" not in page
    assert "渡口村" in page


@pytest.mark.parametrize("name", ["reader", "slope", "clerk"])
def test_whoever_may_not_record_answers_has_no_desk(evening, visit, name):
    client, call = visit(name), evening.call_of("slope leader")
    for address in ("desk", "desk_rows", "desk_events", "desk_towns"):
        assert client.get(reverse(address)).status_code == 403
    for what in ("dial", "answer", "attempt"):
        assert client.post(reverse(f"desk_{what}", args=[call.uuid])).status_code == 403
    assert reverse("desk") not in client.get(reverse("warnings")).content.decode()
    call.refresh_from_db()
    assert call.state == SummonsState.WAITING


def test_a_call_of_another_town_is_not_there(evening, visit):
    call = evening.call_of("slope leader")
    for what in ("dial", "answer", "attempt"):
        assert visit("lower").post(reverse(f"desk_{what}", args=[call.uuid])).status_code == 404


def test_the_way_leads_to_the_desk(evening, visit):
    page = visit("duty").get(reverse("desk")).content.decode()
    assert f'href="{reverse("desk")}" aria-current="page"' in page


def test_the_map_has_the_towns_in_sight(evening, visit):
    towns = visit("upper").get(reverse("desk_towns")).json()["towns"]
    assert [(town[0], town[1]) for town in towns] == [("990701101", "上河镇")]
    assert towns[0][4]


# Which calls stand there


def test_an_empty_desk_says_what_will_come(evening, visit):
    page = visit("lower").get(reverse("desk")).content.decode()
    assert "appears here by themselves" in page


def test_only_open_warnings_and_villages_still_under_them_count(evening):
    before = {row.village for row in desk_rows(now=clock.now())}
    assert "坡下村" in before
    WarningArea.objects.filter(warning=evening.warning, division_id=SLOPE).update(
        released_at=clock.now()
    )
    left = [
        row for row in desk_rows(now=clock.now()) if row.warning_uuid == str(evening.warning.uuid)
    ]
    assert {row.call.division_code for row in left} == {BANK, ALONE}
    HazardWarning.objects.filter(pk=evening.warning.pk).update(
        state=WarningState.LIFTED, ended_at=clock.now()
    )
    assert str(evening.warning.uuid) not in {r.warning_uuid for r in desk_rows(now=clock.now())}


def test_a_replaced_call_waits_at_no_desk(evening):
    call = evening.call_of("slope leader")
    Summons.objects.filter(pk=call.pk).update(state=SummonsState.REPLACED, due_at=None)
    assert str(call.uuid) not in {row.uuid for row in desk_rows(now=clock.now())}


def test_whoever_ran_out_of_time_comes_first(evening):
    late = evening.call_of("bank leader")
    Summons.objects.filter(pk=late.pk).update(state=SummonsState.UNANSWERED, due_at=None)
    rows = desk_rows(now=clock.now())
    assert rows[0].uuid == str(late.uuid)
    groups = [group_of(row.call, now=clock.now()) for row in rows]
    assert groups == sorted(groups)
    assert groups[0] is Group.NOW


def test_numbers_are_masked_on_the_desk(evening, visit):
    person = Person.objects.get(pk=evening.cast.people["slope leader"])
    client = visit("duty")
    for address in ("desk", "desk_rows"):
        text = client.get(reverse(address)).content.decode()
        assert person.phone not in text
        assert f"{person.phone[:3]}****{person.phone[-4:]}" in text
    assert not JournalEntry.objects.filter(act="personal.shown").exists()


def test_as_many_queries_for_many_calls_as_for_few(evening, visit):
    client = visit("duty")
    few = asked(client, "desk_rows")
    people = Person.objects.bulk_create(
        Person(uuid=uuid_of(n), division_id=BANK, name=f"人{n}", phone=f"139{n:08d}")
        for n in range(60)
    )
    like = evening.call_of("bank leader")
    Summons.objects.bulk_create(
        Summons(
            uuid=uuid_of(n + 1_000), warning=like.warning, division_id=BANK, person=person,
            duty=like.duty, ladder=[["person", person.pk, 5.0]], state=SummonsState.WAITING,
            asked_at=clock.now(), due_at=clock.now(),
        )
        for n, person in enumerate(people)
    )  # fmt: skip
    assert asked(client, "desk_rows") == few
    assert few <= 9
    assert asked(client, "desk") <= few + 4


# What is done with one call


def test_the_number_is_shown_in_full_and_journalled(evening, visit):
    call = evening.call_of("slope leader")
    person = Person.objects.get(pk=call.person_id)
    assert act(visit("duty"), "dial", call) == {"is_done": True, "number": person.phone}
    entry = JournalEntry.objects.get(act="personal.shown")
    assert entry.subject == f"person:{person.uuid}"
    assert entry.account_id == evening.accounts["duty"].pk


def test_nobody_else_than_those_rung_is_dialled(evening, visit):
    call = evening.call_of("slope leader")
    stranger = evening.cast.people["commander"]
    found = act(visit("duty"), "dial", call, person=stranger)
    assert not found["is_done"]
    assert not JournalEntry.objects.filter(act="personal.shown").exists()


def test_without_a_number_the_desk_says_so(evening, visit):
    call = evening.call_of("slope leader")
    Person.objects.filter(pk=call.person_id).update(phone="")
    found = act(visit("duty"), "dial", call)
    assert not found["is_done"]
    assert "slope leader has no number in the register" in found["said"]


def test_an_answer_with_its_counts_is_recorded(evening, visit):
    call = evening.call_of("slope leader")
    found = act(visit("duty"), "answer", call, word="done", notified="34", moved="12")
    assert found["is_done"]
    assert "坡下村" in found["said"]
    (row,) = rows_in(found).values()
    assert (row["word"], row["notified"], row["moved"]) == ("done", 34, 12)
    call.refresh_from_db()
    assert (call.state, call.answered_via) == (SummonsState.ACKNOWLEDGED, "phone")
    assert Answer.objects.get(summons=call).word == AnswerKind.DONE


def test_an_answer_already_given_stands_and_says_whose_it_is(evening, visit):
    call = evening.call_of("slope leader")
    act(visit("duty"), "answer", call, word="received")
    at = clock.now().astimezone(clock.now().tzinfo)
    pass_time(3)
    for what, form in (("answer", {"word": "received"}), ("attempt", {"reason": "busy"})):
        found = act(visit("upper"), what, call, **form)
        assert not found["is_done"]
        assert f"slope leader has already answered at {at:%H:%M}" in found["said"]
        assert rows_in(found)[str(call.uuid)]["state"] == "acknowledged"
    call.refresh_from_db()
    assert call.answered_at == at


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"word": "nonsense"}, "Choose what was answered"),
        ({"word": "received", "person": "99999"}, "Choose who answered"),
        ({"word": "done", "moved": "-4"}, "people cannot be"),
        ({"word": "done", "notified": "many"}, "people cannot be"),
    ],
)
def test_an_answer_that_cannot_be_says_why(evening, visit, form, said):
    call = evening.call_of("slope leader")
    found = act(visit("duty"), "answer", call, **form)
    assert not found["is_done"]
    assert said in found["said"]
    call.refresh_from_db()
    assert call.state == SummonsState.WAITING


def test_a_call_in_vain_is_recorded_and_shown(evening, visit):
    client, call = visit("duty"), evening.call_of("slope leader")
    _rows, cursor = desk(client)
    found = act(client, "attempt", call, reason="no_answer")
    assert found["is_done"]
    assert Delivery.objects.filter(summons=call, channel="by_hand").count() == 1
    (row,) = rows_in(json.loads(told(client, cursor)["data"])).values()
    assert row["tried"] == int(clock.now().timestamp())
    assert row["why"] == "no_answer"
    assert not act(client, "attempt", call, reason="nonsense")["is_done"]


def test_somebody_above_takes_a_call_over(evening, visit):
    client, call = visit("duty"), evening.call_of("slope leader")
    pass_time(25)
    call.refresh_from_db()
    above = call.ladder[2][1]
    found = act(client, "answer", call, word="moving", person=above)
    assert rows_in(found)[str(call.uuid)]["state"] == "taken_over"
