"""Warnings open an incident, call a plan's level, and open its tasks; levels only rise."""

import pytest
from django.db import IntegrityError, transaction

from anlan.command.api import incidents, judge_response, tasks_of, warning_uuids_of
from anlan.command.data import TaskState
from anlan.command.models import Activation, Incident, ResponseTask
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.plans.data import ResponseLevel
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.registry.models import Duty
from anlan.warning.api import issue_warnings, lift_warnings
from tests.cast import ALONE, BANK, COUNTY, EMPTY, FORD, LOWER, SLOPE, UPPER, cleared, crossed

BY = the_program("test")


def warn(cast, **how):
    """Issue a warning with nothing of the chain behind it."""
    uuids = issue_warnings([crossed(cast, **how)], by=BY, now=clock.now())
    virtual_queue.forget_all()
    return uuids


def judge(uuids):
    return judge_response(uuids, by=BY, now=clock.now())


def levels():
    rows = Activation.objects.order_by("activated_at", "pk").values_list("level", "ended_at")
    return [(level, ended is None) for level, ended in rows]


def tasks():
    rows = ResponseTask.objects.order_by("pk").values_list("title", "division_id")
    return sorted(rows)


def test_the_first_warning_opens_an_incident_and_later_ones_join_it(cast):
    first = warn(cast, colour=Colour.YELLOW)
    judge(first)
    (incident,) = incidents()
    assert (incident.division_code, incident.opened_at) == (COUNTY, clock.now())
    second = warn(cast, gauge="lower rain")
    judge(second)
    assert Incident.objects.count() == 1
    assert set(warning_uuids_of(incident.uuid)) == {*first, *second}


def test_a_warning_that_calls_no_level_still_belongs_to_an_incident(cast):
    judge(warn(cast, hazard=Hazard.RAINSTORM, colour=Colour.BLUE))
    assert Incident.objects.count() == 1
    assert levels() == []
    assert tasks() == []


def test_a_level_opens_its_tasks_where_the_water_is(cast):
    assert judge(warn(cast, colour=Colour.YELLOW)) == 4
    assert levels() == [(ResponseLevel.FOURTH, True)]
    assert tasks() == [
        ("county consults", COUNTY),
        ("village patrols", SLOPE),
        ("village patrols", BANK),
        ("village patrols", ALONE),
    ]


def test_judging_again_changes_nothing(cast):
    uuids = warn(cast)
    judge(uuids)
    before = (levels(), tasks(), JournalEntry.objects.count())
    assert judge(uuids) == 0
    assert (levels(), tasks(), JournalEntry.objects.count()) == before


def test_the_level_rises_with_the_danger_and_the_new_tasks_open(cast):
    judge(warn(cast, colour=Colour.YELLOW))
    assert judge(warn(cast, colour=Colour.ORANGE)) == 2  # town moves people, keeper opens store
    assert levels() == [(ResponseLevel.FOURTH, False), (ResponseLevel.SECOND, True)]
    judge(warn(cast, colour=Colour.RED))
    assert levels()[-1] == (ResponseLevel.FIRST, True)
    assert ("county commands", COUNTY) in tasks()
    assert JournalEntry.objects.filter(act="plan.activated").count() == 3


def test_the_level_never_falls_while_the_incident_lasts(cast):
    red = crossed(cast, colour=Colour.RED)
    judge(issue_warnings([red], by=BY, now=clock.now()))
    cleared(red)
    lift_warnings([red], by=BY, now=clock.now())
    judge(warn(cast, gauge="lower rain", colour=Colour.YELLOW))
    assert levels() == [(ResponseLevel.FIRST, True)]


def test_villages_hit_later_get_their_tasks_when_they_are_hit(cast):
    judge(warn(cast))
    assert judge(warn(cast, gauge="lower rain")) == 4
    opened = tasks()
    assert len(opened) == len(set(opened))
    assert {code for title, code in opened if title == "village patrols"} == {
        SLOPE,
        BANK,
        ALONE,
        FORD,
        EMPTY,
    }
    assert {code for title, code in opened if title == "town moves people"} == {UPPER, LOWER}


def holders():
    return {
        (row.title, row.division_id): row.person_id for row in ResponseTask.objects.order_by("pk")
    }


def test_each_task_goes_to_the_holder_of_its_duty_or_to_whoever_stands_above(cast):
    judge(warn(cast))
    judge(warn(cast, gauge="lower rain"))
    people, found = cast.people, holders()
    assert found["county consults", COUNTY] == people["commander"]
    assert found["village patrols", SLOPE] == people["slope leader"]
    assert found["village patrols", EMPTY] == people["lower leader"]
    assert found["keeper opens store", UPPER] == people["upper leader"]


def test_a_task_that_nobody_can_take_is_opened_without_a_holder(cast):
    Duty.objects.exclude(kind=DutyKind.HOUSEHOLD_CARER).delete()
    judge(warn(cast, colour=Colour.YELLOW))
    assert set(holders().values()) == {None}


def test_deadlines_run_from_the_opening(cast):
    judge(warn(cast, colour=Colour.YELLOW))
    (incident,) = incidents()
    minutes = {
        t.title: (t.due_at - t.opened_at).total_seconds() / 60 for t in tasks_of(incident.uuid)
    }
    assert minutes == {"county consults": 60, "village patrols": 45}
    assert {t.state for t in tasks_of(incident.uuid)} == {TaskState.OPEN}


def test_opened_tasks_are_journalled_under_the_incident(cast):
    judge(warn(cast, colour=Colour.YELLOW))
    (incident,) = incidents()
    entries = JournalEntry.objects.filter(act="task.opened")
    assert entries.count() == 4
    assert {entry.cause for entry in entries} == {f"incident:{incident.uuid}"}


def test_a_county_has_one_open_incident(cast):
    judge(warn(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(uuid="0" * 32, division_id=COUNTY, name="n", opened_at=clock.now())
