"""A replay: frames through the program on virtual time, and counted."""

from datetime import datetime, timedelta

import pytest

from anlan.drills.api import replay
from anlan.drills.data import Burst
from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import TaskFailed, virtual_queue
from anlan.monitoring.models import Exceedance, Reading
from anlan.warning.models import HazardWarning
from tests.weather import report

FIVE = timedelta(minutes=5)


def bursts(cast, *values, spoilt=()):
    start = clock.now()
    for number, value in enumerate(values, start=1):
        at = start + number * FIVE
        frame = report(cast.stations["upper rain"], at=at, PN05=value)
        yield Burst(at=at, frames=[frame[:-1] if number in spoilt else frame])


def test_everything_that_comes_is_counted_and_its_consequences_run(cast, phones):
    start = clock.now()
    seen: list[datetime] = []
    count = replay(
        bursts(cast, 5.0, 30.0, 1.0, spoilt=[3]),
        start=start,
        until=start + timedelta(hours=1),
        progress=seen.append,
    )
    assert (count.frames, count.readings, count.faults) == (3, 2, 1)
    assert seen == [start + number * FIVE for number in (1, 2, 3)]
    assert Reading.objects.count() == 2
    assert Exceedance.objects.count() == HazardWarning.objects.count() == 1
    assert len(phones.calls()) > 0
    assert count.tasks == sum(count.by_task.values())
    assert count.by_task["anlan.warning.tasks.issuing.issue_for_exceedances"] == 1


def test_the_journal_is_sealed_at_the_end_and_the_queue_left_empty(cast):
    start = clock.now()
    replay(bursts(cast, 30.0), start=start, until=start + FIVE)
    assert not JournalEntry.objects.filter(seq=None).exists()
    assert virtual_queue.next_due() is None
    assert clock.now() == start  # the clock of the replay was its own


def test_a_failing_task_stops_the_replay(cast, phones):
    phones.broken = True
    start = clock.now()
    with pytest.raises(TaskFailed, match="deliver"):
        replay(bursts(cast, 30.0), start=start, until=start + FIVE)
