"""What a person says changes what comes next."""

import json
from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.warning.actions.answer import answer
from anlan.warning.actions.record_attempt import record_attempt
from anlan.warning.api import issue_warnings, lift_warnings
from anlan.warning.data import (
    AlreadyAnswered,
    AnswerKind,
    AttemptReason,
    NotYourCall,
    Purpose,
    SummonsState,
)
from anlan.warning.models import Answer, Delivery, Summons
from anlan.warning.refusals import AnswerRefused
from tests.cast import cleared, crossed
from tests.weather import pass_time

BY = the_program("test")
REPORT = 30  # minutes, for orange


@pytest.fixture
def exceedance(cast):
    return crossed(cast)


@pytest.fixture
def warning(exceedance):
    (uuid,) = issue_warnings([exceedance], by=BY, now=clock.now())
    pass_time(1)
    return uuid


def call(cast, name):
    return Summons.objects.get(person_id=cast.people[name])


def say(cast, name, word, *, of=None, **more):
    return answer(
        str(call(cast, of or name).uuid),
        person_id=cast.people[name],
        word=word,
        via="page",
        by=BY,
        now=clock.now(),
        **more,
    )


def asked_again(cast, name):
    rows = Delivery.objects.filter(summons=call(cast, name), purpose=Purpose.REASK)
    return [(row.queued_at - call(cast, name).answered_at) / timedelta(minutes=1) for row in rows]


def test_whoever_has_received_it_is_asked_what_was_done_until_they_tell(cast, warning, phones):
    say(cast, "alone leader", AnswerKind.RECEIVED)
    pass_time(REPORT + 1)
    assert asked_again(cast, "alone leader") == [REPORT]
    say(cast, "alone leader", AnswerKind.DONE, notified=12, moved=8, remark="all at the school")
    pass_time(4 * REPORT)
    assert asked_again(cast, "alone leader") == [REPORT]
    row = call(cast, "alone leader")
    assert (row.notified, row.moved, row.word) == (12, 8, AnswerKind.DONE)
    assert row.state == SummonsState.ACKNOWLEDGED
    told = JournalEntry.objects.get(act="summons.reported")
    assert json.loads(told.detail)["moved"] == 8
    assert [a.word for a in Answer.objects.order_by("pk")] == ["received", "done"]


def test_after_three_questions_in_vain_the_desk_has_it(cast, warning):
    say(cast, "alone leader", AnswerKind.MOVING)
    pass_time(10 * REPORT)
    assert asked_again(cast, "alone leader") == [REPORT, 2 * REPORT, 3 * REPORT]
    assert JournalEntry.objects.filter(act="summons.report_missing").count() == 1
    assert call(cast, "alone leader").report_due_at is None


def test_nobody_is_asked_about_a_village_that_has_left_the_warning(cast, warning, exceedance):
    say(cast, "alone leader", AnswerKind.RECEIVED)
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    pass_time(4 * REPORT)
    assert asked_again(cast, "alone leader") == []


def test_done_at_once_is_answer_and_report(cast, warning):
    say(cast, "alone leader", AnswerKind.DONE, moved=3)
    row = call(cast, "alone leader")
    assert (row.state, row.moved) == (SummonsState.ACKNOWLEDGED, 3)
    assert row.reported_at == row.answered_at == clock.now()
    pass_time(4 * REPORT)
    assert asked_again(cast, "alone leader") == []


def test_whoever_cannot_get_there_sends_the_call_up_at_once(cast, warning, phones):
    say(cast, "slope leader", AnswerKind.CANNOT_REACH)
    row = call(cast, "slope leader")
    assert row.state == SummonsState.WAITING
    for _rung in range(2):  # the same person again, then the deputy
        pass_time(0)
        assert call(cast, "slope leader").rung == 1
    with pytest.raises(AlreadyAnswered):
        say(cast, "slope leader", AnswerKind.CANNOT_REACH)


def test_of_a_call_that_was_taken_on_and_cannot_be_done_somebody_else_hears(cast, warning, phones):
    say(cast, "slope leader", AnswerKind.RECEIVED)
    say(cast, "slope leader", AnswerKind.CANNOT_REACH)
    row = call(cast, "slope leader")
    assert (row.state, row.answered_at, row.report_due_at) == (SummonsState.WAITING, None, None)
    before = len(phones.calls())
    pass_time(0)
    assert len(phones.calls()) == before + 1


def test_help_is_asked_for_and_the_call_counts_as_answered(cast, warning):
    say(cast, "alone leader", AnswerKind.NEED_HELP, remark="the bridge is gone")
    assert call(cast, "alone leader").state == SummonsState.ACKNOWLEDGED
    assert Answer.objects.get().remark == "the bridge is gone"


def test_somebody_above_takes_it_over_once_rung(cast, warning):
    with pytest.raises(NotYourCall):
        say(cast, "upper leader", AnswerKind.RECEIVED, of="alone leader")
    pass_time(60)
    say(cast, "upper leader", AnswerKind.DONE, of="alone leader", moved=1)
    row = call(cast, "alone leader")
    assert (row.state, row.answered_by_id) == (SummonsState.TAKEN_OVER, cast.people["upper leader"])


@pytest.mark.parametrize("count", [-1, 1_000_001])
def test_a_count_that_cannot_be_is_refused_and_nothing_changes(cast, warning, count):
    with pytest.raises(AnswerRefused):
        say(cast, "alone leader", AnswerKind.DONE, moved=count)
    assert call(cast, "alone leader").state == SummonsState.WAITING


def test_received_twice_is_said_once(cast, warning):
    say(cast, "alone leader", AnswerKind.RECEIVED)
    with pytest.raises(AlreadyAnswered):
        say(cast, "alone leader", AnswerKind.RECEIVED)
    assert Answer.objects.count() == 1


def test_dialling_in_vain_is_written_down_and_changes_nothing(cast, warning):
    row = call(cast, "slope leader")
    person = cast.people["slope deputy"]
    record_attempt(
        str(row.uuid), person_id=person, reason=AttemptReason.BUSY, by=BY, now=clock.now()
    )
    again = call(cast, "slope leader")
    assert (again.state, again.due_at, again.rung) == (row.state, row.due_at, row.rung)
    note = JournalEntry.objects.get(act="summons.attempted")
    assert json.loads(note.detail) == {"person": person, "reason": "busy"}
    say(cast, "slope leader", AnswerKind.RECEIVED)
    with pytest.raises(AlreadyAnswered):
        record_attempt(
            str(row.uuid), person_id=person, reason=AttemptReason.BUSY, by=BY, now=clock.now()
        )
