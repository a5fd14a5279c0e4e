"""The one queue: Django's Tasks API, on the database, and in drills on virtual time."""

import heapq
import itertools
import os
import socket
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from django.db import transaction
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.utils import get_random_id, normalize_json
from django_tasks_db.backend import DatabaseBackend as StandardDatabaseBackend
from django_tasks_db.models import DBTaskResult

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.kernel.scope import everywhere


class ScopedTask(Task[Any, Any]):
    """A task whose body sees every division: background work belongs to no user."""

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task's function in a scope of its own."""
        with everywhere(f"task {self.name}"):
            return super().call(*args, **kwargs)


class DatabaseBackend(StandardDatabaseBackend):
    """Tasks as rows, written in the transaction of the change that causes them."""

    task_class = ScopedTask  # type: ignore[assignment]  # the library is typed for Django 6


@dataclass(order=True)
class _Waiting:
    at: datetime
    order: int
    task: Task[Any, Any] = field(compare=False)
    args: list[Any] = field(compare=False)
    kwargs: dict[str, Any] = field(compare=False)


class TaskFailed(RuntimeError):
    """A task of a replay raised; the replay stops there, with the first error as its cause."""


class VirtualQueue:
    """Tasks in a heap by the instant they are due; running them moves the virtual clock."""

    def __init__(self) -> None:
        self._heap: list[_Waiting] = []
        self._order = itertools.count()
        self.ran: Counter[str] = Counter()
        self.seconds: dict[str, float] = defaultdict(float)

    def push(self, task: Task[Any, Any], args: list[Any], kwargs: dict[str, Any]) -> None:
        """Add a task, due at its `run_after` or at once."""
        at = max(task.run_after or clock.now(), clock.now())
        heapq.heappush(self._heap, _Waiting(at, next(self._order), task, args, kwargs))

    def forget_all(self) -> None:
        """Drop every waiting task and every count: a new replay begins."""
        self._heap.clear()
        self.ran.clear()
        self.seconds.clear()

    def next_due(self) -> datetime | None:
        """Return when the next task is due, or None when none waits."""
        return self._heap[0].at if self._heap else None

    def run_until(self, until: datetime) -> int:
        """Run every task due up to `until` in order of time, leave the clock there, count them.

        Raises TaskFailed at the first task that raises.
        """
        moving = clock.in_use()
        if not isinstance(moving, clock.FixedClock):
            raise TypeError("virtual time needs a FixedClock in use")
        ran = 0
        while self._heap and self._heap[0].at <= until:
            waiting = heapq.heappop(self._heap)
            moving.move_to(max(waiting.at, moving.at))
            self._run(waiting)
            ran += 1
        moving.move_to(max(until, moving.at))
        return ran

    def _run(self, waiting: _Waiting) -> None:
        name = waiting.task.module_path
        started = perf_counter()
        try:
            waiting.task.call(*waiting.args, **waiting.kwargs)
        except Exception as error:
            raise TaskFailed(f"{name} at {waiting.at}: {error}") from error
        self.ran[name] += 1
        self.seconds[name] += perf_counter() - started


virtual_queue = VirtualQueue()


class VirtualTimeBackend(BaseTaskBackend):
    """The backend of drills and tests: tasks go to the virtual queue of this process.

    A task enqueued inside a transaction enters the queue when the transaction commits, as the row
    of the database backend would. Option `ENTER_AT_ONCE` is for tests that run inside one
    transaction that never commits.
    """

    task_class = ScopedTask
    supports_defer = True
    supports_priority = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self._checked: set[object] = set()

    def validate_task(self, task: Task[Any, Any]) -> None:
        """Check a task once; the library would inspect its function at every use."""
        if task.func not in self._checked:
            super().validate_task(task)
            self._checked.add(task.func)

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Queue a task to run at its `run_after`, or at the present virtual instant."""
        plain_args, plain_kwargs = normalize_json(list(args)), normalize_json(dict(kwargs))
        if self.options.get("ENTER_AT_ONCE"):
            virtual_queue.push(task, plain_args, plain_kwargs)
        else:
            transaction.on_commit(partial(virtual_queue.push, task, plain_args, plain_kwargs))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=clock.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=plain_args,
            kwargs=plain_kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def requeue_orphans(*, now: datetime, after: timedelta = timedelta(minutes=5)) -> int:
    """Make tasks ready again that a killed worker left running, and return how many.

    Tasks call actions whose conditional updates make a second run harmless.
    """
    orphans = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=now - after
    )
    requeued = orphans.update(status=TaskResultStatus.READY, started_at=None)
    if requeued:
        journal.record(
            "tasks.requeued",
            by=the_program("orphaned tasks"),
            now=now,
            detail={"count": requeued},
        )
    return requeued


def worker_name(part: str) -> str:
    """Return a name for this process as a worker, from which a later one can tell that it died."""
    return f"{socket.gethostname()[:30]}-{part}-{os.getpid()}"


def requeue_tasks_of_dead(part: str, *, now: datetime) -> int:
    """Make tasks ready again that a killed worker of this machine left running; return how many.

    A worker calls this when it starts in the place of another, so that nothing waits for the
    sweep.
    """
    mine = worker_name(part).rpartition("-")[0]
    dead = [
        pk
        for pk, workers in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).values_list(
            "pk", "worker_ids"
        )
        if workers and _has_died(workers[-1], of=mine)
    ]
    requeued = DBTaskResult.objects.filter(pk__in=dead, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None
    )
    if requeued:
        journal.record(
            "tasks.requeued", by=the_program("worker start"), now=now, detail={"count": requeued}
        )
    return requeued


def _has_died(worker: str, *, of: str) -> bool:
    machine, _dash, number = worker.rpartition("-")
    if machine != of or not number.isdecimal() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
