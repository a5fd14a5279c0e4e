"""The heartbeat: one chain of beats a sweep, restarted when it stops, going on after a failure."""

from datetime import timedelta

import pytest

from anlan.kernel import clock, heartbeat
from anlan.kernel.models import Heartbeat, JournalEntry
from anlan.kernel.queue import virtual_queue
from tests.weather import pass_time

EVERY = timedelta(minutes=10)


class Repairs:
    """A sweep of which the test says what it finds."""

    def __init__(self):
        self.at = []
        self.finds = 0
        self.fails = False

    def __call__(self, now):
        self.at.append(now)
        if self.fails:
            raise ZeroDivisionError("broken sweep")
        return self.finds


@pytest.fixture
def repairs(db, virtual, monkeypatch):
    monkeypatch.setattr(heartbeat, "_sweeps", {})
    found = Repairs()
    heartbeat.declare_sweep("test", every=EVERY, repair=found)
    return found


def acts():
    return list(JournalEntry.objects.values_list("act", flat=True))


def test_a_declared_sweep_beats_at_its_interval(repairs):
    start = clock.now()
    assert heartbeat.start_late_sweeps(now=start) == ["test"]
    pass_time(35)
    assert repairs.at == [start + n * EVERY for n in range(4)]
    assert acts() == []


def test_only_one_chain_of_beats_lives(repairs):
    heartbeat.start_late_sweeps(now=clock.now())
    assert heartbeat.start_late_sweeps(now=clock.now()) == []
    pass_time(1)
    token = Heartbeat.objects.get().token
    heartbeat.beat.enqueue("test", "another token")
    pass_time(1)
    assert Heartbeat.objects.get().token == token
    pass_time(30)
    assert len(repairs.at) == 4


def test_a_stopped_sweep_is_late_after_three_intervals_and_then_restarted(repairs):
    heartbeat.start_late_sweeps(now=clock.now())
    pass_time(1)
    virtual_queue.forget_all()  # the worker died with the next beat
    pass_time(28)
    assert heartbeat.late_sweeps(now=clock.now()) == []
    pass_time(1)
    assert heartbeat.start_late_sweeps(now=clock.now()) == ["test"]
    assert acts() == ["sweep.restarted"]
    before = len(repairs.at)
    pass_time(20)
    assert len(repairs.at) == before + 3


def test_sweeps_watch_each_other(repairs):
    other = Repairs()
    heartbeat.declare_sweep("other", every=2 * EVERY, repair=other)
    heartbeat.start_late_sweeps(now=clock.now())
    pass_time(1)
    Heartbeat.objects.filter(name="other").update(token="lost")
    stopped_at = len(other.at)
    pass_time(58)
    assert len(other.at) == stopped_at
    pass_time(12)
    assert len(other.at) > stopped_at
    assert "sweep.restarted" in acts()


def test_a_failing_sweep_is_journalled_and_beats_on(repairs, caplog):
    repairs.fails = True
    heartbeat.start_late_sweeps(now=clock.now())
    pass_time(1)
    assert Heartbeat.objects.get().failed
    assert acts() == ["sweep.failed"]
    assert "ZeroDivisionError" in JournalEntry.objects.get().detail
    assert "broken sweep" in caplog.text
    repairs.fails = False
    pass_time(10)
    assert len(repairs.at) == 2
    assert not Heartbeat.objects.get().failed


def test_what_a_failing_sweep_had_written_is_undone(repairs, caplog):
    def half(now):
        Heartbeat.objects.filter(name="test").update(repaired=77)
        raise ZeroDivisionError

    heartbeat.declare_sweep("test", every=EVERY, repair=half)
    heartbeat.start_late_sweeps(now=clock.now())
    pass_time(1)
    assert Heartbeat.objects.get().repaired == 0


def test_repairs_are_counted(repairs):
    repairs.finds = 3
    heartbeat.start_late_sweeps(now=clock.now())
    pass_time(15)
    assert Heartbeat.objects.get().repaired == 6


def test_every_room_with_background_work_has_a_sweep():
    assert {sweep.name for sweep in heartbeat.declared_sweeps()} == {
        "journal",
        "queue",
        "registry",
        "monitoring",
        "stations",
        "neighbours",
        "readings",
        "derived",
        "warning",
        "drafts",
        "communication_tests",
        "upper_warnings",
        "command",
        "relief",
        "assessment",
    }
