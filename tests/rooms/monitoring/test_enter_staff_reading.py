"""A level read by eye: stored once, held against the gauge, and asked about when it leaps."""

import sys
from datetime import timedelta

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.data import Quality, StaffLevel
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.models import Exceedance, QualityLimit, Reading, Station
from anlan.monitoring.queries import staff_judging
from anlan.monitoring.refusals import GaugeOutOfSight, HandRefused, NotPermitted
from tests.by_hand import HOUR, MINUTE, stored


def enter(hand, *levels, by="bank"):
    return enter_staff_reading(levels, by=hand.actor(by), now=clock.now())


def refusal(hand, *levels, by="bank"):
    """Return what is wrong with levels: the column and the sentence of each complaint."""
    with pytest.raises(HandRefused) as caught:
        enter(hand, *levels, by=by)
    return caught.value.complaints


def test_a_level_is_stored_and_who_read_it_is_written_down(hand):
    (entered,) = enter(hand, hand.level(101.35))
    assert entered.is_new
    assert stored(hand.gauges["bank"]) == [(clock.now(), 101.35, Quality.GOOD)]
    entry = JournalEntry.objects.get(act="staff_reading.entered")
    assert (entry.actor, entry.account_id) == ("bank leader", hand.accounts["bank"].pk)
    assert "101.35" in entry.detail
    assert entry.division_code == hand.gauges["bank"].division_id


def test_a_level_over_the_limit_crosses_it(hand):
    enter(hand, hand.level(102.4))
    virtual_queue.run_until(clock.now())
    found = Exceedance.objects.get(station=hand.gauges["bank"])
    assert (found.value, found.limit) == (102.4, 102.0)


