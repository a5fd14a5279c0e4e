"""What is computed from readings as time goes on: daily rain, fire danger, levels to come."""

from datetime import date, datetime, timedelta

from anlan.kernel.actors import the_program
from anlan.monitoring.actions import rate_fire_danger as rating
from anlan.monitoring.actions import sum_daily_rain as summing
from anlan.monitoring.actions._deriving import days_left
from anlan.monitoring.actions.forecast_reservoirs import forecast_reservoirs
from anlan.monitoring.core.fire_day import end_of_fire_day
from anlan.monitoring.core.soil import BEIJING, DAYS, end_of_day
from anlan.monitoring.models import ReadingBatch
from anlan.monitoring.tasks import back_tests

DERIVE_EVERY = timedelta(minutes=5)
AFTER = timedelta(minutes=10)  # what was measured at the end of a day has come by then
MOST_FIRE_DAYS = 15


def derive(now: datetime) -> int:
    """Compute what is due, make up for missed days, and return how many were made up."""
    if not ReadingBatch.objects.exists():
        return back_tests.resume_tests(now)
    rainy = days_left(summing.NAME, last=_last_day(now), most=DAYS)
    for day in rainy:
        summing.sum_daily_rain(day, by=the_program("daily rain"), now=now)
    hot = days_left(rating.NAME, last=_last_fire_day(now), most=MOST_FIRE_DAYS)
    for day in hot:
        rating.rate_fire_danger(day, by=the_program("fire danger"), now=now)
    forecast_reservoirs(by=the_program("reservoir forecast"), now=now)
    return max(len(rainy) - 1, 0) + max(len(hot) - 1, 0) + back_tests.resume_tests(now)


def _last_day(now: datetime) -> date:
    """Return the last day of which the rain day has ended, and what it measured has come."""
    day = now.astimezone(BEIJING).date()
    return day if now >= end_of_day(day) + AFTER else day - timedelta(days=1)


def _last_fire_day(now: datetime) -> date:
    day = now.astimezone(BEIJING).date()
    return day if now >= end_of_fire_day(day) + AFTER else day - timedelta(days=1)
