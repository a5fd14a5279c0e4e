"""The storm over the BB district: a recorded hyetograph, moved, spread, and let run off.

How it is made, so that anyone can judge it:
- time: 72 hours of the record, from the hour before the rain, in its own hours of the day;
- space: a Gaussian ellipse crosses the district from south-west to north-east and lingers while
  the rain is heaviest; the south, being higher, gets more. At each hour the mean over the rain
  gauges is exactly the recorded basin mean;
- five minutes: a microcanonical cascade, drawn for each gauge, on top of a ramp from hour to hour;
  each gauge keeps its hourly sum exactly, and reports in steps of 0.1 mm with the rest carried on;
- water: each catchment's rain is that of its nearest gauges, weighted by inverse distance; loss and
  unit hydrograph are fitted to the recorded inflow and scaled by area; reservoirs are routed level
  by level through their spillway, sections get Manning's stage. Reservoirs do not feed sections.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from anlan.demo.hyetograph import (
    BASIN_KM2,
    INITIAL_LOSS_MM,
    NASH_K_H,
    NASH_N,
    RUNOFF_SHARE,
    recorded_storm,
)
from anlan.monitoring.data import StationKind, StationPoint
from anlan.registry.data import ReservoirFigures, SectionFigures
from anlan.science.channel import stage_m
from anlan.science.disaggregate import (
    CASCADE_DRAWS,
    cascade_weights,
    disaggregate_hourly,
    ramp_weights,
)
from anlan.science.geo import nearest, to_local_km
from anlan.science.reservoir import route_level_pool, weir_outflow_m3s
from anlan.science.runoff import catchment_flow_m3s, storage_constant_h
from anlan.science.storm_field import storm_weights

Floats = npt.NDArray[np.float64]

FIRST_HOUR = 26  # of the record: the hour before the rain begins
HOURS = 72
STEP = timedelta(minutes=5)
STEPS_PER_HOUR = 12
STEP_H = 1 / STEPS_PER_HOUR
STEP_S = 300.0

MAJOR_KM, MINOR_KM, AZIMUTH_DEG, FLOOR = 26.0, 13.0, 35.0, 0.35
SOUTHERN_LIFT = 0.5
BASE_FLOW_M3S_PER_KM2 = 0.012
NEAREST_GAUGES = 4
START_BELOW_LIMIT_M = 1.5


@dataclass(frozen=True)
class Storm:
    """What the instruments measure, every five minutes from `start` on, in the order of `stations`.

    `rain_mm` is the rain of the step that ends then, NaN where a station has no rain gauge;
    `level_m` the water level, NaN where it has none.
    """

    start: datetime
    stations: tuple[StationPoint, ...]
    rain_mm: Floats
    level_m: Floats

    def at(self, step: int) -> datetime:
        """Return the instant at which a step ends."""
        return self.start + (step + 1) * STEP


def make_storm(
    stations: Sequence[StationPoint],
    *,
    reservoirs: Sequence[ReservoirFigures],
    sections: Sequence[SectionFigures],
    start: datetime,
    seed: int,
) -> Storm:
    """Return the storm as these stations measure it; the same seed gives the same storm."""
    chance = np.random.default_rng(seed)
    points = np.array([[station.lon, station.lat] for station in stations])
    has_rain = np.array([station.kind != StationKind.RIVER for station in stations])
    gauges = points[has_rain]
    rain = np.full((len(stations), HOURS * STEPS_PER_HOUR), np.nan)
    rain[has_rain] = in_tenths(_gauge_rain(gauges, chance=chance))
    level = np.full_like(rain, np.nan)
    row_of = {station.place_id: row for row, station in enumerate(stations) if station.place_id}
    for reservoir in reservoirs:
        fallen = _areal(rain[has_rain], gauges=gauges, at=(reservoir.lon, reservoir.lat))
        level[row_of[reservoir.place_id]] = _pool_levels(reservoir, fallen)
    for section in sections:
        fallen = _areal(rain[has_rain], gauges=gauges, at=(section.lon, section.lat))
        level[row_of[section.place_id]] = _section_levels(section, fallen)
    return Storm(start=start, stations=tuple(stations), rain_mm=rain, level_m=level)


def in_tenths(rain_mm: Floats) -> Floats:
    """Return rain in whole tenths of a millimetre, what is left over carried to the next step."""
    tipped = np.floor(np.cumsum(rain_mm, axis=-1) * 10.0 + 1e-9)
    return np.asarray(np.diff(tipped, axis=-1, prepend=0.0) / 10.0, dtype=np.float64)


def gauge_hours(gauges: Floats) -> Floats:
    """Return the hourly rain of each gauge, shape (N, HOURS): the record times the field."""
    hourly = recorded_storm().rain_mm[FIRST_HOUR : FIRST_HOUR + HOURS]
    centre = gauges.mean(axis=0)
    local = to_local_km(gauges, origin=centre)
    x_km, y_km = local[:, 0], local[:, 1]
    reach = np.abs(local).max(axis=0)
    heaviest = float(hourly.argmax())
    track = np.array(
        [
            [0.0, -0.9 * reach[0], -0.9 * reach[1]],
            [heaviest - 4.0, -0.35 * reach[0], -0.4 * reach[1]],
            [heaviest + 6.0, 0.15 * reach[0], 0.0],
            [heaviest + 22.0, 0.4 * reach[0], 0.35 * reach[1]],
            [float(HOURS), 1.0 * reach[0], 0.9 * reach[1]],
        ]
    )
    south = (y_km.max() - y_km) / np.ptp(y_km)
    field = storm_weights(
        x_km,
        y_km,
        np.arange(HOURS) + 0.5,
        track=track,
        major_km=MAJOR_KM,
        minor_km=MINOR_KM,
        azimuth_deg=AZIMUTH_DEG,
        orographic=1.0 + SOUTHERN_LIFT * south,
        floor=FLOOR,
    )
    return np.asarray((hourly[:, np.newaxis] * field).T, dtype=np.float64)


def _gauge_rain(gauges: Floats, *, chance: np.random.Generator) -> Floats:
    hours = gauge_hours(gauges)
    rows = []
    for hourly in hours:
        draws = chance.uniform(1e-9, 1 - 1e-9, size=(HOURS, CASCADE_DRAWS))
        weights = cascade_weights(draws) * ramp_weights(hourly)
        rows.append(disaggregate_hourly(hourly, weights=weights))
    return np.array(rows)


def _areal(rain: Floats, *, gauges: Floats, at: tuple[float, float]) -> Floats:
    which, distance_km = nearest(np.array(at), candidates=gauges, count=NEAREST_GAUGES)
    weight = 1.0 / np.maximum(distance_km, 0.5) ** 2
    return np.asarray((weight / weight.sum()) @ rain[which], dtype=np.float64)


def _inflow(rain: Floats, *, area_km2: float) -> Floats:
    k_h = storage_constant_h(area_km2, reference_area_km2=BASIN_KM2, reference_k_h=NASH_K_H)
    return catchment_flow_m3s(
        rain,
        area_km2=area_km2,
        dt_h=STEP_H,
        n=NASH_N,
        k_h=k_h,
        initial_loss_mm=INITIAL_LOSS_MM,
        coefficient=RUNOFF_SHARE,
        base_flow_m3s=BASE_FLOW_M3S_PER_KM2 * area_km2,
    )


def _pool_levels(reservoir: ReservoirFigures, rain: Floats) -> Floats:
    inflow = _inflow(rain, area_km2=reservoir.catchment_km2)
    curve = np.array(reservoir.storage_curve, dtype=np.float64)
    levels = np.union1d(
        np.linspace(curve[0, 0], curve[-1, 0] + 5.0, 400), [reservoir.spillway_crest_m]
    )
    slope = (curve[-1, 1] - curve[-2, 1]) / (curve[-1, 0] - curve[-2, 0])
    over = np.maximum(levels - curve[-1, 0], 0.0)
    storage = np.interp(levels, curve[:, 0], curve[:, 1]) + over * slope
    outflow = weir_outflow_m3s(
        levels, crest_m=reservoir.spillway_crest_m, width_m=reservoir.spillway_width_m
    ) + np.where(levels > curve[0, 0], inflow[0], 0.0)
    routed = route_level_pool(
        inflow,
        levels_m=levels,
        storage_m3=storage,
        outflow_m3s=outflow,
        dt_s=STEP_S,
        start_level_m=max(reservoir.flood_limit_level_m - START_BELOW_LIMIT_M, curve[1, 0]),
    )
    return np.round(routed.level_m, 3)


def _section_levels(section: SectionFigures, rain: Floats) -> Floats:
    flow = _inflow(rain, area_km2=section.catchment_km2)
    stage = stage_m(
        flow,
        bottom_width_m=section.bed_width_m,
        side_slope=section.side_slope,
        bed_slope=section.bed_slope,
        roughness=section.roughness,
    )
    return np.round(section.zero_m + stage, 3)