def test_pressed_twice_it_is_stored_once(hand):
    first, second = (enter(hand, hand.level(101.35))[0] for _press in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert len(stored(hand.gauges["bank"])) == 1
    assert JournalEntry.objects.filter(act="staff_reading.entered").count() == 1


def test_whoever_meets_another_press_looks_again(hand, monkeypatch):
    looked = []

    def look(levels, gauges, *, now):
        found = staff_judging.judged_levels(levels, gauges, now=now)
        looked.append(now)
        if len(looked) == 1:
            # Another press comes between the look and the writing.
            Reading.objects.create(
                station=hand.gauges["bank"], element=LEVEL, observed_at=now, value=99.0
            )
        return found

    enter(hand, hand.level(101.0, ago=HOUR))
    monkeypatch.setattr(sys.modules[enter_staff_reading.__module__], "judged_levels", look)
    assert enter(hand, hand.level(101.35))[0].is_new
    assert len(looked) == 2
    assert [level for _at, level, _quality in stored(hand.gauges["bank"])] == [101.0, 101.35]


def test_several_gauges_are_stored_together_or_not_at_all(hand):
    both = [hand.level(101.0), hand.level(55.0, gauge="ford")]
    assert len(enter(hand, *both, by="duty")) == 2
    wrong = [hand.level(101.1, ago=HOUR), hand.level(9_999.0, ago=HOUR, gauge="ford")]
    assert [each.index for each in refusal(hand, *wrong, by="duty")] == [1]
    assert [len(stored(hand.gauges[name])) for name in ("bank", "ford")] == [1, 1]


@pytest.mark.parametrize(
    ("who", "gauge", "error"),
    [
        ("reader", "bank", NotPermitted),
        ("auditor", "bank", NotPermitted),
        ("lower", "bank", NotPermitted),
        ("far-admin", "bank", NotPermitted),
        ("bank", "ford", NotPermitted),
        ("bank", "far", NotPermitted),
    ],
)
def test_whoever_may_not_is_refused(hand, who, gauge, error):
    with pytest.raises(error):
        enter(hand, hand.level(101.0, gauge=gauge), by=who)
    assert not stored(hand.gauges[gauge])


@pytest.mark.parametrize("who", ["admin", "duty", "clerk", "upper", "bank"])
def test_whoever_may_enters(hand, who):
    assert enter(hand, hand.level(101.0), by=who)[0].is_new


def test_a_gauge_out_of_sight_is_none(hand):
    with scope.limited_to(["990702000000"]), pytest.raises(GaugeOutOfSight):
        enter(hand, hand.level(101.0))


@pytest.mark.parametrize("change", [{"protocol": "sl651"}, {"is_active": False}, {"kind": "P"}])
def test_what_is_no_staff_gauge_takes_no_level(hand, change):
    Station.objects.filter(pk=hand.gauges["bank"].pk).update(**change)
    with pytest.raises(GaugeOutOfSight):
        enter(hand, hand.level(101.0))


@pytest.mark.parametrize(
    ("ago", "is_taken"),
    [
        (timedelta(days=7), True),
        (timedelta(days=7, minutes=1), False),
        (-5 * MINUTE, True),
        (-6 * MINUTE, False),
        (-2 * HOUR, False),
    ],
)
def test_the_time_lies_within_seven_days_and_not_ahead(hand, ago, is_taken):
    level = hand.level(101.0, ago=ago)
    if is_taken:
        assert enter(hand, level)[0].is_new
    else:
        assert [each.column for each in refusal(hand, level)] == ["at"]


@pytest.mark.parametrize("level", [-21.0, 9_001.0, 101.234, float("nan"), float("inf")])
def test_an_impossible_level_is_refused(hand, level):
    assert [each.column for each in refusal(hand, hand.level(level))] == ["level"]
    assert not stored(hand.gauges["bank"])


def test_the_gauges_own_range_counts_first(hand):
    QualityLimit.objects.create(
        element="Z", station=hand.gauges["bank"], low=98.0, high=110.0, source="tests"
    )
    (complaint,) = refusal(hand, hand.level(97.99))
    assert "98" in complaint.sentence
    assert "河边水尺" in complaint.sentence
    assert refusal(hand, hand.level(110.01))
    assert enter(hand, hand.level(110.0))


def test_what_arithmetic_adds_behind_the_centimetre_is_taken_away(hand):
    enter(hand, hand.level(0.1 + 0.2 + 101))
    assert stored(hand.gauges["bank"])[0][1] == 101.3


def test_a_leap_is_asked_about_and_taken_once_confirmed(hand):
    enter(hand, hand.level(100.1, ago=HOUR))
    (complaint,) = refusal(hand, hand.level(103.3))
    assert complaint.is_question
    assert "+3.20" in complaint.sentence
    assert "100.10" in complaint.sentence
    enter(hand, hand.level(103.3, is_confirmed=True))
    entry = JournalEntry.objects.filter(act="staff_reading.entered").latest("pk")
    assert '"confirmed_leap_m":3.2' in entry.detail
    assert len(stored(hand.gauges["bank"])) == 2


def test_a_metre_is_no_leap_and_the_gauges_own_step_grows_with_time(hand):
    enter(hand, hand.level(100.0, ago=HOUR))
    assert enter(hand, hand.level(101.0, ago=HOUR / 2))[0].is_new
    QualityLimit.objects.create(
        element="Z", station=hand.gauges["ford"], step=0.1, step_min=10, source="tests"
    )
    enter(hand, hand.level(50.0, ago=HOUR, gauge="ford"), by="duty")
    assert refusal(hand, hand.level(50.2, ago=50 * MINUTE, gauge="ford"), by="duty")
    assert enter(hand, hand.level(50.6, gauge="ford"), by="duty")[0].is_new


def test_a_leap_is_held_against_the_level_before_in_time(hand):
    enter(hand, hand.level(103.0))
    earlier = hand.level(100.0, ago=2 * HOUR)
    assert enter(hand, earlier)[0].is_new
    (complaint,) = refusal(hand, hand.level(102.0, ago=HOUR))
    assert complaint.is_question


def test_another_level_of_the_same_time_is_refused(hand):
    enter(hand, hand.level(101.0))
    (complaint,) = refusal(hand, hand.level(101.5))
    assert (complaint.column, complaint.is_question) == ("at", False)
    assert "101.00" in complaint.sentence
    twice = [hand.level(101.5, ago=HOUR), hand.level(101.6, ago=HOUR)]
    assert [each.index for each in refusal(hand, *twice)] == [1]


def test_a_late_level_is_marked_as_late(hand):
    enter(hand, hand.level(101.0))
    enter(hand, hand.level(101.1, ago=HOUR))
    assert [quality for _at, _level, quality in stored(hand.gauges["bank"])] == [
        Quality.LATE,
        Quality.GOOD,
    ]


def test_the_program_itself_may_enter(hand):
    level = StaffLevel(hand.gauges["bank"].pk, 101.0, clock.now())
    assert enter_staff_reading([level], by=the_program("tests"), now=clock.now())[0].is_new
    assert enter_staff_reading([], by=the_program("tests"), now=clock.now()) == []
