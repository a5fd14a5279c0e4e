"""A wrong level is struck out and the right one stored beside it; nothing is edited."""

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.actions.correct_staff_reading import correct_staff_reading
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.data import Quality, StaffLevel
from anlan.monitoring.models import LatestReading, Overruling
from anlan.monitoring.refusals import (
    GaugeOutOfSight,
    HandRefused,
    NothingToCorrect,
    NotPermitted,
)
from tests.by_hand import HOUR, stored

SECOND = HOUR / 3600


@pytest.fixture
def wrong(hand):
    """Enter a level with two digits the wrong way round."""
    enter_staff_reading([hand.level(102.53)], by=hand.actor("bank"), now=clock.now())
    return clock.now()


def correct(hand, level, at, *, by="bank", reason="digits the wrong way round"):
    return correct_staff_reading(
        level, observed_at=at, reason=reason, by=hand.actor(by), now=clock.now()
    )


def test_the_wrong_one_is_struck_out_and_the_right_one_stands_a_second_later(hand, wrong):
    done = correct(hand, hand.level(102.35), wrong)
    assert done.at == wrong + SECOND
    assert stored(hand.gauges["bank"]) == [
        (wrong, 102.53, Quality.REJECTED),
        (wrong + SECOND, 102.35, Quality.GOOD),
    ]
    over = Overruling.objects.get()
    assert (over.value, over.made_by, over.reason) == (
        102.53,
        "bank leader",
        "digits the wrong way round",
    )


def test_the_journal_knows_both_levels_and_not_the_reason(hand, wrong):
    correct(hand, hand.level(102.35), wrong, reason="老王看错了")
    entry = JournalEntry.objects.get(act="staff_reading.corrected")
    assert "102.53" in entry.detail
    assert "102.35" in entry.detail
    assert entry.actor == "bank leader"
    assert not JournalEntry.objects.filter(detail__contains="老王").exists()


def test_the_rules_see_the_right_one(hand, wrong):
    virtual_queue.run_until(clock.now())
    correct(hand, hand.level(101.35, is_confirmed=True), wrong)
    virtual_queue.run_until(clock.now() + HOUR / 60)
    assert LatestReading.objects.get(station=hand.gauges["bank"]).value == 101.35


def test_a_wrong_time_is_corrected_too(hand, wrong):
    done = correct(hand, hand.level(102.53, ago=HOUR), wrong)
    assert done.at == wrong - HOUR
    levels = stored(hand.gauges["bank"])
    assert [(at, quality) for at, _level, quality in levels] == [
        (wrong - HOUR, Quality.LATE),
        (wrong, Quality.REJECTED),
    ]


def test_a_corrected_one_can_be_corrected_again(hand, wrong):
    first = correct(hand, hand.level(102.35), wrong)
    second = correct(hand, hand.level(102.36), first.at)
    assert second.at == wrong + 2 * SECOND
    counting = [level for _at, level, quality in stored(hand.gauges["bank"]) if quality < 20]
    assert counting == [102.36]


def test_pressed_twice_it_is_corrected_once(hand, wrong):
    correct(hand, hand.level(102.35), wrong)
    with pytest.raises(NothingToCorrect):
        correct(hand, hand.level(102.35), wrong)
    assert len(stored(hand.gauges["bank"])) == 2


@pytest.mark.parametrize("who", ["reader", "lower", "far-town"])
def test_whoever_may_not_enter_may_not_correct(hand, wrong, who):
    with pytest.raises(NotPermitted):
        correct(hand, hand.level(102.35), wrong, by=who)
    assert stored(hand.gauges["bank"])[0][2] == Quality.GOOD


def test_there_is_nothing_to_correct_at_another_time_or_gauge(hand, wrong):
    with pytest.raises(NothingToCorrect):
        correct(hand, hand.level(102.35), wrong - HOUR)
    with pytest.raises(NothingToCorrect):
        correct(hand, hand.level(102.53), wrong)
    with pytest.raises(GaugeOutOfSight):
        correct(hand, StaffLevel(10**6, 102.35, clock.now()), wrong)


@pytest.mark.parametrize(
    ("level", "reason", "column"),
    [(102.35, "  ", "reason"), (102.35, "x" * 201, "reason"), (9_999.0, "x", "level")],
)
def test_what_is_wrong_with_the_new_one_leaves_the_old_one(hand, wrong, level, reason, column):
    with pytest.raises(HandRefused) as caught:
        correct(hand, hand.level(level), wrong, reason=reason)
    assert [each.column for each in caught.value.complaints] == [column]
    assert stored(hand.gauges["bank"]) == [(wrong, 102.53, Quality.GOOD)]
    assert not Overruling.objects.exists()


def test_a_leap_is_held_against_what_counts_without_the_wrong_one(hand, wrong):
    enter_staff_reading([hand.level(101.0, ago=HOUR)], by=hand.actor("bank"), now=clock.now())
    with pytest.raises(HandRefused) as caught:
        correct(hand, hand.level(105.0), wrong)
    assert caught.value.complaints[0].is_question
    assert "101.00" in caught.value.complaints[0].sentence
    assert correct(hand, hand.level(105.0, is_confirmed=True), wrong).is_new


def test_the_right_one_may_stand_there_already(hand, wrong):
    enter_staff_reading([hand.level(102.4, ago=HOUR)], by=hand.actor("bank"), now=clock.now())
    done = correct(hand, hand.level(102.4, ago=HOUR), wrong)
    assert not done.is_new
    assert [quality for _at, _level, quality in stored(hand.gauges["bank"])] == [
        Quality.LATE,
        Quality.REJECTED,
    ]
