"""What a duty desk is told after a cursor: what changed in its sight, and nothing is lost."""

import json

import pytest
from django.urls import reverse

from anlan.kernel import clock, journal
from anlan.kernel.models import JournalEntry
from anlan.warning.data import WarningState
from anlan.warning.models import HazardWarning
from anlan.warning.queries.desk_changes import MOST_CALLS
from anlan.warning.screens.desk import ASK_AGAIN_EMPTY_MS, ASK_AGAIN_MS
from tests.cast import SLOPE
from tests.desks import (
    BY,
    act,
    asked,
    desk,
    evening,
    note,
    rows_in,
    told,
    uuid_of,
    visit,
    warn_lower,
)
from tests.weather import pass_time

__all__ = ["evening", "visit"]


def test_nothing_new_costs_one_query_more_than_the_way_in(evening, visit):
    client = visit("duty")
    _rows, cursor = desk(client)
    assert set(told(client, cursor)) == {"retry"}
    assert asked(client, "desk_events", since=cursor) <= 5


def test_an_empty_desk_asks_more_rarely(evening, visit):
    client = visit("lower")
    rows, cursor = desk(client)
    assert not rows
    address = reverse("desk_events")
    empty = client.get(address, {"since": cursor, "rows": "0"}).content.decode()
    full = client.get(address, {"since": cursor, "rows": "7"}).content.decode()
    assert empty == f"retry: {ASK_AGAIN_EMPTY_MS}\n\n"
    assert full == f"retry: {ASK_AGAIN_MS}\n\n"


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
            journal.Note("summons.escalated", subject=f"summons:{uuid_of(n)}", division_code=SLOPE)
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
