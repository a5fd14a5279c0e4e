"""How wet the soil is: the weakened rain of earlier days, by daily sums at eight in the morning."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from anlan.monitoring.core.columns import Floats
from anlan.monitoring.core.judging import moment_of, slot_of
from anlan.monitoring.elements import DAILY_RAIN
from anlan.monitoring.models import Reading

BEIJING = ZoneInfo("Asia/Shanghai")
DAY_START = time(8, 0)
KEPT_SHARE = 0.84
DAYS = 15
"""Share of a day's rain that still counts a day later, and for how many days.

Common values are 0.80 to 0.84 and 7 to 15 days; a county calibrates its own.
"""


def day_slot_of(moment: datetime) -> int:
    """Return the slot at which the rain day of a moment began: eight in the morning in Beijing."""
    local = moment.astimezone(BEIJING)
    start = datetime.combine(local.date(), DAY_START, tzinfo=BEIJING)
    if start > local:
        start -= timedelta(days=1)
    return slot_of(start)


def earlier_rain(series: Sequence[tuple[int, int]], *, day_slot: int) -> Floats:
    """Return the effective rain of the days before the present one of each series, in mm.

    Σ kⁱ·Pᵢ, i from 1; a day without a sum counts as dry.
    """
    start = moment_of(day_slot).astimezone(UTC)
    found = np.zeros(len(series))
    places: dict[int, list[int]] = {}
    for place, (station, _element) in enumerate(series):
        places.setdefault(station, []).append(place)
    rows = Reading.objects.filter(
        element=DAILY_RAIN,
        observed_at__gt=start - timedelta(days=DAYS),
        observed_at__lte=start,
    ).values_list("station_id", "observed_at", "value")
    for station, at, value in rows.iterator(5_000):
        age = 1 + (start - at) // timedelta(days=1)
        for place in places.get(station, ()):
            found[place] += KEPT_SHARE**age * value
    return found
