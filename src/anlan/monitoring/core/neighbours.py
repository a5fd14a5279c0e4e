"""Rain gauges held against their neighbours."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Likeness:
    """When a gauge's hour is unlike its neighbours'; a county that knows its hills sets its own.

    Neighbours stand within `within_km`, the nearest `most` of them, and at least `least` must have
    reported. A gauge is too wet when it shows at least `wet_mm` and more than `times` the most
    that any of them shows; it is too dry when it shows next to nothing (`dry_mm`) while half of
    them show at least `wet_mm`. Design values: a cloudburst over one valley is real, so what is
    marked still counts.
    """

    within_km: float = 15.0
    most: int = 6
    least: int = 3
    wet_mm: float = 10.0
    dry_mm: float = 0.2
    times: float = 10.0


DEFAULT = Likeness()


def unlike(
    rain_mm: Floats, *, lon: Floats, lat: Floats, likeness: Likeness = DEFAULT
) -> npt.NDArray[np.bool_]:
    """Return which of N gauges show an hour's rain unlike their neighbours'; NaN is no report."""
    count = rain_mm.size
    found = np.zeros(count, dtype=bool)
    if count <= likeness.least:
        return found
    near = _nearest(lon, lat, likeness=likeness)
    there = near >= 0
    around = np.where(there, rain_mm[near], np.nan)
    reported = np.isfinite(around)
    enough = (reported.sum(axis=1) >= likeness.least) & np.isfinite(rain_mm)
    highest = np.where(reported, around, -np.inf).max(axis=1)
    wet_share = (np.where(reported, around, 0.0) >= likeness.wet_mm).sum(axis=1)
    too_wet = (rain_mm >= likeness.wet_mm) & (rain_mm > likeness.times * highest)
    too_dry = (rain_mm <= likeness.dry_mm) & (2 * wet_share >= reported.sum(axis=1))
    found[enough] = (too_wet | too_dry)[enough]
    return found


def _nearest(lon: Floats, lat: Floats, *, likeness: Likeness) -> npt.NDArray[np.int64]:
    """Return the places of each gauge's neighbours within reach, -1 where there are none."""
    east = np.radians(lon) * np.cos(np.radians(lat.mean())) * EARTH_KM
    north = np.radians(lat) * EARTH_KM
    most = min(likeness.most, lon.size - 1)
    found = np.full((lon.size, most), -1, dtype=np.int64)
    # Row by row: a table of every pair would be large for a province.
    for row in range(lon.size):
        distance = np.hypot(east - east[row], north - north[row])
        distance[row] = np.inf
        order = np.argpartition(distance, most - 1)[:most]
        found[row] = np.where(distance[order] <= likeness.within_km, order, -1)
    return found
