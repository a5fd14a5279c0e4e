"""A cloudburst over the whole district: 313 villages are called, and nobody is left unasked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from anlan.command.models import ResponseTask
from anlan.demo.build import build_district
from anlan.kernel import clock, scope
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import forget_windows
from anlan.monitoring.models import Exceedance, StationCover, Threshold
from anlan.registry.data import Hazard
from anlan.warning.data import Purpose, SummonsState
from anlan.warning.models import Delivery, Summons
from anlan.warning.tasks.issuing import issue_for_exceedances
from tests.fixtures import QUEUE

EVENING = datetime(2026, 8, 3, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
VILLAGES = 313
# The whole ladder, and the way of whoever goes to knock.
LATEST = timedelta(minutes=120)


@pytest.fixture
def district(db: None, settings: Settings, everywhere: scope.Scope) -> Iterator[None]:
    """Build the district with its simulated people, on virtual time."""
    phone = "anlan.drills.phone.SimulatedPhone"
    settings.ANLAN_DRILL = True
    settings.ANLAN_CHANNELS = {"sms": phone, "voice": phone}
    settings.TASKS = QUEUE
    virtual_queue.forget_all()
    forget_windows()
    with clock.use(clock.FixedClock(EVENING)):
        build_district(now=EVENING)
        yield
    virtual_queue.forget_all()
    forget_windows()


def cloudburst() -> list[int]:
    """Let every rain gauge stand over its highest limits of rain and of mountain floods."""
    made = []
    for hazard in (Hazard.RAINSTORM, Hazard.FLASH_FLOOD):
        limit = Threshold.objects.filter(hazard=hazard).order_by("-colour", "pk")[0]
        covers = StationCover.objects.filter(hazard=hazard).order_by("station")
        for station in covers.values_list("station", flat=True).distinct():
            row = Exceedance.objects.create(
                station_id=station,
                threshold=limit,
                hazard=hazard,
                colour=limit.colour,
                value=2 * limit.value,
                limit=limit.value,
                started_at=clock.now(),
            )
            made.append(row.pk)
    return made


def test_of_all_villages_everybody_answers_or_somebody_goes_there(district: None) -> None:
    issue_for_exceedances.enqueue(cloudburst())
    virtual_queue.run_until(EVENING + LATEST)
    calls = Summons.objects.exclude(state=SummonsState.REPLACED)
    assert calls.values("division").distinct().count() == VILLAGES
    answered = calls.filter(answered_at__isnull=False)
    visited = ResponseTask.objects.filter(summons__isnull=False, state="done")
    silent = calls.filter(answered_at__isnull=True).exclude(pk__in=visited.values("summons"))
    assert not silent.exists(), list(silent[:5])
    assert calls.count() > 2 * VILLAGES
    minutes = [
        (row.answered_at - row.asked_at) / timedelta(minutes=1)
        for row in answered
        if row.answered_at is not None
    ]
    assert median(minutes) < 10
    assert max(minutes) <= LATEST / timedelta(minutes=1)
    rung = Delivery.objects.filter(purpose=Purpose.CALL).values_list("rung", flat=True)
    assert {"person", "retry", "deputy"} <= set(rung)
    assert calls.filter(state=SummonsState.TAKEN_OVER).exists()
    # Nearly everybody has told by then what they did; nobody is asked more than three times.
    reported = calls.filter(reported_at__isnull=False).count()
    assert reported / calls.count() > 0.9
