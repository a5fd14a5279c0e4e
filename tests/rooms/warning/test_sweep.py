"""The sweep of the warning room finds what got stuck, and leaves alone what did not."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import TaskFailed, virtual_queue
from anlan.registry.data import Colour, Hazard
from anlan.warning.api import issue_warnings, lift_warnings, open_warnings, villages_under
from anlan.warning.data import DeliveryState
from anlan.warning.models import Delivery, Summons
from anlan.warning.tasks.issuing import sweep
from tests.cast import cleared, crossed
from tests.weather import idle, pass_time

BY = the_program("test")


def look(minutes):
    """Let time pass with nobody working, sweep, and run what the sweep starts."""
    idle(timedelta(minutes=minutes))
    repaired = sweep(clock.now())
    pass_time(0)
    return repaired


def issue(cast, **how):
    exceedance = crossed(cast, **how)
    issue_warnings([exceedance], by=BY, now=clock.now())
    return exceedance


def repairs():
    return JournalEntry.objects.filter(act="warning.repaired").count()


def test_when_all_is_well_nothing_is_repaired(cast, phones):
    issue(cast)
    pass_time(1)
    before = len(phones.rings)
    assert sweep(clock.now()) == 0
    pass_time(6)
    assert sweep(clock.now()) == 0
    assert len(phones.rings) == before
    assert repairs() == 0


def test_a_lost_first_ring_is_made_good_soon(cast, phones):
    issue(cast)
    virtual_queue.forget_all()
    assert look(4) > 0
    assert len(phones.calls()) == Summons.objects.count()
    assert repairs() == 1


def test_a_lost_second_ring_is_made_good(cast, phones):
    issue(cast)
    pass_time(1)
    virtual_queue.forget_all()
    rung = len(phones.calls())
    assert look(12) > 0
    assert len(phones.calls()) == 2 * rung
    pass_time(60)
    rungs = Delivery.objects.filter(purpose="call").values_list("summons_id", "rung")
    assert len(rungs) == len(set(rungs)) == sum(len(s.ladder) for s in Summons.objects.all())


def test_a_message_stuck_on_its_way_is_sent_again(cast, phones):
    issue(cast)
    phones.broken = True
    with pytest.raises(TaskFailed):
        pass_time(0)
    virtual_queue.forget_all()
    phones.broken = False
    assert look(0.9) == 0
    assert look(2) > 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ACCEPTED}
    assert len(phones.calls()) == Summons.objects.count()


def test_a_crossing_that_nobody_was_warned_of_is_issued(cast):
    crossed(cast)
    assert look(0.9) == 0
    assert look(2) == 1
    assert len(open_warnings()) == 1
    assert look(5) == 0


def test_a_crossing_that_has_ended_again_is_not_issued(cast):
    cleared(crossed(cast))
    assert look(10) == 0
    assert open_warnings() == []


def test_a_rise_that_was_missed_is_issued(cast):
    issue(cast, colour=Colour.YELLOW)
    pass_time(1)
    crossed(cast, colour=Colour.RED)
    look(4)
    assert set(villages_under()[Hazard.FLASH_FLOOD].values()) == {Colour.RED}


def test_a_warning_whose_lifting_was_missed_is_lifted(cast):
    exceedance = issue(cast)
    pass_time(1)
    cleared(exceedance)
    virtual_queue.forget_all()
    look(4)
    assert open_warnings() == []


def test_lifting_early_and_sweeping_late_lifts_once(cast):
    exceedance = issue(cast)
    cleared(exceedance)
    lift_warnings([exceedance], by=BY, now=clock.now())
    pass_time(0)
    assert look(10) == 0
    assert JournalEntry.objects.filter(act="warning.lifted").count() == 1
