from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Max

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.retention import days_between
from anlan.monitoring.core.soil import BEIJING
from anlan.monitoring.data import DOUBTFUL_FROM, Protocol, Quality
from anlan.monitoring.models import Station, StationMonth

MOST_DAYS = 40  # looked back at once after a standstill

_INTERVAL = {
    "postgresql": "floor(extract(epoch FROM r.observed_at) / (s.interval_min * 60))",
    "sqlite": "CAST(strftime('%%s', r.observed_at) AS INTEGER) / (s.interval_min * 60)",
}
_COUNT = """
SELECT r.station_id, COUNT(DISTINCT {interval}),
       COUNT(DISTINCT CASE WHEN r.quality = %s THEN {interval} END),
       COUNT(DISTINCT CASE WHEN r.quality >= %s THEN {interval} END)
FROM monitoring_reading r JOIN monitoring_station s ON s.id = r.station_id
WHERE r.observed_at > %s AND r.observed_at <= %s
GROUP BY r.station_id
"""


@transaction.atomic
def count_availability(*, by: Actor, now: datetime) -> int:
    """Count the reports of every day that is over and not yet counted; return how many days."""
    yesterday = now.astimezone(BEIJING).date() - timedelta(days=1)
    last = StationMonth.objects.aggregate(last=Max("counted_to"))["last"]
    days = days_between(last + timedelta(days=1) if last else yesterday, yesterday)[-MOST_DAYS:]
    for day in days:
        _count_day(day)
    if days:
        journal.record(
            "availability.counted",
            by=by,
            now=now,
            detail={"from": days[0].isoformat(), "to": days[-1].isoformat()},
        )
    return len(days)


def _count_day(day: date) -> None:
    counts = _counts_of(day)
    month = day.replace(day=1)
    stations = Station.objects.filter(is_active=True).exclude(
        protocol__in=[Protocol.HAND, Protocol.DERIVED]
    )
    rows = dict(StationMonth.objects.filter(month=month).values_list("station_id", "pk"))
    # A station counts from the first day on which it was heard: before, nobody expected it.
    heard = set(StationMonth.objects.values_list("station_id", flat=True)) | counts.keys()
    fresh = []
    for station, interval_min in stations.filter(pk__in=heard).values_list("pk", "interval_min"):
        expected = max(1440 // interval_min, 1)
        received, late, doubtful = counts.get(station, (0, 0, 0))
        received = min(received, expected)
        if station in rows:
            StationMonth.objects.filter(pk=rows[station], counted_to__lt=day).update(
                expected=F("expected") + expected,
                received=F("received") + received,
                late=F("late") + late,
                doubtful=F("doubtful") + doubtful,
                counted_to=day,
            )
        else:
            fresh.append(
                StationMonth(
                    station_id=station,
                    month=month,
                    expected=expected,
                    received=received,
                    late=late,
                    doubtful=doubtful,
                    counted_to=day,
                )
            )
    StationMonth.objects.bulk_create(fresh)


def _counts_of(day: date) -> dict[int, tuple[int, int, int]]:
    """Return intervals with a reading, with a late one and with a doubtful one, by station."""
    start = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    adapt = connection.ops.adapt_datetimefield_value
    sql = _COUNT.format(interval=_INTERVAL[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [int(Quality.LATE), DOUBTFUL_FROM, adapt(start), adapt(start + timedelta(days=1))],
        )
        return {station: (came, late, odd) for station, came, late, odd in cursor.fetchall()}
