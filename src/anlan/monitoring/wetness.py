"""The daily rain that the store holds, and how each county weakens it."""

from collections.abc import Sequence
from datetime import UTC, timedelta

import numpy as np

from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.core.columns import Floats, Ints
from anlan.monitoring.core.judging import moment_of
from anlan.monitoring.core.soil import DAYS, KEPT_SHARE, Soil
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.elements import DAILY_RAIN
from anlan.monitoring.models import Reading, SoilModel, Station

ONE_DAY = timedelta(days=1)


def soil_of(series: Sequence[tuple[int, int]], *, day_slot: int) -> Soil:
    """Return the daily rain before a rain day of each series' station, by its county's ways.

    A daily sum is stamped eight in the morning at the end of its day; one with another hour is
    the sum of a day that still goes on, and is left out.
    """
    stations = [station for station, _element in series]
    kept, days = soil_models(stations)
    daily = np.full((int(days.max(initial=1)), len(series)), np.nan)
    start = moment_of(day_slot).astimezone(UTC)
    places: dict[int, list[int]] = {}
    for place, station in enumerate(stations):
        places.setdefault(station, []).append(place)
    rows = Reading.objects.filter(
        station_id__in=places,
        element=DAILY_RAIN,
        observed_at__in=[start - ago * ONE_DAY for ago in range(len(daily))],
        quality__lt=EXCLUDED_FROM,
    ).values_list("station_id", "observed_at", "value")
    for station, at, value in rows.iterator(5_000):
        daily[(start - at) // ONE_DAY, places[station]] = value
    return Soil(daily_mm=daily, kept=kept, days=days)


def soil_models(stations: Sequence[int]) -> tuple[Floats, Ints]:
    """Return the share kept from day to day and the days that count, for each station's county."""
    models = {row.division_id: (row.kept_share, row.days) for row in SoilModel.objects.all()}
    homes = dict(Station.objects.filter(pk__in=stations).values_list("pk", "division_id"))
    found = [
        models.get(ancestor_of(homes[station], level=Level.COUNTY), (KEPT_SHARE, DAYS))
        if station in homes
        else (KEPT_SHARE, DAYS)
        for station in stations
    ]
    return np.array([x[0] for x in found]), np.array([x[1] for x in found], dtype=np.int64)
