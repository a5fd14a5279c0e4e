"""The figures of a report against small cases counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from anlan.assessment.core import (
    Records,
    broken_invariants,
    figures_of,
    narrowed,
    verdict_figures,
)
from anlan.command.data import TaskBrief, TaskState
from anlan.registry.data import Colour, Hazard
from anlan.relief.data import MoveRecord, MoveState
from anlan.warning.data import CallRecord, SummonsState, VerdictKind, WarningRecord

START = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
UPPER, LOWER = "990701101000", "990701102000"
SLOPE, FORD = "990701101201", "990701102201"
NOTHING = Records(warnings=[], calls=[], moves=[], tasks=[], peaks={})


def at(minutes):
    return None if minutes is None else START + timedelta(minutes=minutes)


def warning(town=UPPER, *, crossed=0, issued=1):
    return WarningRecord(
        uuid=f"w{town}{crossed}",
        number="n",
        hazard=Hazard.FLASH_FLOOD,
        colour=Colour.ORANGE,
        town_code=town,
        villages=(SLOPE,),
        crossed_at=at(crossed),
        issued_at=at(issued),
        ended_at=None,
    )


def call(answered=None, *, asked=0, village=SLOPE, in_time=False, rungs=("person",), state=None):
    found = SummonsState.WAITING if answered is None else SummonsState.ACKNOWLEDGED
    return CallRecord(
        warning_uuid="w",
        village=village,
        person_id=1,
        state=state or found,
        asked_at=at(asked),
        answered_at=at(answered),
        answered_in_time=in_time,
        rungs_rung=rungs,
    )


def move(household, people, *, ordered=0, told=None, left=None, in_=None, village=SLOPE):
    return MoveRecord(
        household_id=household,
        division_code=village,
        people=people,
        state=MoveState.SHELTERED if in_ else MoveState.ORDERED,
        ordered_at=at(ordered),
        notified_at=at(told),
        left_at=at(left),
        sheltered_at=at(in_),
        ended_at=None,
    )


def response(state, *, closed=None, due=60, division=UPPER):
    return TaskBrief(
        uuid="t",
        incident_uuid="i",
        division_code=division,
        person_id=1,
        title="t",
        state=state,
        opened_at=START,
        due_at=at(due),
        closed_at=at(closed),
        summons_uuid="",
    )


def figures(**columns):
    return figures_of(Records(**{**vars(NOTHING), **columns}))


def test_with_nothing_to_measure_every_measure_is_none_and_every_count_zero():
    found = figures_of(NOTHING)
    escalations = found.pop("escalations")
    assert set(escalations.values()) == {0}
    counts = {
        "warnings",
        "summons",
        "summons_replaced",
        "acknowledged",
        "reported",
        "warnings_judged",
        "false_alarms",
        "households_at_risk",
        "people_at_risk",
        "households_moved",
        "people_moved",
        "people_not_out_before_peak",
        "households_refusing_or_missed",
        "tasks",
        "tasks_done",
        "tasks_on_time",
    }
    assert {key for key, value in found.items() if value == 0} == counts
    assert {key for key, value in found.items() if value is None} == found.keys() - counts


def test_calls_are_counted_and_timed():
    found = figures(
        warnings=[warning(crossed=0, issued=1), warning(LOWER, crossed=10, issued=13)],
        calls=[
            call(2, in_time=True),
            call(4, in_time=True),
            call(12, rungs=("person", "retry")),
            call(
                rungs=("person", "retry", "deputy", "town", "county"), state=SummonsState.UNANSWERED
            ),
        ],
    )
    assert found["warnings"] == 2
    assert found["warn_median_min"] == 2.0
    assert (found["summons"], found["acknowledged"]) == (4, 3)
    assert found["acknowledged_share"] == 0.75
    assert found["acknowledged_in_time_share"] == 0.5
    assert found["ack_median_min"] == 4.0
    assert found["ack_p95_min"] == pytest.approx(4 + 0.9 * 8)
    assert found["escalations"] == {
        "person": 4,
        "retry": 2,
        "deputy": 1,
        "town": 1,
        "county": 1,
        "nobody": 1,
    }


def test_calls_that_gave_way_to_a_worse_warning_are_not_counted():
    found = figures(calls=[call(2), call(state=SummonsState.REPLACED)])
    assert (found["summons"], found["acknowledged_share"]) == (1, 1.0)
    assert found["summons_replaced"] == 1


def test_the_first_moments_are_the_earliest_in_local_time():
    found = figures(
        warnings=[warning(crossed=5, issued=9), warning(crossed=3, issued=8)],
        calls=[call(20), call(11)],
    )
    assert found["first_exceedance_at"] == "2024-07-15T20:03:00+08:00"
    assert found["first_warning_at"] == "2024-07-15T20:08:00+08:00"
    assert found["first_acknowledged_at"] == "2024-07-15T20:11:00+08:00"


def test_households_are_counted_once_however_often_they_were_ordered():
    found = figures(
        moves=[
            move(1, 4, told=5, left=10, in_=30),
            move(1, 4, ordered=200),
            move(2, 3, told=7),
            move(3, 2, ordered=0),
        ]
    )
    assert (found["households_at_risk"], found["people_at_risk"]) == (3, 9)
    assert (found["households_moved"], found["people_moved"]) == (1, 4)
    assert found["moved_share"] == 0.4444
    assert found["households_refusing_or_missed"] == 2
    assert found["notified_median_min"] == 6.0
    assert found["evacuated_median_min"] == found["evacuated_p95_min"] == 30.0


def test_out_before_the_peak_means_having_left_home_by_then():
    peaks = {SLOPE: at(60)}
    found = figures(
        peaks=peaks,
        moves=[
            move(1, 4, told=5, left=60, in_=90),
            move(2, 3, told=5, left=61, in_=90),
            move(3, 2),
            move(4, 1, village=FORD),
        ],
    )
    assert found["people_not_out_before_peak"] == 5


def test_tasks_are_on_time_when_done_by_their_deadline():
    found = figures(
        tasks=[
            response(TaskState.DONE, closed=60),
            response(TaskState.DONE, closed=61),
            response(TaskState.CANCELLED, closed=30),
            response(TaskState.OPEN),
        ]
    )
    assert (found["tasks"], found["tasks_done"], found["tasks_on_time"]) == (4, 2, 1)
    assert found["tasks_on_time_share"] == 0.25


def test_a_town_gets_its_own_records_and_towns_add_up():
    whole = Records(
        warnings=[warning(), warning(LOWER)],
        calls=[call(1), call(2, village=FORD)],
        moves=[move(1, 4), move(2, 3, village=FORD)],
        tasks=[response(TaskState.OPEN), response(TaskState.OPEN, division=FORD)],
        peaks={},
    )
    towns = [figures_of(narrowed(whole, prefix=code[:9])) for code in (UPPER, LOWER)]
    for key in ("warnings", "summons", "people_at_risk", "tasks"):
        assert sum(town[key] for town in towns) == figures_of(whole)[key]
        assert all(town[key] > 0 for town in towns)


def test_invariants_say_what_holds_and_what_was_found():
    records = Records(**{**vars(NOTHING), "moves": [move(1, 4, told=1, left=2, in_=3)]})
    good = broken_invariants(records, audience_wrong=[], counted_in=4, moves_before_notice=0)
    assert good["audience_equals_answerable"]
    assert good["nobody_moved_before_notice"]
    assert good["sheltered_equals_moved"]
    assert (good["counted_in"], good["moved"], good["households_still_out"]) == (4, 4, 1)
    bad = broken_invariants(records, audience_wrong=["n7"], counted_in=3, moves_before_notice=1)
    assert bad["audience_wrong"] == ["n7"]
    assert not bad["audience_equals_answerable"]
    assert not bad["nobody_moved_before_notice"]
    assert not bad["sheltered_equals_moved"]


def judged(verdict, lead=None):
    return replace(warning(), verdict=verdict, lead_minutes=lead)


def test_who_told_what_was_done_is_a_share_of_those_who_answered():
    told = replace(call(3), reported_at=at(20), notified=40, moved=8)
    figures = figures_of(replace(NOTHING, calls=[told, call(4), call(None)]))
    assert (figures["reported"], figures["reported_share"]) == (1, 0.5)
    assert figures_of(NOTHING)["reported_share"] is None


def test_a_warning_that_nobody_judged_is_no_false_alarm_and_no_right_one():
    figures = verdict_figures(
        [
            warning(),
            judged(VerdictKind.FALSE_ALARM, 99.0),
            judged(VerdictKind.HIT, 40.0),
            judged(VerdictKind.AVERTED, -10.0),
        ]
    )
    assert figures == {
        "warnings_judged": 3,
        "false_alarms": 1,
        "false_alarm_share": pytest.approx(1 / 3, abs=1e-4),
        "lead_median_min": 15.0,
    }
    assert verdict_figures([warning()])["false_alarm_share"] is None
