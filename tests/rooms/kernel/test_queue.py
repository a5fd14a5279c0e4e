"""The one queue: in order of time, in the transaction, in a scope of its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from anlan.kernel import clock, scope
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import TaskFailed, requeue_orphans, virtual_queue

done: list[tuple[str, Any]] = []
MINUTE = timedelta(minutes=1)


@task
def note(what: str) -> None:
    done.append((what, clock.now()))


@task
def note_scope() -> None:
    done.append(("scope", scope.active()))


@task
def note_later(what: str) -> None:
    note.using(run_after=clock.now() + MINUTE).enqueue(what)
    note.enqueue(f"{what} at once")


@task
def fail() -> None:
    raise KeyError("broken")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()
    yield
    done.clear()


def use_backend(settings, name, **options):
    settings.TASKS = {"default": {"BACKEND": f"anlan.kernel.queue.{name}", "OPTIONS": options}}


def names():
    return [what for what, _at in done]


def test_tasks_run_in_order_of_time_and_move_the_clock(virtual):
    start = clock.now()
    note.using(run_after=start + 3 * MINUTE).enqueue("third")
    note.enqueue("first")
    note.using(run_after=start + 1 * MINUTE).enqueue("second")
    note.using(run_after=start + 9 * MINUTE).enqueue("too late")
    assert virtual_queue.run_until(start + 5 * MINUTE) == 3
    assert done == [("first", start), ("second", start + MINUTE), ("third", start + 3 * MINUTE)]
    assert clock.now() == start + 5 * MINUTE
    assert virtual_queue.next_due() == start + 9 * MINUTE


def test_tasks_due_at_the_same_moment_keep_their_order(virtual):
    for number in range(5):
        note.enqueue(str(number))
    virtual_queue.run_until(clock.now())
    assert names() == ["0", "1", "2", "3", "4"]


def test_what_a_task_enqueues_runs_in_the_same_run_when_due(virtual):
    note_later.enqueue("a")
    assert virtual_queue.run_until(clock.now() + 2 * MINUTE) == 3
    assert names() == ["a at once", "a"]


def test_a_moment_that_has_passed_means_now(virtual):
    note.using(run_after=clock.now() - MINUTE).enqueue("late")
    virtual_queue.run_until(clock.now())
    assert done == [("late", clock.now())]


def test_a_failing_task_stops_the_run_and_tells_which(virtual):
    fail.using(run_after=clock.now() + MINUTE).enqueue()
    note.using(run_after=clock.now() + 2 * MINUTE).enqueue("never")
    with pytest.raises(TaskFailed, match="fail") as caught:
        virtual_queue.run_until(clock.now() + 5 * MINUTE)
    assert isinstance(caught.value.__cause__, KeyError)
    assert done == []


def test_virtual_time_needs_a_clock_that_can_be_moved(db):
    with clock.use(clock.WallClock()), pytest.raises(TypeError, match="FixedClock"):
        virtual_queue.run_until(clock.now())


def test_a_task_sees_everything_and_the_callers_scope_comes_back(virtual):
    with scope.limited_to(["990701101000"]) as mine:
        note_scope.enqueue()
        virtual_queue.run_until(clock.now())
        assert scope.active() is mine
    assert done[0][1].is_everywhere
    assert "note_scope" in done[0][1].reason


def test_a_rolled_back_change_starts_nothing(
    db, settings, virtual, django_capture_on_commit_callbacks
):
    use_backend(settings, "VirtualTimeBackend")
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            note.enqueue("rolled back")
            transaction.set_rollback(True)
        with transaction.atomic():
            note.enqueue("committed")
        assert virtual_queue.next_due() is None
    virtual_queue.run_until(clock.now())
    assert names() == ["committed"]


def test_a_task_in_the_database_is_a_row_of_the_same_transaction(db, settings, fixed_clock):
    use_backend(settings, "DatabaseBackend")
    with transaction.atomic():
        note.enqueue("rolled back")
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert DBTaskResult.objects.count() == 0
    with transaction.atomic():
        note.using(run_after=clock.now() + MINUTE).enqueue("kept")
    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": ["kept"], "kwargs": {}}
    assert row.run_after == clock.now() + MINUTE
    assert row.status == "READY"


def test_a_task_from_the_database_runs_in_a_scope_of_its_own(db, settings, fixed_clock):
    use_backend(settings, "DatabaseBackend")
    note_scope.enqueue()
    DBTaskResult.objects.get().task.call()
    assert done[0][1].is_everywhere


def running(minutes, *, status="RUNNING"):
    note.enqueue("x")
    row = DBTaskResult.objects.order_by("-enqueued_at")[0]
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=status, started_at=clock.now() - timedelta(minutes=minutes)
    )
    return row.pk


def test_what_a_killed_worker_left_is_made_ready_again(db, settings, fixed_clock):
    use_backend(settings, "DatabaseBackend")
    orphan, at_work, finished = running(6), running(4), running(60, status="SUCCESSFUL")
    assert requeue_orphans(now=clock.now()) == 1
    states = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert states == {orphan: "READY", at_work: "RUNNING", finished: "SUCCESSFUL"}
    assert JournalEntry.objects.get().act == "tasks.requeued"
    assert requeue_orphans(now=clock.now()) == 0
    assert JournalEntry.objects.count() == 1
