"""Draw lines and areas of equal rain from the rain at gauges.

The rain between gauges is kriging with a linear variogram and a linear trend: exact at the
gauges, straight where the rain is a plane, and, unlike weights by distance, without a hill or a
hollow around each gauge. It needs no parameter that somebody would have to fit in a storm. Rain is
never less than 0 nor more than the most of any gauge.
Source: Cressie (1993), Statistics for Spatial Data, section 3.4.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from anlan.science.geo import to_local_km, to_lonlat

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

# Gauges closer than this share one place; their mean counts.
SAME_PLACE_KM = 0.001

# Places after the point of a degree in what is drawn: a metre.
DECIMALS = 5

# Which sides of a square a line enters and leaves by, the rain above the level on its left hand.
# Row: corners above the level, 1 south-west, 2 south-east, 4 north-east, 8 north-west, summed;
# 16 and 17 are 5 and 10 where the middle is above too. Sides: 0 south, 1 east, 2 north, 3 west.
_NONE = (-1, -1)
_CROSSINGS = np.array(
    [
        (_NONE, _NONE),
        ((0, 3), _NONE),
        ((1, 0), _NONE),
        ((1, 3), _NONE),
        ((2, 1), _NONE),
        ((0, 3), (2, 1)),
        ((2, 0), _NONE),
        ((2, 3), _NONE),
        ((3, 2), _NONE),
        ((0, 2), _NONE),
        ((1, 0), (3, 2)),
        ((1, 2), _NONE),
        ((3, 1), _NONE),
        ((0, 1), _NONE),
        ((3, 0), _NONE),
        (_NONE, _NONE),
        ((0, 1), (2, 3)),
        ((3, 0), (1, 2)),
    ]
)


class Isohyet(NamedTuple):
    """A level in mm, the lines where it falls, and the areas with that much or more.

    `lines` are the coordinates of a GeoJSON MultiLineString, `areas` those of a MultiPolygon, in
    longitude and latitude.
    """

    level_mm: float
    lines: list[list[list[float]]]
    areas: list[list[list[list[float]]]]


class RainField:
    """Rain at any point, from the rain at some."""

    def __init__(self, gauges: ArrayLike, *, rain_mm: ArrayLike) -> None:
        """Take the gauges' longitudes and latitudes (N, 2) and their rain (N,), NaN where missing.

        Raises ValueError for other shapes, negative or infinite rain, or when all are missing.
        The work grows with the cube of the gauges: a county's few hundred take milliseconds.
        """
        places, rain = _checked_gauges(gauges, rain_mm)
        self.origin = places.mean(axis=0)
        self.places_km, self.rain_mm = _one_each(to_local_km(places, origin=self.origin), rain)
        self.weights, self.trend = _fit(self.places_km, self.rain_mm)

    def at(self, points: ArrayLike) -> Floats:
        """Return the rain in mm, shape (...), at longitudes and latitudes (..., 2)."""
        east, north = np.moveaxis(to_local_km(points, origin=self.origin), -1, 0)
        return self._rain(east[..., np.newaxis], north[..., np.newaxis])

    def on_grid(self, east_km: Floats, north_km: Floats) -> Floats:
        """Return the rain in mm, shape (M, N), at N distances east and M north of the origin."""
        return self._rain(east_km[np.newaxis, :, np.newaxis], north_km[:, np.newaxis, np.newaxis])

    def _rain(self, east: Floats, north: Floats) -> Floats:
        squares = (east - self.places_km[:, 0]) ** 2 + (north - self.places_km[:, 1]) ** 2
        rain = np.sqrt(squares) @ self.weights
        rain += self.trend[0] + self.trend[1] * east[..., 0] + self.trend[2] * north[..., 0]
        return np.clip(rain, 0.0, self.rain_mm.max())


def isohyets(
    gauges: ArrayLike,
    *,
    rain_mm: ArrayLike,
    levels_mm: Sequence[float],
    boundary: Mapping[str, Any] | None = None,
    cells: int = 80,
) -> list[Isohyet]:
    """Return lines and areas for each level, lowest first, as a map draws them over each other.

    `gauges` has shape (N, 2), longitude and latitude, `rain_mm` shape (N,); a gauge without rain
    (NaN) is left out. Nothing is drawn outside `boundary`, a GeoJSON Polygon or MultiPolygon, or
    without one outside the hull of the gauges. `cells` are those of the grid along each side.
    Raises ValueError for other shapes, negative rain, or levels that are not positive and rising.
    """
    if not levels_mm or min(levels_mm) <= 0 or np.any(np.diff(levels_mm) <= 0) or cells < 2:
        raise ValueError("levels are positive and rise, and the grid has two cells or more a side")
    places, rain = _checked_gauges(gauges, rain_mm)
    region = _region(places, boundary=boundary)
    if region.is_empty or region.area == 0:
        return [Isohyet(level, [], []) for level in levels_mm]
    field = RainField(places, rain_mm=rain)
    west, south, east, north = to_local_km(
        np.reshape(region.bounds, (2, 2)), origin=field.origin
    ).ravel()
    x, y = _axis(west, east, cells=cells), _axis(south, north, cells=cells)
    values = np.pad(field.on_grid(x, y)[1:-1, 1:-1], 1, constant_values=-1.0)
    shapely.prepare(region)
    return [_isohyet(values, level, x=x, y=y, field=field, region=region) for level in levels_mm]


def contour_rings(values: ArrayLike, *, level: float) -> list[Floats]:
    """Return closed rings, each (M, 2), around where a grid reaches a level.

    `values` has shape (rows, columns) and is below the level all around its edge. Points are
    column and row, on the sides of the grid's squares, linear between its values; the ring keeps
    the higher side on its left, so that an outer ring runs anticlockwise. Raises ValueError for a
    level that is reached at the edge. Source: marching squares, with the middle of a square
    deciding where its corners leave two ways.
    """
    grid = np.asarray(values, dtype=np.float64)
    above = grid >= level
    if above[[0, -1]].any() or above[:, [0, -1]].any():
        raise ValueError("the level is reached at the edge of the grid")
    entries, exits = _crossed_sides(grid, above, level=level)
    order = np.argsort(entries)
    points = _points_on_sides(grid, entries[order], level=level)
    follower = np.searchsorted(entries[order], exits[order])
    return [points[ring] for ring in _rounds(follower.tolist())]


def _crossed_sides(
    grid: Floats, above: NDArray[np.bool_], *, level: float
) -> tuple[Integers, Integers]:
    """Return the numbers of the sides by which a line enters and leaves each square."""
    rows, columns = grid.shape
    corner = above.astype(np.intp)
    kind = corner[:-1, :-1] + 2 * corner[:-1, 1:] + 4 * corner[1:, 1:] + 8 * corner[1:, :-1]
    middle = (grid[:-1, :-1] + grid[:-1, 1:] + grid[1:, 1:] + grid[1:, :-1]) / 4 >= level
    kind = np.where(middle & (kind == 5), 16, np.where(middle & (kind == 10), 17, kind))
    row, column = np.nonzero((kind > 0) & (kind != 15))
    upright = rows * columns
    south, west = row * columns + column, upright + row * columns + column
    sides = np.stack([south, west + 1, south + columns, west], axis=1)
    crossings = _CROSSINGS[kind[row, column]]
    square, line = np.nonzero(crossings[:, :, 0] >= 0)
    crossed = sides[square[:, np.newaxis], crossings[square, line]]
    return crossed[:, 0], crossed[:, 1]


def _points_on_sides(grid: Floats, sides: Integers, *, level: float) -> Floats:
    """Return column and row of where the level lies on each side."""
    is_upright = sides >= grid.size
    row, column = np.divmod(sides % grid.size, grid.shape[1])
    first = grid[row, column]
    second = grid[row + is_upright, column + ~is_upright]
    share = np.clip((level - first) / (second - first), 1e-6, 1 - 1e-6)
    return np.stack([column + share * ~is_upright, row + share * is_upright], axis=1)


def _rounds(follower: list[int]) -> list[list[int]]:
    """Return the rounds in which each number is followed by the next."""
    rounds, is_done = [], [False] * len(follower)
    for start in range(len(follower)):
        ring, place = [], start
        while not is_done[place]:
            is_done[place] = True
            ring.append(place)
            place = follower[place]
        if ring:
            rounds.append([*ring, ring[0]])
    return rounds


def _isohyet(
    values: Floats, level: float, *, x: Floats, y: Floats, field: RainField, region: Any
) -> Isohyet:
    rings = []
    for ring in contour_rings(values, level=level):
        local = [
            np.interp(ring[:, 0], np.arange(x.size), x),
            np.interp(ring[:, 1], np.arange(y.size), y),
        ]
        rings.append(shapely.linearrings(to_lonlat(np.stack(local, axis=1), origin=field.origin)))
    area = shapely.build_area(shapely.geometrycollections(rings))
    lines = shapely.line_merge(shapely.intersection(shapely.boundary(area), region))
    within = shapely.orient_polygons(shapely.intersection(area, region))
    return Isohyet(level, _coordinates(lines, 1), _coordinates(within, 2))


def _coordinates(shape: Any, dimension: int) -> Any:
    """Return the GeoJSON coordinates of the parts of a shape that are lines (1) or areas (2)."""
    parts = shapely.get_parts(shape)
    parts = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    if dimension == 1:
        return [_rounded(part) for part in parts]
    return [[_rounded(ring) for ring in shapely.get_rings(part)] for part in parts]


def _rounded(line: Any) -> Any:
    return np.round(shapely.get_coordinates(line), DECIMALS).tolist()


def _axis(low: float, high: float, *, cells: int) -> Floats:
    """Return a grid's distances in km: the cells, and one more on either side."""
    width = (high - low) / cells
    return np.linspace(low - 2 * width, high + 2 * width, cells + 5)


