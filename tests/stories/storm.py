"""A cloudburst over two towns and a river, and the people in it, each with a manner."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django_tasks.base import Task

from anlan.drills.tasks import answer
from anlan.kernel import clock, heartbeat
from anlan.kernel.queue import virtual_queue
from anlan.warning.data import Message
from tests.cast import ALONE, Cast
from tests.phones import Exchange
from tests.weather import STEP, receive, report

CLOUDBURST = (3.0, 6.0, 8.0, 10.0, 8.0, 6.0, 4.0)  # mm in five minutes
DRIZZLE = (1.0, 2.0, 4.0, 5.0, 5.0, 4.0, 3.0)
RIVER = (101.0, 101.5, 102.1, 102.6, 103.2, 103.1, 102.4)
HOURS = 4

# Minutes until a person answers a call; who is not named never does.
MANNERS = {
    "slope leader": 2,
    "slope informant": 20,  # after the deputy has been rung too
    "brook carer": 3,
    "bank informant": 4,
    "ford leader": 1,
    "lower leader": 6,
    "county officer": 1,
}


def answer_by_manner(cast: Cast) -> Callable[[Message, datetime], None]:
    """Return how phones are answered: by manner; nobody ever for the lonely village."""

    def rung(message: Message, at: datetime) -> None:
        wait = MANNERS.get(cast.name_of(message.person_id))
        if message.reference.startswith("task:"):
            wait = 1
        elif message.division_code == ALONE:
            wait = None
        if wait is not None and message.person_id is not None:
            due = at + timedelta(minutes=wait)
            answer.using(run_after=due).enqueue(message.reference, message.person_id)

    return rung


def play(cast: Cast, phones: Exchange) -> None:
    """Let the storm come, pass and be over.

    Workers look for stopped sweeps every hour, as they do when they start.
    """
    phones.when_rung = answer_by_manner(cast)
    upper, lower, river = (cast.stations[name] for name in ("upper rain", "lower rain", "river"))
    for number in range(HOURS * 12):
        if number % 12 == 0:
            heartbeat.start_late_sweeps(now=clock.now())
        virtual_queue.run_until(clock.now() + STEP)
        now = clock.now()
        receive(
            report(upper, at=now, PN05=_at(CLOUDBURST, number, after=0.0)),
            report(lower, at=now, PN05=_at(DRIZZLE, number, after=0.0)),
            report(river, at=now, Z=_at(RIVER, number, after=101.2)),
        )
    virtual_queue.run_until(clock.now() + timedelta(hours=7))


def losing_push(
    names: Collection[str], *, chance: Random, share: float, until: datetime
) -> Callable[..., None]:
    """Return how tasks enter the queue while workers die: some of these kinds never arrive."""
    push = virtual_queue.push

    def pushed(task: Task[Any, Any], args: list[Any], kwargs: dict[str, Any]) -> None:
        trouble = clock.now() < until and task.func.__name__ in names
        if not (trouble and chance.random() < share):
            push(task, args, kwargs)

    return pushed


def _at(values: tuple[float, ...], number: int, *, after: float) -> float:
    return values[number] if number < len(values) else after
