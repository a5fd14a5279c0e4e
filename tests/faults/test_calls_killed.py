"""A worker killed at any moment of a warning's calls: nobody is called twice, nobody forgotten.

Each of a thousand evenings is killed at points drawn by chance: before or after a statement to the
database, before or after a phone has rung. What was committed stays, what was not is gone, and the
task that ran is either taken up again or lost; the sweep is all that looks after it then.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import connection, transaction

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.queue import virtual_queue
from anlan.warning.api import acknowledge
from anlan.warning.core.outbox import QUIET
from anlan.warning.data import SummonsState
from anlan.warning.facts import nobody_answered, warning_answered, warnings_issued
from anlan.warning.models import Summons
from anlan.warning.tasks.issuing import PATIENCE, SWEEP_EVERY, issue_for_exceedances, sweep
from tests.cast import crossed
from tests.fixtures import cast, phones, virtual
from tests.phones import exchange

__all__ = ["cast", "phones", "virtual"]

BY = the_program("test")
POINTS = 1_000
SHARE = 125
EVENING = timedelta(minutes=55)
MADE_GOOD_WITHIN = SWEEP_EVERY + PATIENCE + QUIET


class Killed(BaseException):
    """The worker is gone: no `except Exception` of the program sees it go."""


class Killer:
    """Counts what the worker does and ends it at the steps that were drawn."""

    def __init__(self, steps: set[int]) -> None:
        self.steps = steps
        self.done = 0
        self.kills = 0
        self.is_armed = False

    def step(self) -> None:
        """Count a step; go no further where it was drawn."""
        if not self.is_armed:
            return
        self.done += 1
        if self.done in self.steps:
            self.kills += 1
            raise Killed

    def __call__(self, execute, sql, params, many, context):
        """Stand around every statement."""
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return execute(sql, params, many, context)
        self.step()
        result = execute(sql, params, many, context)
        self.step()
        return result


@pytest.fixture(autouse=True)
def committing_queue(settings, cast):
    """Let tasks enter the queue when their transaction commits, as rows of a table would."""
    settings.TASKS = {"default": {**settings.TASKS["default"], "OPTIONS": {"ENTER_AT_ONCE": False}}}


@pytest.fixture(autouse=True)
def calls_alone(monkeypatch):
    """Leave out what higher rooms make of a warning: the calls are what is killed here."""
    for fact in (warnings_issued, warning_answered, nobody_answered):
        monkeypatch.setattr(fact, "send", lambda **payload: None)


def fixed_clock() -> clock.FixedClock:
    """Return the clock of the test."""
    found = clock.in_use()
    assert isinstance(found, clock.FixedClock)
    return found


@contextmanager
def evening_undone() -> Iterator[None]:
    """Take back all that an evening wrote."""
    point = transaction.savepoint()
    at = fixed_clock().at
    try:
        yield
    finally:
        connection.run_on_commit.clear()
        transaction.savepoint_rollback(point)
        virtual_queue.forget_all()
        exchange.reset()
        fixed_clock().at = at


def commit() -> None:
    """Do what follows a commit, for those blocks that were not rolled back."""
    while connection.run_on_commit:
        connection.run_on_commit.pop(0)[1]()


class Evening:
    """One evening of calls under a worker that is killed now and then."""

    def __init__(self, cast, *, steps: set[int], chance: Random) -> None:
        self.cast, self.chance = cast, chance
        self.killer = Killer(steps)
        self.said: list[tuple[str, int]] = []
        exchange.when_rung = self.ring

    def ring(self, message, at) -> None:
        """Let a phone ring: the worker may be gone just after, and the person may answer."""
        self.killer.step()
        if self.chance.random() < 0.15:
            heard = (message.reference, *(reference for reference, _code in message.also))
            self.said += [(one.partition(":")[2], message.person_id) for one in heard]

    def play(self) -> None:
        """Let a threshold be crossed, and run what follows until the evening is over."""
        fixed = fixed_clock()
        end, next_sweep = fixed.at + EVENING, fixed.at + SWEEP_EVERY
        with connection.execute_wrapper(self.killer):
            issue_for_exceedances.enqueue([crossed(self.cast, gauge="lower rain")])
            commit()
            while (at := min(virtual_queue.next_due() or end, next_sweep)) < end:
                fixed.move_to(max(at, fixed.at))
                if at == next_sweep:
                    next_sweep += SWEEP_EVERY
                    self.try_to(lambda: sweep(clock.now()))
                else:
                    self.run_one(heapq.heappop(virtual_queue._heap))
                self.answer()

    def run_one(self, waiting) -> None:
        """Run a task; one whose worker was killed is taken up again, or lost."""
        is_done = self.try_to(lambda: waiting.task.call(*waiting.args, **waiting.kwargs))
        if not is_done and self.chance.random() < 0.5:
            later = waiting.task.using(run_after=clock.now() + timedelta(seconds=30))
            virtual_queue.push(later, waiting.args, waiting.kwargs)

    def try_to(self, job) -> bool:
        """Do a job of the worker; return whether it lived to the end of it."""
        self.killer.is_armed = True
        try:
            job()
        except Killed:
            return False
        else:
            return True
        finally:
            self.killer.is_armed = False
            commit()

    def answer(self) -> None:
        """Let those answer who are about to."""
        while self.said:
            uuid, person = self.said.pop()
            if Summons.objects.filter(uuid=uuid, state=SummonsState.WAITING).exists():
                acknowledge(uuid, person_id=person, via="phone", by=BY, now=clock.now())
        commit()


def nobody_was_called_twice_at_once() -> list[str]:
    """Return who was called again for the same step within the quiet time."""
    rings = defaultdict(list)
    for ring in exchange.calls():
        for reference in (ring.message.reference, *(one for one, _code in ring.message.also)):
            rings[reference, ring.message.person_id].append(ring.at)
    return [
        f"{who}: {times}"
        for who, times in rings.items()
        if any(after - before < QUIET for before, after in pairwise(times))
    ]


def nobody_was_forgotten(latest) -> list[str]:
    """Return whose call was never made, came late, skipped a rung or was left standing."""
    faults = []
    if not Summons.objects.exists():
        return ["no warning was issued"]
    rung = defaultdict(list)
    for ring in exchange.calls():
        for reference in (ring.message.reference, *(one for one, _code in ring.message.also)):
            rung[reference].append((ring.at, ring.message.person_id))
    for row in Summons.objects.all():
        calls = rung[f"summons:{row.uuid}"]
        if not calls or calls[0][0] > latest:
            faults.append(f"{row}: first rung {calls[:1]}")
        if row.state == SummonsState.WAITING:
            faults.append(f"{row}: left standing on rung {row.rung}")
        wanted = {step[1] for step in row.ladder[: row.rung + 1]}
        if row.state == SummonsState.UNANSWERED and {who for _at, who in calls} != wanted:
            faults.append(f"{row}: rung {calls}, on the ladder {row.ladder}")
    return faults


def evening(cast, *, steps: set[int], chance: Random) -> tuple[Killer, list[str]]:
    """Play an evening and return how it was killed, and what was wrong in the end."""
    with evening_undone():
        begun = clock.now()
        played = Evening(cast, steps=steps, chance=chance)
        played.play()
        latest = begun + (played.killer.kills + 1) * MADE_GOOD_WITHIN
        return played.killer, nobody_was_called_twice_at_once() + nobody_was_forgotten(latest)


@pytest.mark.parametrize("share", range(POINTS // SHARE))
def test_whenever_the_worker_is_killed_everybody_is_called_and_nobody_twice(cast, share):
    whole, faults = evening(cast, steps=set(), chance=Random(0))
    assert not faults
    kills = 0
    for seed in range(share * SHARE, (share + 1) * SHARE):
        chance = Random(seed)
        steps = {chance.randint(1, whole.done) for _kill in range(chance.choice((1, 1, 2, 3)))}
        killer, faults = evening(cast, steps=steps, chance=chance)
        kills += killer.kills
        assert not faults, f"seed {seed}, killed at {sorted(steps)}: {faults}"
    assert kills >= SHARE
