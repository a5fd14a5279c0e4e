"""Simulated people: the same seed gives the same answers, and the shares are those stated."""

from datetime import UTC, datetime, timedelta, timezone
from statistics import median

import pytest

from anlan.drills.core import (
    DEAD_PHONE,
    MANNERS,
    has_dead_phone,
    is_night,
    time_for_task,
    time_to_answer,
    time_to_leave,
)
from anlan.registry.data import DutyKind

BEIJING = timezone(timedelta(hours=8))
DAY = datetime(2024, 7, 15, 14, 0, tzinfo=BEIJING)
NIGHT = datetime(2024, 7, 15, 2, 0, tzinfo=BEIJING)


def answers(*, at=DAY, duty=DutyKind.VILLAGE_LEADER, seed=1, count=4_000):
    return [
        time_to_answer(f"m{number}", person_id=number, duty=duty, attempt=1, at=at, seed=seed)
        for number in range(count)
    ]


def test_the_same_seed_answers_the_same_and_another_differently():
    assert answers(count=50) == answers(count=50)
    assert answers(count=50) != answers(count=50, seed=2)


def test_who_is_asked_twice_draws_anew():
    first, second = (
        time_to_answer("m", person_id=3, duty=DutyKind.INFORMANT, attempt=n, at=DAY, seed=1)
        for n in (1, 2)
    )
    assert first != second


@pytest.mark.parametrize("duty", [DutyKind.VILLAGE_LEADER, DutyKind.TOWN_LEADER])
def test_medians_and_silence_are_those_stated(duty):
    found = answers(duty=duty)
    heard = [wait / timedelta(minutes=1) for wait in found if wait is not None]
    silent = 1 - len(heard) / len(found)
    assert silent == pytest.approx(DEAD_PHONE + MANNERS[duty].silent * (1 - DEAD_PHONE), abs=0.015)
    assert median(heard) == pytest.approx(MANNERS[duty].median_min, rel=0.1)


def test_at_night_fewer_answer_and_later():
    day, night = answers(), answers(at=NIGHT)
    assert night.count(None) > day.count(None)
    assert median(w for w in night if w) > median(w for w in day if w)


def test_a_dead_phone_never_answers():
    dead = next(person for person in range(500) if has_dead_phone(person, seed=1))
    assert {
        time_to_answer(
            f"m{n}", person_id=dead, duty=DutyKind.COUNTY_DUTY, attempt=1, at=DAY, seed=1
        )
        for n in range(50)
    } == {None}


@pytest.mark.parametrize(("hour", "sleeps"), [(21, False), (22, True), (5, True), (6, False)])
def test_night_is_from_ten_to_six_in_any_zone(hour, sleeps):
    local = datetime(2024, 7, 15, hour, 0, tzinfo=BEIJING)
    assert is_night(local) == is_night(local.astimezone(UTC)) == sleeps


def test_who_needs_help_packs_longer():
    alone = [time_to_leave(n, needing_help=0, seed=1) for n in range(400)]
    helped = [time_to_leave(n, needing_help=2, seed=1) for n in range(400)]
    assert [wait is None for wait in alone] == [wait is None for wait in helped]
    assert all(h > a for a, h in zip(alone, helped, strict=True) if a and h)


def test_a_task_takes_a_share_of_its_limit():
    short = time_for_task("t", limit=timedelta(minutes=10), seed=1)
    long = time_for_task("t", limit=timedelta(minutes=20), seed=1)
    assert short is not None
    assert long == 2 * short
