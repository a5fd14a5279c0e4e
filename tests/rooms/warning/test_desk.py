"""The duty desk: who sees which calls, what is told after a cursor, what is done with one call."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Account, Person
from anlan.warning.api import issue_warnings
from anlan.warning.core.desk import Group, group_of
from anlan.warning.data import AnswerKind, SummonsState, WarningState
from anlan.warning.models import Answer, Delivery, HazardWarning, Summons, WarningArea
from anlan.warning.queries.desk import desk_rows
from anlan.warning.queries.desk_changes import MOST_CALLS
from anlan.warning.screens.desk_words import FIELDS
from tests.cast import ALONE, BANK, LOWER, SLOPE, Cast, crossed
from tests.entrance import logged_in
from tests.evening import QUICK_HASH, account, draw_outlines
from tests.weather import pass_time

BY = the_program("tests")
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Watch:
    """An evening at the desk: three villages of the upper town stand under a warning."""

    cast: Cast
    warning: HazardWarning
    accounts: dict[str, Account]

    def call_of(self, person: str) -> Summons:
        """Return the call made to a person."""
        found: Summons = Summons.objects.get(person_id=self.cast.people[person])
        return found


@pytest.fixture
def evening(cast: Cast, settings: Any) -> Watch:
    settings.PASSWORD_HASHERS = QUICK_HASH
    draw_outlines()
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    pass_time(0)
    names = ("duty", "upper", "lower", "slope", "reader", "clerk")
    return Watch(
        cast=cast,
        warning=HazardWarning.objects.get(),
        accounts={name: account(cast, name) for name in names},
    )


@pytest.fixture
def visit(evening: Watch) -> Callable[[str], Client]:
    return lambda name: logged_in(evening.accounts[name], language="en")


def warn_lower(evening: Watch) -> None:
    """Issue a warning over the lower town too."""
    issue_warnings([crossed(evening.cast, gauge="lower rain")], by=BY, now=clock.now())
    pass_time(0)


def rows_in(sent: dict[str, Any]) -> Rows:
    """Return what a desk was sent, by call."""
    found = [dict(zip(FIELDS, values, strict=True)) for values in sent["rows"]]
    return {row["id"]: row for row in found}


def desk(client: Client) -> tuple[Rows, str]:
    """Return every row of a desk, and where it stands."""
    sent = client.get(reverse("desk_rows")).json()
    return rows_in(sent), sent["cursor"]


def told(client: Client, cursor: str) -> dict[str, str]:
    """Return what the events say after a cursor, by field."""
    answer = client.get(reverse("desk_events"), headers={"Last-Event-ID": cursor})
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert text.endswith("\n\n")
    return dict(line.split(": ", 1) for line in text.splitlines() if line)


def act(client: Client, what: str, call: Summons, **form: object) -> dict[str, Any]:
    """Do something with a call and return what the desk is told."""
    answer = client.post(reverse(f"desk_{what}", args=[call.uuid]), form)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


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
        Person(uuid=_uuid(n), division_id=BANK, name=f"人{n}", phone=f"139{n:08d}")
        for n in range(60)
    )
    like = evening.call_of("bank leader")
    Summons.objects.bulk_create(
        Summons(
            uuid=_uuid(n + 1_000), warning=like.warning, division_id=BANK, person=person,
            duty=like.duty, ladder=[["person", person.pk, 5.0]], state=SummonsState.WAITING,
            asked_at=clock.now(), due_at=clock.now(),
        )
        for n, person in enumerate(people)
    )  # fmt: skip
    assert asked(client, "desk_rows") == few
    assert few <= 9
    assert asked(client, "desk") <= few + 4


def asked(client: Client, address: str, **query: str) -> int:
    """Return how many queries an address takes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(address), query).status_code == 200
    return len(queries)


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


# What is told after a cursor


def test_nothing_new_costs_one_query_more_than_the_way_in(evening, visit):
    client = visit("duty")
    _rows, cursor = desk(client)
    assert set(told(client, cursor)) == {"retry"}
    assert asked(client, "desk_events", since=cursor) <= 5


def test_only_what_came_after_the_cursor_is_told(evening, visit):
    client = visit("duty")
    first, second = evening.call_of("slope leader"), evening.call_of("bank leader")
    act(client, "answer", first, word="received")
    _rows, cursor = desk(client)
    assert "event" not in told(client, cursor)
    act(client, "answer", second, word="moving")
    sent = told(client, cursor)
    assert sent["event"] == "rows"
    assert set(rows_in(json.loads(sent["data"]))) == {str(second.uuid)}
    assert "event" not in told(client, sent["id"])
    again = client.get(reverse("desk_rows"), {"since": cursor}).json()
    assert set(rows_in(again)) == {str(second.uuid)}


