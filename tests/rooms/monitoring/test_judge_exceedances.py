"""Gauges are held against limits: crossings rise, hold, end, and survive a restart."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.api import (
    crossings,
    forget_windows,
    judge_exceedances,
    standing_exceedances,
)
from anlan.monitoring.models import (
    EvaluationCursor,
    Exceedance,
    Reading,
    ReadingBatch,
    Threshold,
)
from anlan.monitoring.tasks.judging import sweep
from anlan.registry.data import Colour, Hazard
from tests.cast import ALONE, BANK, FORD, SLOPE, limit
from tests.weather import idle, rain, receive, report

BY = the_program("test")
FIVE = timedelta(minutes=5)


def judge():
    return judge_exceedances(by=BY, now=clock.now())


def fall(station, *values):
    """Let rain fall and be judged at each step, with nothing else of the chain running."""
    for value in values:
        idle(FIVE)
        receive(report(station, at=clock.now(), PN05=value))
        judge()


def stand(station, level):
    idle(FIVE)
    receive(report(station, at=clock.now(), Z=level))
    judge()


def found(hazard=Hazard.FLASH_FLOOD):
    rows = Exceedance.objects.filter(hazard=hazard).order_by("pk")
    return [(row.colour, row.ended_at is not None) for row in rows]


@pytest.fixture
def gauge(cast):
    return cast.stations["upper rain"]


def test_a_crossing_is_stored_journalled_and_told_upwards(gauge):
    fall(gauge, 10.0, 12.0)
    row = Exceedance.objects.get(hazard=Hazard.FLASH_FLOOD)
    assert (row.colour, row.value, row.started_at) == (Colour.YELLOW, 22.0, clock.now())
    assert standing_exceedances() == {row.pk}
    (crossing,) = crossings([row.pk])
    assert crossing.villages == (SLOPE, BANK, ALONE)
    assert (crossing.window_min, crossing.threshold) == (60, 20.0)
    assert crossing.station_name == "upper rain"
    entry = JournalEntry.objects.get(act="threshold.crossed")
    assert (entry.subject, entry.division_code) == (f"exceedance:{row.pk}", SLOPE)


def test_judging_again_changes_nothing(gauge):
    fall(gauge, 22.0)
    assert judge() == 0
    assert found() == [(Colour.YELLOW, False)]


def test_a_rise_ends_the_milder_one_and_follows_it(gauge):
    fall(gauge, 22.0, 10.0, 20.0)
    assert found() == [(Colour.YELLOW, True), (Colour.ORANGE, True), (Colour.RED, False)]
    yellow, orange, red = Exceedance.objects.filter(hazard=Hazard.FLASH_FLOOD).order_by("pk")
    assert (orange.follows_id, red.follows_id) == (yellow.pk, orange.pk)
    assert yellow.ended_at == orange.started_at


def test_each_hazard_stands_for_itself(gauge):
    fall(gauge, *[12.0] * 7)
    assert found(Hazard.GEOHAZARD) == [(Colour.YELLOW, True), (Colour.ORANGE, False)]
    assert found(Hazard.RAINSTORM) == [(Colour.BLUE, False)]


def test_it_ends_when_the_sum_has_stayed_low_for_an_hour(gauge):
    fall(gauge, 22.0)
    fall(gauge, *[0.0] * 12)  # the rain leaves the hour's window with the twelfth step
    assert found() == [(Colour.YELLOW, False)]
    assert Exceedance.objects.get().below_since == clock.now()
    fall(gauge, *[0.0] * 11)
    assert found() == [(Colour.YELLOW, False)]
    fall(gauge, 0.0)
    assert found() == [(Colour.YELLOW, True)]
    assert JournalEntry.objects.filter(act="threshold.cleared").count() == 1


def test_a_gauge_that_falls_silent_sinks_too(gauge):
    fall(gauge, 22.0)
    for _step in range(26):
        idle(FIVE)
        sweep(clock.now())
    assert found() == [(Colour.YELLOW, True)]


def test_rain_that_comes_back_within_the_hour_keeps_it(gauge):
    fall(gauge, 22.0, *[0.0] * 20, 19.0)
    assert found() == [(Colour.YELLOW, False)]
    assert Exceedance.objects.get().below_since is None


def test_a_level_over_its_limit_speaks_for_the_villages_by_the_river(cast):
    river = cast.stations["river"]
    stand(river, 101.9)
    assert found(Hazard.RIVER_FLOOD) == []
    stand(river, 103.0)
    assert found(Hazard.RIVER_FLOOD) == [(Colour.ORANGE, False)]
    assert crossings(standing_exceedances())[0].villages == (BANK, FORD)
    for _step in range(13):
        stand(river, 101.89)
    assert found(Hazard.RIVER_FLOOD) == [(Colour.ORANGE, True)]


def test_one_exceedance_a_station_and_hazard_stands_open(gauge):
    fall(gauge, 22.0)
    row = Exceedance.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Exceedance.objects.create(
            station=gauge,
            threshold_id=row.threshold_id,
            hazard=row.hazard,
            colour=Colour.RED,
            value=1.0,
            started_at=clock.now(),
        )


def test_what_was_set_aside_is_in_no_sum(gauge):
    idle(FIVE)
    now = clock.now()
    receive(
        report(gauge, at=now, PN05=2.0),
        report(gauge, at=now, PN05=30.0),  # another value for the same moment
        report(gauge, at=now + timedelta(hours=1), PN05=30.0),  # the future
        report(gauge, at=now, PN05=900.0),  # impossible
        report("0990709999", at=now, PN05=60.0),  # unknown
    )
    judge()
    assert found() == []


def told():
    """Tell every worker to read the limits anew, as an action that changes them does."""
    EvaluationCursor.objects.update(limits_turn=F("limits_turn") + 1)


def test_a_changed_limit_counts_at_once_when_told(gauge):
    fall(gauge, 10.0)
    limit(Hazard.FLASH_FLOOD, element="PN05", window_h=1, colour=Colour.BLUE, value=5.0)
    fall(gauge, 0.0)
    assert found() == []
    told()
    fall(gauge, 0.0)
    assert found() == [(Colour.BLUE, False)]


def test_a_limit_of_tomorrow_counts_from_midnight_on(gauge):
    new = limit(Hazard.FLASH_FLOOD, element="PN05", window_h=24, colour=Colour.BLUE, value=5.0)
    Threshold.objects.filter(pk=new.pk).update(effective_from=date(2024, 7, 16))
    fall(gauge, 10.0)
    told()
    fall(gauge, *[0.0] * 46)
    assert timezone.localtime(clock.now()).strftime("%H:%M") == "23:55"
    assert found() == []
    fall(gauge, 0.0)
    assert found() == [(Colour.BLUE, False)]


def test_the_newer_row_of_a_limit_takes_the_place_of_the_older(gauge):
    old = Threshold.objects.get(hazard=Hazard.FLASH_FLOOD, window_min=60, colour=Colour.YELLOW)
    Threshold.objects.create(
        hazard=old.hazard,
        element=old.element,
        window_min=60,
        colour=Colour.YELLOW,
        value=25.0,
        source="raised after last year's review",
        effective_from=date(2024, 1, 1),
    )
    fall(gauge, 22.0)
    assert found() == []
    fall(gauge, 4.0)
    assert found() == [(Colour.YELLOW, False)]


def test_a_silent_level_gauge_stands_where_it_stood_also_after_a_restart(cast):
    stand(cast.stations["river"], 103.5)
    idle(timedelta(hours=25))
    forget_windows()
    judge()
    idle(timedelta(hours=2))
    judge()
    assert found(Hazard.RIVER_FLOOD) == [(Colour.ORANGE, False)]


def test_another_gauge_registered_meanwhile_is_judged(cast, gauge):
    fall(gauge, 1.0)
    lower = cast.stations["lower rain"]
    lower.pk = None
    lower.address = "0990701009"
    lower.save()
    own = limit(
        Hazard.FLASH_FLOOD, element="PN05", window_h=1, colour=Colour.RED, value=1.0, station=lower
    )
    fall(lower, 5.0)
    assert Exceedance.objects.get().threshold_id == own.pk


def test_without_any_reading_the_sweep_does_nothing(cast):
    assert sweep(clock.now()) == 0


steps = st.lists(
    st.tuples(st.sampled_from([0.0, 0.0, 4.0, 12.0, 31.0]), st.booleans()), min_size=1, max_size=40
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_a_restart_at_any_moment_changes_no_crossing(cast, steps):
    def play(*, restarts):
        sid = transaction.savepoint()
        forget_windows()
        with clock.use(clock.FixedClock(clock.now())) as moving:
            for value, restart in steps:
                moving.advance(FIVE)
                receive(report(cast.stations["upper rain"], at=moving.at, PN05=value))
                if restarts and restart:
                    forget_windows()
                judge()
            rows = Exceedance.objects.order_by("hazard", "started_at", "colour").values_list(
                "hazard", "colour", "value", "started_at", "below_since", "ended_at"
            )
            seen = list(rows)
        transaction.savepoint_rollback(sid)
        return seen

    with_restarts, without = play(restarts=True), play(restarts=False)
    assert [row[:2] + row[3:] for row in with_restarts] == [row[:2] + row[3:] for row in without]
    assert [row[2] for row in with_restarts] == pytest.approx([row[2] for row in without])


def test_a_batch_judged_late_is_not_missed(gauge):
    idle(FIVE)
    receive(report(gauge, at=clock.now(), PN05=11.0))
    idle(FIVE)
    receive(report(gauge, at=clock.now(), PN05=12.0))
    judge()
    assert found() == [(Colour.YELLOW, False)]
    assert ReadingBatch.objects.count() == Reading.objects.count() == 2


def test_the_queue_does_the_same_by_itself(gauge):
    rain([gauge], steps=[22.0])
    assert found() == [(Colour.YELLOW, False)]
