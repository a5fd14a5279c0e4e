from datetime import date, datetime, timedelta

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._deriving import claim_day
from anlan.monitoring.actions.ingest_columns import ingest_columns
from anlan.monitoring.core.columns import columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.soil import end_of_day
from anlan.monitoring.elements import DAILY_RAIN, RAIN
from anlan.monitoring.models import LatestReading, Reading
from anlan.monitoring.store.buckets import totals

NAME = "daily rain"


@transaction.atomic
def sum_daily_rain(day: date, *, by: Actor, now: datetime) -> int:
    """Store the rain of the rain day that ended at eight in the morning of a day, where none came.

    Returns for how many stations. A station that sends its daily rain itself keeps its own sum,
    and one that was silent all day gets none: nobody knows. A day is summed up once.
    """
    if not claim_day(NAME, day, now=now):
        return 0
    end = end_of_day(day)
    gauges = set(LatestReading.objects.filter(element=RAIN).values_list("station_id", flat=True))
    told = Reading.objects.filter(
        station_id__in=gauges, element=DAILY_RAIN, observed_at=end
    ).values_list("station_id", flat=True)
    start = end - timedelta(days=1)
    sums = totals(sorted(gauges - set(told)), RAIN, starts=[start], end=end)
    rows = [
        (station, DAILY_RAIN, micros_of(end), round(value, 3))
        for station, (value,) in sums.items()
        if value is not None
    ]
    done = ingest_columns(columns_of(rows), by=by, now=now)
    journal.record(
        "rain.summed_up",
        by=by,
        now=now,
        detail={"day": day.isoformat(), "stations": done.stored},
    )
    return done.stored
