"""What comes late, twice, struck out or to another worker is judged as if it had come in time."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring import evaluation
from anlan.monitoring.actions import judge_exceedances as judging
from anlan.monitoring.api import forget_windows, ingest_columns, judge_exceedances
from anlan.monitoring.core.columns import columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import Quality
from anlan.monitoring.elements import DAILY_RAIN, RAIN
from anlan.monitoring.models import CriticalRain, Exceedance, Reading
from anlan.monitoring.store.batches import append_batch
from anlan.registry.data import Colour, Hazard
from tests.cast import LONG_AGO, SLOPE
from tests.rooms.monitoring.rules import HOUR, drafted, put_live, text
from tests.weather import go_to, idle, receive, report

BY = the_program("tests")
FIVE = timedelta(minutes=5)


def judge():
    return judge_exceedances(by=BY, now=clock.now())


def came(station, *rows):
    """Let rain come that was measured so many minutes ago, and judge it."""
    now = clock.now()
    receive(*(report(station, at=now - timedelta(minutes=ago), PN05=value) for ago, value in rows))
    judge()


def wait(minutes):
    for _step in range(minutes // 5):
        idle(FIVE)
        judge()


def found(hazard=Hazard.FLASH_FLOOD):
    rows = Exceedance.objects.filter(hazard=hazard).order_by("pk")
    return [(row.colour, row.ended_at is not None) for row in rows]


@pytest.fixture
def gauge(cast):
    return cast.stations["upper rain"]


def test_a_late_value_raises_at_the_later_moment_at_which_its_sum_was_over(gauge):
    start = clock.now()
    idle(timedelta(hours=2))
    came(gauge, (95, 15.0))
    assert found() == []
    came(gauge, (115, 10.0))  # the hour that ended 95 minutes ago held 25 mm
    row = Exceedance.objects.get()
    assert (row.colour, row.value) == (Colour.YELLOW, 25.0)
    assert row.observed_at == start + timedelta(minutes=25)
    assert row.started_at == clock.now()
    wait(65)
    assert found() == [(Colour.YELLOW, True)]


def test_a_crossing_that_was_raised_and_ended_is_not_raised_again(gauge):
    came(gauge, (0, 22.0))
    wait(130)
    assert found() == [(Colour.YELLOW, True)]
    came(gauge, (125, 0.0))
    came(gauge, (127, 1.0))
    assert found() == [(Colour.YELLOW, True)]


def test_it_is_when_it_was_worse_than_what_was_raised(gauge):
    came(gauge, (0, 22.0))
    wait(130)
    came(gauge, (125, 9.0))
    assert found() == [(Colour.YELLOW, True), (Colour.ORANGE, False)]


def test_what_was_over_shortly_before_a_crossing_belongs_to_it(gauge):
    came(gauge, (0, 22.0))
    wait(130)
    came(gauge, (190, 20.0))
    assert found() == [(Colour.YELLOW, True)]


def test_what_is_older_than_three_days_raises_nothing(gauge):
    came(gauge, (0, 0.0), (73 * 60, 60.0))
    assert found() == []


def struck_out(gauge, minutes, value):
    """Strike a reading out as a person does: its quality changes and a batch says so."""
    at = clock.now() - timedelta(minutes=minutes)
    Reading.objects.filter(station=gauge, observed_at=at).update(quality=Quality.REJECTED)
    rows = columns_of([(gauge.pk, RAIN, micros_of(at), value)])
    append_batch(rows.marked(rows.quality + Quality.REJECTED), frames=0, now=clock.now())


@pytest.mark.parametrize("restarts", [False, True])
def test_what_a_person_strikes_out_is_in_no_sum_any_more(gauge, restarts):
    came(gauge, (5, 18.0), (0, 12.0))
    assert found() == [(Colour.ORANGE, False)]
    struck_out(gauge, 5, 18.0)
    if restarts:
        forget_windows()
    judge()
    assert Exceedance.objects.get().below_since == clock.now()
    came(gauge, (0, 12.0))
    wait(5)
    came(gauge, (0, 7.0))
    assert found() == [(Colour.ORANGE, False)]  # 19 mm, and 9 tenths of yellow are 18
    assert Exceedance.objects.get().below_since is None


def test_a_worker_takes_in_what_another_has_judged(gauge):
    came(gauge, (0, 8.0))
    other = evaluation.Memory(cursor=evaluation.cursor_row(now=clock.now()), now=clock.now())
    idle(FIVE)
    came(gauge, (0, 7.0))
    evaluation._memory[:] = [other]
    idle(FIVE)
    came(gauge, (0, 6.0))
    assert found() == [(Colour.YELLOW, False)]


def test_a_worker_that_comes_second_loses_nothing(gauge, monkeypatch):
    came(gauge, (0, 8.0))
    first = evaluation._memory[0]
    second = evaluation.Memory(cursor=evaluation.cursor_row(now=clock.now()), now=clock.now())
    idle(FIVE)
    receive(report(gauge, at=clock.now(), PN05=7.0))
    claim = judging._claim

    def beaten(*args, **options):
        monkeypatch.setattr(judging, "_claim", claim)
        evaluation._memory[:] = [first]
        judge()
        evaluation._memory[:] = [second]
        return claim(*args, **options)

    evaluation._memory[:] = [second]
    monkeypatch.setattr(judging, "_claim", beaten)
    judge()
    idle(FIVE)
    came(gauge, (0, 6.0))
    assert found() == [(Colour.YELLOW, False)]


def test_a_worker_that_is_far_behind_begins_anew(gauge, monkeypatch):
    monkeypatch.setattr(evaluation, "MOST_BATCHES", 2)
    came(gauge, (0, 1.0))
    other = evaluation.Memory(cursor=evaluation.cursor_row(now=clock.now()), now=clock.now())
    for value in (3.0, 3.0, 3.0, 3.0, 3.0):
        idle(FIVE)
        came(gauge, (0, value))
    evaluation._memory[:] = [other]
    idle(FIVE)
    came(gauge, (0, 4.0))
    assert found() == [(Colour.YELLOW, False)]


def test_a_rule_that_must_hold_for_minutes_holds_also_over_a_restart(cast, gauge):
    put_live(drafted(text(HOUR, for_min=20)))
    came(gauge, (0, 16.0))
    wait(15)
    forget_windows()
    assert found() == []
    wait(5)
    assert found() == [(Colour.YELLOW, False)]


def test_a_worker_that_slept_through_the_minutes_does_not_begin_to_count_anew(cast, gauge):
    put_live(drafted(text(HOUR, for_min=20)))
    idle(timedelta(minutes=25))
    receive(report(gauge, at=clock.now() - timedelta(minutes=25), PN05=16.0))
    judge()
    assert found() == [(Colour.YELLOW, False)]


def village_rain(**more):
    given = {
        "prepare_dry_mm": 16.0,
        "prepare_normal_mm": 12.0,
        "prepare_wet_mm": 8.0,
        "move_dry_mm": 19.0,
        "move_normal_mm": 17.0,
        "move_wet_mm": 15.0,
    }
    return CriticalRain.objects.create(
        division_id=SLOPE, window_min=60, source="tests", effective_from=LONG_AGO, **given, **more
    )


def test_a_villages_own_rain_warns_it_alone(gauge):
    row = village_rain()
    came(gauge, (0, 15.9))
    assert found() == []
    idle(FIVE)
    came(gauge, (0, 0.1))
    over = Exceedance.objects.get()
    assert (over.colour, over.village_id, over.critical_rain_id) == (Colour.ORANGE, SLOPE, row.pk)
    assert over.limit == 16.0


def daily(gauge, days, value):
    """Let a daily sum come, stamped at eight in the morning so many days ago."""
    eight = clock.now().replace(hour=8, minute=0) - timedelta(days=days)
    rows = columns_of([(gauge.pk, DAILY_RAIN, micros_of(eight), value)])
    ingest_columns(rows, by=BY, now=clock.now())


def test_its_limit_falls_as_soon_as_a_daily_sum_says_how_wet_the_soil_is(gauge):
    village_rain(soil_mm=100)
    came(gauge, (0, 9.0))
    assert found() == []
    daily(gauge, 0, 50.0)  # 0.84 * 50 + 9 = 51 of 100 mm: normal soil
    daily(gauge, 1, 50.0)  # and 0.84² * 50 more: wet
    judge()
    over = Exceedance.objects.get()
    assert over.village_id == SLOPE
    assert 8.0 <= over.limit < 9.0


def test_a_day_that_no_sum_tells_of_is_summed_up_here(gauge):
    village_rain(soil_mm=30)
    go_to(clock.now().replace(hour=23))
    came(gauge, *[(10 * number, 1.0) for number in range(1, 40)])  # 39 mm, not over in any hour
    assert found() == []
    go_to(clock.now() + timedelta(hours=10))  # nine the next morning
    forget_windows()
    came(gauge, (0, 8.5))
    assert [row.limit for row in Exceedance.objects.filter(village=SLOPE)] == [8.0]


arrivals = st.lists(
    st.tuples(st.sampled_from([0.0, 3.0, 9.0, 14.0, 25.0]), st.integers(0, 12)),
    min_size=1,
    max_size=16,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(arrivals)
def test_late_or_in_time_the_same_colours_are_raised(cast, arrivals):
    """Each value is measured a step after the one before and comes so many steps later."""
    steps = len(arrivals) + 13
    gauge = cast.stations["upper rain"]

    def worst(delays):
        sid = transaction.savepoint()
        forget_windows()
        with clock.use(clock.FixedClock(clock.now())) as moving:
            start = moving.at
            for now in range(steps):
                moving.advance(FIVE)
                frames = [
                    report(gauge, at=start + (step + 1) * FIVE, PN05=value)
                    for step, ((value, _late), late) in enumerate(
                        zip(arrivals, delays, strict=True)
                    )
                    if step + late == now
                ]
                if frames:
                    receive(*frames)
                judge()
            raised: dict[str, int] = {}
            for hazard, colour in Exceedance.objects.values_list("hazard", "colour"):
                raised[hazard] = max(raised.get(hazard, 0), colour)
        transaction.savepoint_rollback(sid)
        return raised

    assert worst([late for _value, late in arrivals]) == worst([0] * len(arrivals))