def _region(places: Floats, *, boundary: Mapping[str, Any] | None) -> Any:
    """Return the shape outside which nothing is drawn."""
    if boundary is None:
        return shapely.convex_hull(shapely.multipoints(places))
    return shapely.make_valid(shapely.from_geojson(json.dumps(boundary)))


def _checked_gauges(gauges: ArrayLike, rain_mm: ArrayLike) -> tuple[Floats, Floats]:
    """Return places and rain of the gauges that have any to tell."""
    places = np.asarray(gauges, dtype=np.float64)
    rain = np.asarray(rain_mm, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2 or rain.shape != places.shape[:1]:
        raise ValueError("each gauge has a longitude, a latitude and one amount of rain")
    is_there = ~np.isnan(rain)
    if not is_there.any() or np.any(rain[is_there] < 0) or np.any(np.isinf(rain)):
        raise ValueError("rain is known at one gauge or more, and neither negative nor infinite")
    return places[is_there], rain[is_there]


def _one_each(places_km: Floats, rain: Floats) -> tuple[Floats, Floats]:
    """Return places once each, with the mean rain of the gauges there."""
    _, first, place = np.unique(
        np.round(places_km / SAME_PLACE_KM), axis=0, return_index=True, return_inverse=True
    )
    place = place.ravel()
    return places_km[first], np.bincount(place, weights=rain) / np.bincount(place)


def _fit(places_km: Floats, rain: Floats) -> tuple[Floats, Floats]:
    """Return the weight of each gauge and the trend: a constant, and mm per km east and north.

    Without three gauges off one line there is no trend but the constant.
    """
    count = rain.size
    apart = places_km[:, np.newaxis] - places_km[np.newaxis]
    trend = np.column_stack([np.ones(count), places_km])
    if np.linalg.matrix_rank(trend, tol=SAME_PLACE_KM * count) < 3:
        trend = trend[:, :1]
    size = count + trend.shape[1]
    system = np.zeros((size, size))
    system[:count, :count] = np.sqrt((apart**2).sum(axis=2))
    system[:count, count:], system[count:, :count] = trend, trend.T
    solution = np.linalg.solve(system, np.concatenate([rain, np.zeros(size - count)]))
    slopes = np.zeros(3)
    slopes[: size - count] = solution[count:]
    return solution[:count], slopes
