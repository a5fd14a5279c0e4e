"""An answer: by whom, once, also late; and what it says in the record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.data import Colour
from anlan.warning.api import acknowledge, call_records, calls_of, issue_warnings
from anlan.warning.data import AlreadyAnswered, CallReplaced, NotYourCall, SummonsState
from anlan.warning.models import Summons
from tests.cast import crossed
from tests.weather import pass_time

BY = the_program("test")


@pytest.fixture
def summons(cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    pass_time(0)
    return Summons.objects.get(person_id=cast.people["slope leader"])


def answer(cast, summons, name):
    return acknowledge(
        str(summons.uuid), person_id=cast.people[name], via="phone", by=BY, now=clock.now()
    )


def record(summons):
    (found,) = [
        row
        for row in call_records([str(summons.warning.uuid)])
        if (row.village, row.person_id) == (summons.division_id, summons.person_id)
    ]
    return found


def test_the_person_called_acknowledges(cast, summons):
    pass_time(3)
    call = answer(cast, summons, "slope leader")
    summons.refresh_from_db()
    assert (summons.state, summons.answered_at) == (SummonsState.ACKNOWLEDGED, clock.now())
    assert (summons.answered_by_id, summons.answered_via) == (summons.person_id, "phone")
    assert summons.due_at is None
    assert calls_of([str(summons.uuid)]) == [call]
    entry = JournalEntry.objects.get(act="summons.answered")
    assert (entry.subject, entry.division_code) == (f"summons:{summons.uuid}", summons.division_id)


@pytest.mark.parametrize(
    ("minutes", "name"), [(17, "slope deputy"), (25, "upper leader"), (33, "county officer")]
)
def test_somebody_higher_takes_over_once_rung(cast, summons, minutes, name):
    with pytest.raises(NotYourCall):
        answer(cast, summons, name)
    pass_time(minutes)
    assert answer(cast, summons, name).state is SummonsState.TAKEN_OVER
    summons.refresh_from_db()
    assert summons.answered_by_id == cast.people[name]


def test_the_person_called_may_still_answer_while_others_are_rung(cast, summons):
    pass_time(30)
    assert answer(cast, summons, "slope leader").state is SummonsState.ACKNOWLEDGED


@pytest.mark.parametrize("name", ["bank leader", "slope informant", "second monitor", "commander"])
def test_whoever_is_not_on_the_ladder_cannot_answer(cast, summons, name):
    pass_time(60)
    with pytest.raises(NotYourCall):
        answer(cast, summons, name)
    assert not JournalEntry.objects.filter(act="summons.answered").exists()


def test_the_first_answer_stands(cast, summons):
    pass_time(17)
    first = clock.now()
    answer(cast, summons, "slope deputy")
    pass_time(1)
    with pytest.raises(AlreadyAnswered) as caught:
        answer(cast, summons, "slope leader")
    assert caught.value.at == first
    summons.refresh_from_db()
    assert (summons.answered_at, summons.answered_by_id) == (first, cast.people["slope deputy"])


def test_a_call_given_up_can_still_be_answered(cast, summons):
    pass_time(60)
    summons.refresh_from_db()
    assert summons.state == SummonsState.UNANSWERED
    assert answer(cast, summons, "slope leader").state is SummonsState.ACKNOWLEDGED


@pytest.mark.parametrize(("minutes", "in_time"), [(7.9, True), (8, True), (8.1, False)])
def test_in_time_means_within_the_first_limit(cast, summons, minutes, in_time):
    pass_time(minutes)
    answer(cast, summons, "slope leader")
    assert record(summons).answered_in_time == in_time


def test_an_answer_by_somebody_else_is_not_in_time(cast, summons):
    Summons.objects.filter(pk=summons.pk).update(rung=4)
    answer(cast, summons, "upper leader")
    assert not record(summons).answered_in_time


def test_the_record_tells_the_rungs_that_were_rung(cast, summons):
    pass_time(17)
    assert record(summons).rungs_rung == ("person", "retry", "deputy")


def test_no_answer_before_the_call(cast, summons):
    with pytest.raises(IntegrityError), transaction.atomic():
        Summons.objects.filter(pk=summons.pk).update(
            answered_at=summons.asked_at - timedelta(seconds=1)
        )


def test_a_call_that_a_higher_warning_replaced_points_to_the_newer_one(cast, summons):
    issue_warnings([crossed(cast, colour=Colour.RED)], by=BY, now=clock.now())
    with pytest.raises(CallReplaced):
        answer(cast, summons, "slope leader")
    summons.refresh_from_db()
    assert summons.state == SummonsState.REPLACED
