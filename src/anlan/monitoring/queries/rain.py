"""Reads of stored rain for reports."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from anlan.monitoring.core.rings import SLOT_S
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.elements import RAIN
from anlan.monitoring.models import Reading, StationCover
from anlan.registry.data import Hazard


def peak_rain_times(*, start: datetime, end: datetime, hours: int) -> Mapping[str, datetime]:
    """Return for each village the end of the wettest run of `hours` at its rain gauge.

    Between `start` and `end`; a village whose gauge measured no rain is left out.
    """
    slots = int((end - start).total_seconds()) // SLOT_S + 1
    stations = dict(
        StationCover.objects.filter(hazard=Hazard.RAINSTORM).values_list(
            "division_id", "station_id"
        )
    )
    number = {station: row for row, station in enumerate(sorted(set(stations.values())))}
    rain = np.zeros((len(number), slots))
    rows = Reading.objects.filter(
        station_id__in=number,
        element=RAIN,
        observed_at__range=(start, end),
        quality__lt=EXCLUDED_FROM,
    ).values_list("station_id", "observed_at", "value")
    for station, at, value in rows.iterator(5_000):
        rain[number[station], int((at - start).total_seconds()) // SLOT_S] = value
    width = hours * 3600 // SLOT_S
    running = np.cumsum(np.pad(rain, ((0, 0), (width, 0))), axis=1)
    sums = running[:, width:] - running[:, :-width]
    peaks = sums.argmax(axis=1)
    return {
        village: start + timedelta(seconds=int(peaks[number[station]]) * SLOT_S)
        for village, station in stations.items()
        if sums[number[station], peaks[number[station]]] > 0
    }
