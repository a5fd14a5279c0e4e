"""Tasks are told, watched, done once, and somebody is sent where nobody answers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anlan.command.api import complete_task, incidents, send_somebody, tasks_of
from anlan.command.data import TaskNotOpen, TaskState
from anlan.command.models import ResponseTask
from anlan.command.tasks import sweep
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.registry.data import Colour, DutyKind
from anlan.registry.models import Duty
from anlan.warning.api import issue_warnings, lift_warnings
from anlan.warning.data import SummonsState
from anlan.warning.models import Summons
from tests.cast import ALONE, cleared, crossed
from tests.weather import idle, pass_time

BY = the_program("test")


@pytest.fixture
def incident(cast):
    issue_warnings([crossed(cast, colour=Colour.YELLOW)], by=BY, now=clock.now())
    pass_time(0)
    return incidents()[0].uuid


def task(title="village patrols", code=ALONE):
    return ResponseTask.objects.get(title=title, division_id=code)


def done(row):
    complete_task(str(row.uuid), by=BY, now=clock.now())


def overdue():
    rows = ResponseTask.objects.filter(overdue_at__isnull=False).order_by("overdue_at", "pk")
    return [(row.title, row.overdue_at) for row in rows]


def repairs():
    return JournalEntry.objects.filter(act="response.repaired").count()


def test_holders_are_told_of_their_tasks(cast, phones, incident):
    told = {
        (cast.name_of(r.message.person_id), r.message.title)
        for r in phones.rings
        if r.message.reference.startswith("task:")
    }
    assert told == {
        ("commander", "county consults"),
        ("slope leader", "village patrols"),
        ("bank leader", "village patrols"),
        ("alone leader", "village patrols"),
    }


def test_a_task_is_done_once(cast, incident):
    pass_time(10)
    row = task()
    done(row)
    row.refresh_from_db()
    assert (row.state, row.closed_at) == (TaskState.DONE, clock.now())
    with pytest.raises(TaskNotOpen):
        done(row)
    entry = JournalEntry.objects.get(act="task.done")
    assert entry.subject == f"task:{row.uuid}"
    assert '"late":false' in entry.detail


def test_what_is_done_late_is_marked_so(cast, incident):
    pass_time(46)
    done(task())
    assert '"late":true' in JournalEntry.objects.get(act="task.done").detail


def test_each_deadline_is_watched_at_its_moment_without_any_repair(cast, incident):
    start = clock.now()
    done(task())
    pass_time(61)
    assert overdue() == [
        ("village patrols", start + timedelta(minutes=45)),
        ("village patrols", start + timedelta(minutes=45)),
        ("county consults", start + timedelta(minutes=60)),
    ]
    assert JournalEntry.objects.filter(act="task.overdue").count() == 3
    assert repairs() == 0


def test_a_task_without_a_holder_is_watched_too(cast):
    Duty.objects.exclude(kind=DutyKind.HOUSEHOLD_CARER).delete()
    issue_warnings([crossed(cast, colour=Colour.YELLOW)], by=BY, now=clock.now())
    pass_time(46)
    assert [title for title, _at in overdue()] == ["village patrols"] * 3


def test_an_overdue_task_can_still_be_done(cast, incident):
    pass_time(50)
    done(task())
    assert task().state == TaskState.DONE


def test_a_deadline_that_nobody_watched_is_found_by_the_sweep(cast, incident):
    virtual_queue.forget_all()
    idle(timedelta(minutes=50))
    assert sweep(clock.now()) == 3
    assert len(overdue()) == 3
    assert sweep(clock.now()) == 0
    assert repairs() == 1


def test_a_warning_that_no_incident_holds_is_taken_in_by_the_sweep(cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    virtual_queue.forget_all()
    assert sweep(clock.now()) == 0
    idle(timedelta(minutes=4))
    assert sweep(clock.now()) == 1
    assert len(tasks_of(incidents()[0].uuid)) > 0
    assert sweep(clock.now()) == 0


def visits():
    return ResponseTask.objects.filter(summons__isnull=False).order_by("division_id", "pk")


def test_somebody_is_sent_where_nobody_answers(cast, phones, incident):
    pass_time(60)
    assert visits().count() == Summons.objects.count()
    visit = visits().get(division_id=ALONE)
    assert visit.person_id == cast.people["upper leader"]
    assert visit.due_at - visit.opened_at == timedelta(minutes=40)
    assert "独户村" in visit.title
    told = [r.message.reference for r in phones.rings]
    assert f"task:{visit.uuid}" in told


def test_nobody_is_sent_twice(cast, incident):
    pass_time(60)
    uuids = [str(uuid) for uuid in Summons.objects.values_list("uuid", flat=True)]
    before = visits().count()
    assert send_somebody(uuids, by=BY, now=clock.now()) == []
    assert visits().count() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        visits().filter(pk=visits()[0].pk).update(summons_id=visits()[1].summons_id)


def test_a_visit_that_got_lost_is_made_good_by_the_sweep(cast, incident):
    Summons.objects.filter(division_id=ALONE).update(state=SummonsState.UNANSWERED, due_at=None)
    assert sweep(clock.now()) == 1
    assert visits().get().division_id == ALONE
    assert sweep(clock.now()) == 0


def test_nobody_is_sent_where_the_danger_is_over(cast):
    exceedance = crossed(cast, colour=Colour.YELLOW)
    issue_warnings([exceedance], by=BY, now=clock.now())
    pass_time(1)
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    assert set(Summons.objects.values_list("state", flat=True)) == {SummonsState.UNANSWERED}
    assert sweep(clock.now()) == 0
    assert visits().count() == 0


def test_a_task_needs_a_cause_and_an_end_when_closed(cast, incident):
    row = task()
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseTask.objects.filter(pk=row.pk).update(template=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseTask.objects.filter(pk=row.pk).update(state=TaskState.DONE)
