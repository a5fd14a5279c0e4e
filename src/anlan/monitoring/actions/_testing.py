"""One stretch of a back-test: the limits in season then, and what the store holds of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from anlan.monitoring.core.backtest import BackTest
from anlan.monitoring.core.columns import Columns, Floats, joined
from anlan.monitoring.core.judging import LimitTable, slot_of
from anlan.monitoring.core.rings import LONGEST, SLOT_S
from anlan.monitoring.core.soil import wetness_by_day
from anlan.monitoring.core.stretches import Stretch, stretches
from anlan.monitoring.elements import DAILY_RAIN
from anlan.monitoring.limiting import limits_from, version_rows
from anlan.monitoring.models import RuleVersion, Threshold
from anlan.monitoring.store.history import history
from anlan.monitoring.wetness import soil_models

LOOKED_BACK: Final = timedelta(seconds=LONGEST * SLOT_S) + timedelta(hours=1)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Walked:
    """What a stretch was made of."""

    readings: int
    stations: int


def stretches_of(version: RuleVersion, *, since: date, until: date) -> list[Stretch]:
    """Return the stretches of a test, both days included."""
    rows = Threshold.objects.filter(version=version).values_list("season_from", "season_until")
    return stretches(since, until, seasons=set(rows))


def walk_stretch(
    test: BackTest, version: RuleVersion, stretch: Stretch, *, now: datetime
) -> Walked:
    """Run a test over one stretch, up to the present at most; return what it was made of."""
    table = LimitTable(limits_from(version_rows(version.pk, day=stretch.day)))
    start, stop = (min(_begin(day), now) for day in (stretch.since, stretch.until))
    rows, sums = _rows(table, start=start, stop=stop)
    test.walk(
        table,
        rows,
        start=slot_of(start),
        stop=slot_of(stop),
        wetness=_wetness(table, rows, sums, start=start, stop=stop),
    )
    return Walked(readings=len(rows), stations=len({key.station_id for key in table.keys}))


def _begin(day: date) -> datetime:
    """Return the first instant of a day in the county's zone."""
    return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)


def _rows(table: LimitTable, *, start: datetime, stop: datetime) -> tuple[Columns, Columns]:
    """Return the readings of the stretch and of what it looks back on, and the daily sums."""
    back = LOOKED_BACK
    if table.needs_soil:
        back = max(back, timedelta(days=_soil_days(table) + 2))
    amounts = _asked(table.sum_rows)
    values = _asked(table.value_rows)
    parts = [
        history(stations, [element], start=start - back, end=stop, without_zeros=True)
        for element, stations in amounts
    ]
    parts += [
        history(stations, [element], start=start - LOOKED_BACK, end=stop)
        for element, stations in values
    ]
    if not table.needs_soil:
        return joined(parts), joined([])
    stations = {station for station, _element in table.sum_rows}
    return joined(parts), history(stations, [DAILY_RAIN], start=start - back, end=stop + ONE_DAY)


def _asked(series: Collection[tuple[int, int]]) -> Iterator[tuple[int, set[int]]]:
    """Yield each element with the stations that are asked for it."""
    by_element: dict[int, set[int]] = {}
    for station, element in series:
        by_element.setdefault(element, set()).add(station)
    yield from sorted(by_element.items())


def _wetness(
    table: LimitTable, rows: Columns, sums: Columns, *, start: datetime, stop: datetime
) -> Mapping[int, Floats]:
    if not table.needs_soil:
        return {}
    series = list(table.sum_rows)
    kept, days = soil_models([station for station, _element in series])
    return wetness_by_day(
        rows,
        sums=sums,
        sums_element=DAILY_RAIN,
        series=series,
        kept=kept,
        days=days,
        first=slot_of(start),
        stop=slot_of(stop),
    )


def _soil_days(table: LimitTable) -> int:
    _kept, days = soil_models([station for station, _element in table.sum_rows])
    return int(days.max(initial=1))
