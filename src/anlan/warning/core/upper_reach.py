"""Which of a county's places an area of a message touches: by codes, by shapes, by names."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

import numpy as np
import shapely

from anlan.kernel.codes import CODE_DIGITS, Level, ancestor_of, level_of, prefix_of
from anlan.warning.data import Reach
from anlan.warning.gateways.cap.values import Area, Circle, Polygon

KM_PER_DEG_LAT: Final = 110.57
KM_PER_DEG_LON: Final = 111.32
# How far the land of a village reaches that has no outline in the register: a design value; a
# hill village of 20 km² is a circle of 2.5 km.
VILLAGE_RADIUS_KM: Final = 3.0
# A ring with more corners, or one that crosses itself, counts with all that it encloses.
MOST_CORNERS: Final = 5_000
_CODE_LENGTHS: Final = (6, 9, CODE_DIGITS)
_PROVINCES: Final = range(11, 83)  # GB/T 2260


@dataclass(frozen=True)
class Ground:
    """A division on the map: its centre, and its outline as the register keeps it."""

    code: str
    lon: float
    lat: float
    outline: Any


@dataclass(frozen=True)
class Touched:
    """Whether a message is about a county, and the divisions that it touches there."""

    reach: Reach
    codes: tuple[str, ...]


def division_codes(area: Area, *, county: str) -> list[str]:
    """Return the division codes that an area names, as 12 digits: of China or of our province."""
    values = [geocode.value for geocode in area.geocodes]
    words = [word for value in values for word in value.replace(",", " ").split()]
    return [
        word.ljust(CODE_DIGITS, "0")
        for word in words
        if len(word) in _CODE_LENGTHS and word.isascii() and word.isdigit()
        if int(word[:2]) in _PROVINCES or word[:2] == county[:2]
    ]


def has_shapes(areas: Iterable[Area]) -> bool:
    """Tell whether an area is drawn."""
    return any(area.polygons or area.circles for area in areas)


def touched_by(
    areas: Sequence[Area],
    *,
    county: str,
    known: Collection[str],
    names: Mapping[str, str],
    grounds: Sequence[Ground],
) -> Touched:
    """Return what the areas of a message touch in a county.

    `known` are the codes that the register holds, of those that the areas name; `names` those of
    the county and its towns; `grounds` its divisions on the map. Where an area cannot be located
    the whole county counts, and the reach says that nobody knows.
    """
    codes: set[str] = set()
    is_open = not areas
    for area in areas:
        named, drawn = division_codes(area, county=county), bool(area.polygons or area.circles)
        codes |= {_within(code, county=county, known=known) for code in named} - {""}
        if drawn and grounds:
            codes |= _by_shape(area, grounds=grounds)
        if not named and not (drawn and grounds):
            told = {code for code, name in names.items() if name and name in area.description}
            codes |= told
            is_open = is_open or not told
    if codes:
        return Touched(Reach.HERE, _widest(codes))
    if is_open:
        return Touched(Reach.UNKNOWN, (county,))
    return Touched(Reach.ELSEWHERE, ())


def _within(code: str, *, county: str, known: Collection[str]) -> str:
    """Return the division of the county that a code means, or nothing."""
    if prefix_of(county).startswith(prefix_of(code)):
        return county
    if not code.startswith(prefix_of(county)):
        return ""
    for level in (Level.VILLAGE, Level.TOWN):
        found = ancestor_of(code, level=level)
        if found in known:
            return found
    return county


def _widest(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes without those that lie in another one."""
    kept: list[str] = []
    for code in sorted(codes, key=lambda each: (level_of(each), each)):
        if not any(code.startswith(prefix_of(above)) for above in kept):
            kept.append(code)
    return tuple(sorted(kept))


def _by_shape(area: Area, *, grounds: Sequence[Ground]) -> set[str]:
    """Return the divisions that a drawn area touches: villages, and towns all of whose are."""
    flat = _Plane(lat=float(np.median([ground.lat for ground in grounds])))
    drawn = [flat.polygon(ring) for ring in area.polygons]
    drawn += [flat.circle(circle) for circle in area.circles]
    whole = shapely.union_all([each for each in drawn if not each.is_empty])
    shapely.prepare(whole)
    leaves = _leaves(grounds)
    touched = {ground.code for ground in leaves if shapely.intersects(whole, flat.ground(ground))}
    return _gathered(touched, all_codes={ground.code for ground in leaves})


def _leaves(grounds: Sequence[Ground]) -> list[Ground]:
    """Return the divisions below which no other is on the map."""
    above = {ancestor_of(g.code, level=level) for g in grounds for level in _above(g.code)}
    return [ground for ground in grounds if ground.code not in above]


def _above(code: str) -> list[Level]:
    return [level for level in (Level.COUNTY, Level.TOWN) if level < level_of(code)]


def _gathered(touched: set[str], *, all_codes: set[str]) -> set[str]:
    """Return the codes with a division in the place of its parts when all of them are there."""
    found = set(touched)
    for level in (Level.TOWN, Level.COUNTY):
        parts: dict[str, set[str]] = defaultdict(set)
        for code in all_codes:
            if level_of(code) > level:
                parts[ancestor_of(code, level=level)].add(code)
        for whole, codes in parts.items():
            if codes <= touched:
                found = found - codes | {whole}
    return found


class _Plane:
    """The map as a plane in km, true to scale at one latitude."""

    def __init__(self, *, lat: float) -> None:
        self.scale = np.array([cos(radians(lat)) * KM_PER_DEG_LON, KM_PER_DEG_LAT])

    def polygon(self, ring: Polygon) -> Any:
        """Return a ring of the message; its hull when it is too long or crosses itself."""
        shape = shapely.Polygon(np.asarray(ring)[:, ::-1] * self.scale)
        if len(ring) > MOST_CORNERS or not shape.is_valid:
            return shapely.convex_hull(shape)
        return shape

    def circle(self, circle: Circle) -> Any:
        """Return a circle of the message, a point when it has no width."""
        centre = shapely.Point(np.array([circle.lon, circle.lat]) * self.scale)
        return shapely.buffer(centre, circle.radius_km) if circle.radius_km else centre

    def ground(self, ground: Ground) -> Any:
        """Return the land of a division: its outline, else a circle around its centre."""
        if not ground.outline:
            centre = shapely.Point(np.array([ground.lon, ground.lat]) * self.scale)
            return shapely.buffer(centre, VILLAGE_RADIUS_KM)
        return shapely.transform(_outline(ground.outline), lambda points: points * self.scale)


def _outline(kept: Any) -> Any:
    """Return the shape of an outline: GeoJSON, or rings of [lon, lat]."""
    if isinstance(kept, Mapping):
        return shapely.make_valid(shapely.from_geojson(json.dumps(kept)))
    rings = [kept] if isinstance(kept[0][0], (int, float)) else kept
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
