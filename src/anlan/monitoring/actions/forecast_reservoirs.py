import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions.ingest_columns import ingest_columns
from anlan.monitoring.core.columns import Columns, Floats, columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.pool_levels import levels_in_steps
from anlan.monitoring.data import StationKind
from anlan.monitoring.elements import FORECAST_LEVEL, LEVEL, LEVEL_ABOVE
from anlan.monitoring.models import LatestReading, Station
from anlan.monitoring.store.history import history
from anlan.registry.api import reservoir_figures
from anlan.registry.data import ReservoirFigures
from anlan.science.reservoir import forecast_pool, weir_outflow_m3s

log = logging.getLogger(__name__)
AHEAD_H = 6.0
EVERY = timedelta(minutes=15)
SELDOM = timedelta(hours=1)  # for a pool that stands well under its flood-season limit
NEAR_M = 1.0
STALE = timedelta(hours=2)  # a level older than this tells nothing of the hours to come
LOOKED_BACK = timedelta(hours=3)
STEP_S = 900
HEADS = 40  # rows of the table over the spillway's crest, where the outflow is no straight line

Row = tuple[int, int, int, float]


@transaction.atomic
def forecast_reservoirs(*, by: Actor, now: datetime) -> int:
    """Store the highest level of the next six hours of every reservoir that has a new level.

    Returns of how many. The pool is routed through its storage curve and spillway, with the inflow
    of the last hour going on; a forecast stands under the instant of the level that it was made
    from. A reservoir without figures, with a level that is hours old, or with a forecast less than
    a quarter of an hour old (an hour well under its limit) is left out.
    """
    figures = {each.place_id: each for each in reservoir_figures()}
    stations = dict(
        Station.objects.filter(
            kind=StationKind.RESERVOIR, is_active=True, place_id__in=figures
        ).values_list("pk", "place_id")
    )
    due = _due(stations, figures, now=now)
    if not due:
        return 0
    first = min(at for _element, at in due.values()) - LOOKED_BACK
    elements = sorted({element for element, _at in due.values()})
    rows = history(list(due), elements, start=first, end=now + timedelta(seconds=1))
    forecasts = [
        row
        for station, (element, at) in due.items()
        for row in _forecast(figures[stations[station]], rows, station, element, at)
    ]
    return ingest_columns(columns_of(forecasts), by=by, now=now).stored


def _due(
    stations: Mapping[int, int], figures: Mapping[int, ReservoirFigures], *, now: datetime
) -> dict[int, tuple[int, datetime]]:
    """Return the stations to forecast, with the element of their level and when it was measured."""
    latest: dict[int, dict[int, tuple[datetime, float]]] = {}
    for station, element, at, value in LatestReading.objects.filter(
        station_id__in=stations,
        element__in=(LEVEL, LEVEL_ABOVE, FORECAST_LEVEL),
        observed_at__gt=now - STALE,
    ).values_list("station_id", "element", "observed_at", "value"):
        latest.setdefault(station, {})[element] = (at, value)
    found = {}
    for station, ones in latest.items():
        forecast = ones.pop(FORECAST_LEVEL, None)
        if not ones:
            continue
        element = max(ones, key=lambda each: (ones[each][0], each))
        at, level = ones[element]
        near = figures[stations[station]].flood_limit_level_m - NEAR_M
        if forecast is None or at >= forecast[0] + _wait(max(level, forecast[1]), near=near):
            found[station] = (element, at)
    return found


def _wait(level_m: float, *, near: float) -> timedelta:
    return EVERY if level_m >= near else SELDOM


def _forecast(
    reservoir: ReservoirFigures, rows: Columns, station: int, element: int, at: datetime
) -> Iterator[Row]:
    mine = rows.at((rows.stations == station) & (rows.elements == element))
    levels, storage, outflow = _table(reservoir)
    try:
        found = forecast_pool(
            levels_in_steps(mine, end_us=micros_of(at), step_s=STEP_S, span=LOOKED_BACK),
            levels_m=levels,
            storage_m3=storage,
            outflow_m3s=outflow,
            dt_s=STEP_S,
            hours=AHEAD_H,
        )
    except ValueError as error:
        log.warning("no forecast for the reservoir %s: %s", reservoir.place_id, error)
        return
    yield station, FORECAST_LEVEL, micros_of(at), round(float(found.level_m.max()), 3)


@lru_cache(maxsize=2_000)
def _table(reservoir: ReservoirFigures) -> tuple[Floats, Floats, Floats]:
    """Return levels, storage and outflow, closely spaced over the crest of the spillway."""
    known, stored = (np.array(column) for column in zip(*reservoir.storage_curve, strict=True))
    crest, top = reservoir.spillway_crest_m, float(known[-1])
    heads = np.linspace(crest, top, HEADS) if known[0] < crest < top else known
    levels = np.union1d(known, heads) if np.all(np.diff(known) > 0) else known
    outflow = weir_outflow_m3s(levels, crest_m=crest, width_m=reservoir.spillway_width_m)
    return levels, np.interp(levels, known, stored), outflow
