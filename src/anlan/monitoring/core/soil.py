"""How wet the soil is: the weakened rain of earlier days, by daily sums at eight in the morning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from anlan.monitoring.core.columns import Columns, Floats, Ints, Places, code_of
from anlan.monitoring.core.judging import slot_of
from anlan.monitoring.core.rings import SLOT_S, SLOTS_PER_HOUR

BEIJING: Final = ZoneInfo("Asia/Shanghai")
DAY_START: Final = time(8, 0)
DAY_SLOTS: Final = 24 * SLOTS_PER_HOUR
KEPT_SHARE: Final = 0.84
DAYS: Final = 15
"""Share of a day's rain that still counts a day later, and for how many days.

Common values are 0.80 to 0.84 and 7 to 15 days; a county calibrates its own.
"""


def day_start(moment: datetime) -> datetime:
    """Return when the rain day of a moment began: eight in the morning in Beijing."""
    local = moment.astimezone(BEIJING)
    start = datetime.combine(local.date(), DAY_START, tzinfo=BEIJING)
    return start - timedelta(days=1) if start > local else start


def end_of_day(day: date) -> datetime:
    """Return when the rain day that ends on a date does."""
    return datetime.combine(day, DAY_START, tzinfo=BEIJING)


def day_slot_of(moment: datetime) -> int:
    """Return the slot at which the rain day of a moment began."""
    return slot_of(day_start(moment))


@dataclass(frozen=True)
class Soil:
    """Daily rain of N series before a day, shape (days, N), the newest first, NaN where unknown.

    `kept` is the share that still counts a day later and `days` for how many, one a series.
    """

    daily_mm: Floats
    kept: Floats
    days: Ints

    def wetness_mm(self, recent_mm: Floats) -> Floats:
        """Return the effective rain of the days before, Σ kⁱ·Pᵢ, i from 1 to n, in mm.

        `recent_mm`, of shape (R, N), is what the newest days come to by their single readings: a
        sum that lacks what came late, or is not there, gives way to it. Another day without a sum
        counts as dry.
        """
        daily = self.daily_mm.copy()
        recent = daily[: len(recent_mm)]
        recent[:] = np.fmax(recent, recent_mm[: len(recent)])
        ago = np.arange(1, len(daily) + 1)[:, np.newaxis]
        weight = np.where(ago <= self.days, self.kept**ago, 0.0)
        return np.asarray((weight * np.nan_to_num(daily)).sum(axis=0))


def wetness_by_day(
    rows: Columns,
    *,
    sums: Columns,
    sums_element: int,
    series: Sequence[tuple[int, int]],
    kept: Floats,
    days: Ints,
    first: int,
    stop: int,
) -> dict[int, Floats]:
    """Return the effective rain of the days before each rain day that touches slots first to stop.

    By the slot at which the day begins. `rows` are the single readings of the series, from as many
    days before as count, and `sums` the daily sums of their stations under their element.
    """
    longest = int(days.max(initial=1))
    begin = first - first % DAY_SLOTS  # a day begins at midnight UTC, eight in Beijing
    count = longest + (stop - begin) // DAY_SLOTS + 1
    start = begin - longest * DAY_SLOTS
    single = _daily(rows, [code_of(*each) for each in series], start=start, count=count)
    told = _daily(sums, [code_of(x[0], sums_element) for x in series], start=start, count=count)
    daily = np.fmax(single, told)
    none = np.empty((0, len(series)))
    return {
        start + day * DAY_SLOTS: Soil(
            daily_mm=daily[day - longest : day][::-1], kept=kept, days=days
        ).wetness_mm(none)
        for day in range(longest, count)
    }


def _daily(rows: Columns, codes: Sequence[int], *, start: int, count: int) -> Floats:
    """Return what each series comes to in each rain day, shape (count, N), NaN without a row."""
    places = Places(codes)
    unique = len(places)
    place = places.find(rows.codes)
    day = (rows.micros // (SLOT_S * 1_000_000) - start - 1) // DAY_SLOTS
    mine = (place >= 0) & (day >= 0) & (day < count)
    cell = (day * unique + place)[mine]
    size = count * unique
    sums = np.bincount(cell, weights=rows.values[mine], minlength=size)
    heard = np.bincount(cell, minlength=size) > 0
    found = np.where(heard, sums, np.nan).reshape(count, unique)
    return np.asarray(found[:, places.find(np.array(codes, dtype=np.int64))])
