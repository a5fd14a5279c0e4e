"""What the duty officers hear besides warnings of their own: upper levels, macro anomalies."""

import uuid

import pytest

from anlan.kernel import clock
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.data import MacroKind, MacroState
from anlan.monitoring.models import MacroReport
from anlan.registry.data import PlaceKind
from anlan.registry.models import Place
from anlan.warning.tasks.telling import tell_of_anomalies
from tests.cast import SLOPE
from tests.gateway.cap_specimens import message
from tests.phones import exchange
from tests.upper_levels import add_source, receive


def told(kind):
    virtual_queue.run_until(clock.now())
    return [x.message for x in exchange.rings if x.message.reference.startswith(kind)]


def test_a_warning_of_an_upper_level_reaches_the_countys_duty_officers_once(cast):
    source = add_source()
    text = message()
    receive(text, source)
    receive(text, source)
    heard = told("upper:")
    assert {each.person_id for each in heard} == {
        cast.people["county officer"],
        cast.people["county second"],
    }
    assert len(heard) == 2
    assert all(each.text for each in heard)


@pytest.fixture
def report(cast):
    place = Place.objects.create(
        uuid=uuid.uuid4(),
        division_id=SLOPE,
        kind=PlaceKind.MACRO_STATION,
        code="M-1",
        name="坡下观测点",
        lon=107.0,
        lat=33.0,
    )
    return MacroReport.objects.create(
        uuid=uuid.uuid4(),
        place=place,
        day=clock.now().date(),
        kind=MacroKind.WATER,
        is_anomaly=True,
        description="井水发浑",
        reporter="tests",
        reported_at=clock.now(),
        state=MacroState.VERIFIED,
        judged_by="tests",
        judged_at=clock.now(),
    )


def test_a_verified_anomaly_reaches_the_countys_duty_officers(cast, report):
    tell_of_anomalies.enqueue(report_ids=[report.pk])
    first, _second = told("macro:")
    assert first.person_id == cast.people["county officer"]
    assert "坡下观测点" in first.text
    assert "井水发浑" in first.text


def test_one_that_is_not_verified_is_not_told(report):
    MacroReport.objects.update(state=MacroState.REPORTED, judged_by="", judged_at=None)
    tell_of_anomalies.enqueue(report_ids=[report.pk])
    assert told("macro:") == []
