from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Sum

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.neighbours import unlike
from anlan.monitoring.data import EXCLUDED_FROM, Quality
from anlan.monitoring.elements import RAIN
from anlan.monitoring.models import Reading, Station

HOUR = timedelta(hours=1)


@transaction.atomic
def compare_neighbours(hour: datetime, *, by: Actor, now: datetime) -> int:
    """Hold the rain of the hour that ends at `hour` against that of neighbouring gauges.

    What is unlike is marked doubtful and still counts, for a cloudburst over one valley is real;
    people see the mark and can strike the readings out. Returns how many gauges were marked. Done
    again it marks nothing twice.
    """
    rows = Reading.objects.filter(
        element=RAIN, observed_at__gt=hour - HOUR, observed_at__lte=hour, quality__lt=EXCLUDED_FROM
    )
    sums = dict(rows.values_list("station_id").annotate(total=Sum("value")))
    places = list(
        Station.objects.filter(pk__in=sums).order_by("pk").values_list("pk", "lon", "lat")
    )
    if not places:
        return 0
    stations, lon, lat = (np.array(column) for column in zip(*places, strict=True))
    rain = np.array([sums[station] for station in stations.tolist()], dtype=np.float64)
    marked = []
    for station in stations[unlike(rain, lon=lon, lat=lat)].tolist():
        fresh = rows.filter(station_id=station, quality__in=[Quality.GOOD, Quality.LATE])
        if fresh.update(quality=Quality.NEIGHBOUR):
            marked.append(station)
    homes = dict(Station.objects.filter(pk__in=marked).values_list("pk", "division_id"))
    journal.record_all(
        (
            journal.Note(
                act="rain.doubted",
                subject=f"station:{station}",
                division_code=homes[station],
                detail={"hour": hour.isoformat(), "mm": round(float(sums[station]), 1)},
            )
            for station in marked
        ),
        by=by,
        now=now,
    )
    return len(marked)
