"""An incident ends when everything is lifted and has stayed quiet."""

from datetime import timedelta

import pytest

from anlan.command.api import close_incident, complete_task, incident, incidents
from anlan.command.data import TaskState
from anlan.command.models import Activation, Incident, ResponseTask
from anlan.command.tasks import QUIET_BEFORE_CLOSING, sweep
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.registry.data import Colour
from anlan.registry.models import Division
from anlan.warning.api import issue_warnings, lift_warnings
from anlan.warning.models import HazardWarning
from tests.cast import COUNTY, cleared, crossed
from tests.weather import idle, pass_time

BY = the_program("test")
QUIET = QUIET_BEFORE_CLOSING / timedelta(minutes=1)


def warn(cast, **how):
    exceedance = crossed(cast, **how)
    issue_warnings([exceedance], by=BY, now=clock.now())
    pass_time(0)
    return exceedance


def lift(*exceedances):
    lift_warnings(cleared(*exceedances), by=BY, now=clock.now())
    pass_time(0)


def is_closed():
    return incident(incidents()[0].uuid).closed_at is not None


def test_a_warning_in_force_keeps_it_open(cast):
    warn(cast)
    assert not close_incident(incidents()[0].uuid, by=BY, now=clock.now())
    assert not is_closed()


def test_it_closes_after_the_quiet_time_with_all_that_belongs_to_it(cast):
    exceedance = warn(cast, colour=Colour.YELLOW)
    row = ResponseTask.objects.order_by("pk")[0]
    complete_task(str(row.uuid), by=BY, now=clock.now())
    lift(exceedance)
    pass_time(QUIET - 1)
    assert not is_closed()
    pass_time(1)
    assert incident(incidents()[0].uuid).closed_at == clock.now()
    assert not Activation.objects.filter(ended_at=None).exists()
    states = ResponseTask.objects.values_list("state", flat=True)
    assert sorted(states) == [TaskState.CANCELLED] * 3 + [TaskState.DONE]
    entry = JournalEntry.objects.get(act="incident.closed")
    assert '"tasks_dropped":3' in entry.detail


def test_it_waits_until_the_last_warning_is_lifted(cast):
    upper, lower = warn(cast), warn(cast, gauge="lower rain")
    lift(upper)
    pass_time(QUIET + 5)
    assert not is_closed()
    lift(lower)
    pass_time(QUIET)
    assert is_closed()


def test_new_rain_within_the_quiet_time_starts_it_anew(cast):
    lift(warn(cast))
    pass_time(QUIET - 60)
    second = warn(cast, gauge="lower rain")
    pass_time(20)
    lift(second)
    pass_time(60)  # the first look comes now, forty minutes after the second lifting
    assert not is_closed()
    pass_time(QUIET - 60)
    assert is_closed()
    assert Incident.objects.count() == 1


def test_closing_twice_changes_nothing(cast):
    lift(warn(cast))
    uuid = incidents()[0].uuid
    assert close_incident(uuid, by=BY, now=clock.now())
    assert not close_incident(uuid, by=BY, now=clock.now())
    assert JournalEntry.objects.filter(act="incident.closed").count() == 1


def test_the_next_storm_is_another_incident(cast):
    lift(warn(cast))
    pass_time(QUIET)
    warn(cast)
    assert [found.closed_at is None for found in incidents()] == [True, False]


def test_a_closing_that_got_lost_is_made_good_by_the_sweep(cast):
    lift(warn(cast))
    virtual_queue.forget_all()
    idle(QUIET_BEFORE_CLOSING)
    sweep(clock.now())
    assert not is_closed()
    idle(timedelta(minutes=5))
    assert sweep(clock.now()) == 1
    assert is_closed()


@pytest.fixture
def neighbour(cast):
    """Let another county have a warning in force."""
    county, town = "990702000000", "990702101000"
    for code, parent in ((county, None), (town, county)):
        Division.objects.create(
            code=code, parent_id=parent, kind="town", name="邻县", lon=107.0, lat=33.0
        )
    HazardWarning.objects.create(
        uuid="1" * 32,
        number="neighbour",
        division_id=town,
        hazard="flash_flood",
        colour=3,
        state="open",
        headline="h",
        text="t",
        crossed_at=clock.now(),
        issued_at=clock.now(),
    )


def test_a_neighbours_storm_does_not_keep_it_open(cast, neighbour):
    lift(warn(cast))
    pass_time(QUIET)
    own = [found for found in incidents() if found.division_code == COUNTY]
    assert [found.closed_at is not None for found in own] == [True]