def test_two_desks_at_once_are_told_the_same(evening, visit):
    one, two, call = visit("duty"), visit("upper"), evening.call_of("slope leader")
    (_r, at_one), (_r, at_two) = desk(one), desk(two)
    act(one, "answer", call, word="received")
    for client, cursor in ((one, at_one), (two, at_two)):
        (row,) = rows_in(json.loads(told(client, cursor)["data"])).values()
        assert row["state"] == "acknowledged"
        assert row["by"] == "slope leader"


def test_another_town_is_told_nothing_but_where_it_stands(evening, visit):
    warn_lower(evening)
    client = visit("lower")
    _rows, cursor = desk(client)
    act(visit("duty"), "answer", evening.call_of("slope leader"), word="received")
    sent = told(client, cursor)
    assert set(sent) == {"retry", "id"}
    assert set(told(client, sent["id"])) == {"retry"}


def test_an_escalation_is_told(evening, visit):
    client = visit("duty")
    _rows, cursor = desk(client)
    pass_time(12)
    found = rows_in(json.loads(told(client, cursor)["data"]))
    assert any(len(row["people"]) > 1 or row["rung"] != "person" for row in found.values())


def test_a_new_warning_has_the_desk_read_anew(evening, visit):
    client = visit("duty")
    _rows, cursor = desk(client)
    warn_lower(evening)
    sent = told(client, cursor)
    assert sent["event"] == "anew"
    assert "event" not in told(client, sent["id"])
    assert any(row["village"] == "渡口村" for row in desk(client)[0].values())


@pytest.mark.parametrize("cursor", ["", "nonsense", "1.2.3", "9.9.9.9.9.9"])
def test_without_a_cursor_all_is_read(evening, visit, cursor):
    assert told(visit("duty"), cursor)["event"] == "anew"


def test_an_entry_that_came_late_has_the_desk_read_anew(evening, visit):
    client, call = visit("duty"), evening.call_of("slope leader")
    note(call)
    _rows, cursor = desk(client)
    last = JournalEntry.objects.latest("pk")
    JournalEntry.objects.filter(pk=last.pk).delete()  # as if it were not committed yet
    _rows, without = desk(client)
    base, following, turned, _newest, count = without.split(".")
    assert cursor.split(".")[-1] == str(int(count) + 1)
    last.save(force_insert=True)
    known = ".".join((base, following, turned, str(last.pk), count))
    assert told(client, known)["event"] == "anew"


def test_the_cursor_moves_on_and_loses_nothing(evening, visit):
    client, call = visit("duty"), evening.call_of("slope leader")
    _rows, cursor = desk(client)
    for _minute in range(3):
        pass_time(1.1)
        cursor = told(client, cursor).get("id", cursor)
    note(call)
    assert set(rows_in(json.loads(told(client, cursor)["data"]))) == {str(call.uuid)}


def test_very_many_changes_have_the_desk_read_anew(evening, visit):
    client = visit("duty")
    _rows, cursor = desk(client)
    journal.record_all(
        (
            journal.Note("summons.escalated", subject=f"summons:{_uuid(n)}", division_code=SLOPE)
            for n in range(MOST_CALLS + 1)
        ),
        by=BY,
        now=clock.now(),
    )
    assert told(client, cursor)["event"] == "anew"


def test_a_call_whose_warning_ended_is_told_as_gone(evening, visit):
    client, call = visit("duty"), evening.call_of("slope leader")
    _rows, cursor = desk(client)
    HazardWarning.objects.filter(pk=evening.warning.pk).update(
        state=WarningState.LIFTED, ended_at=clock.now()
    )
    note(call)
    sent = json.loads(told(client, cursor)["data"])
    assert sent["gone"] == [str(call.uuid)]
    assert sent["rows"] == []
    assert client.post(reverse("desk_dial", args=[call.uuid])).status_code == 404


def note(call: Summons) -> None:
    """Write that a call went up one rung."""
    journal.record(
        "summons.escalated",
        by=BY,
        now=clock.now(),
        subject=f"summons:{call.uuid}",
        division_code=call.division_id,
    )


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
