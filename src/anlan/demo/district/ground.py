"""The ground: plain in the north, mountains in the south, seven rivers, 313 villages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi

from anlan.science.geo import to_lonlat

Floats = npt.NDArray[np.float64]

ORIGIN = (107.02, 32.86)
AREA_KM2 = 2818.0
TERRAIN_KM2 = (335.0, 637.0, 1846.0)  # plain, hill, mountain
VILLAGES = 313
MAIN_Y = 19.0
"""The main river runs west to east at this northing (km), through the plain."""
TRIBUTARIES = 6
VALLEY_KM = 1.6
INSIDE_KM = 0.8  # a river is mapped this far inside the outline
COURSE_POINTS = 24


def course_x(number: int, *, y: Floats) -> Floats:
    """Return the easting in km of a tributary at each northing."""
    base = -20.5 + 8.2 * number
    return np.asarray(base + 1.6 * np.sin(y / 6.5 + number * 1.7), dtype=np.float64)


def floor_m(x: Floats, *, y: Floats) -> Floats:
    """Return the height of the valley floor: falling northwards, then eastwards along the main."""
    south = np.clip((MAIN_Y - y) / 50.0, 0.0, None)
    return np.asarray(478.0 - 0.35 * x + 760.0 * south**1.4, dtype=np.float64)


def elevation_m(x: Floats, *, y: Floats) -> Floats:
    """Return the height of the ground in m at local kilometres."""
    south = np.clip((MAIN_Y - y) / 50.0, 0.0, None)
    away = np.min([np.abs(x - course_x(number, y=y)) for number in range(TRIBUTARIES)], axis=0)
    ridge = 950.0 * south**0.8 * (1.0 - np.exp(-((away / VALLEY_KM) ** 2) / 2.0))
    return np.asarray(floor_m(x, y=y) + ridge + 3.0 * np.abs(y - MAIN_Y), dtype=np.float64)


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of local kilometres, to about ten metres."""
    lon, lat = to_lonlat(np.array([x, y]), origin=ORIGIN)
    return round(float(lon), 4), round(float(lat), 4)


@dataclass(frozen=True)
class Ground:
    """Where the villages lie: points in local km, their cells, and which town each is in.

    `town` numbers 0 and 1 are the two sub-districts, 2 to 21 the towns.
    """

    points: Floats
    cells: tuple[shapely.Polygon, ...]
    town: npt.NDArray[np.int64]

    @cached_property
    def area_km2(self) -> Floats:
        """Return the area of each village; they add up to the district's."""
        return np.array([cell.area for cell in self.cells])

    @cached_property
    def elevation(self) -> Floats:
        """Return the height of each village in m."""
        return elevation_m(self.points[:, 0], y=self.points[:, 1])

    @cached_property
    def terrain_km2(self) -> Floats:
        """Return plain, hill and mountain km² of each village, shape (313, 3), in 4 decimals.

        The lowest ground is plain, the highest mountain, in the essay's shares.
        """
        order = np.argsort(self.elevation, kind="stable")
        top = np.cumsum(self.area_km2[order])
        bottom = top - self.area_km2[order]
        edges = np.cumsum((0.0, *TERRAIN_KM2))
        shares = np.zeros((len(order), 3))
        for kind in range(3):
            inside = np.minimum(top, edges[kind + 1]) - np.maximum(bottom, edges[kind])
            shares[order, kind] = np.maximum(inside, 0.0)
        rounded = np.round(shares, 4)
        for kind, wanted in enumerate(TERRAIN_KM2):
            largest = int(rounded[:, kind].argmax())
            rounded[largest, kind] = round(
                float(rounded[largest, kind] + wanted - rounded[:, kind].sum()), 4
            )
        return rounded

    @cached_property
    def courses(self) -> tuple[Floats, ...]:
        """Return the six tributaries and then the main river, (24, 2) each, source to mouth."""
        inside = shapely.union_all(self.cells).buffer(-INSIDE_KM)
        y = np.linspace(inside.bounds[1], MAIN_Y, 400)
        x = np.linspace(inside.bounds[0], inside.bounds[2], 400)
        found = []
        for number in range(TRIBUTARIES):
            here = shapely.contains_xy(inside, course_x(number, y=y), y)
            reach = np.linspace(y[here].min(), MAIN_Y, COURSE_POINTS)
            found.append(np.column_stack([course_x(number, y=reach), reach]))
        here = shapely.contains_xy(inside, x, np.full_like(x, MAIN_Y))
        reach = np.linspace(x[here].min(), x[here].max(), COURSE_POINTS)
        found.append(np.column_stack([reach, np.full_like(reach, MAIN_Y)]))
        return tuple(found)

    @cached_property
    def river_distance_km(self) -> Floats:
        """Return how far each village is from each river of `courses`, shape (313, 7)."""
        spots = shapely.points(self.points)
        return np.array(
            [shapely.distance(spots, shapely.LineString(course)) for course in self.courses]
        ).T

    @cached_property
    def tributary(self) -> npt.NDArray[np.int64]:
        """Return into which tributary each village drains; beyond the main river -1."""
        x, y = self.points[:, 0], self.points[:, 1]
        away = np.array([np.abs(x - course_x(number, y=y)) for number in range(TRIBUTARIES)])
        return np.where(y > MAIN_Y, -1, away.argmin(axis=0))


def make_ground(chance: np.random.Generator) -> Ground:
    """Return the ground drawn from `chance`."""
    outline = _outline(chance)
    points = _spread(outline, chance=chance)
    cells = _cells(points, outline=outline)
    for _round in range(4):
        points = np.array([[cell.centroid.x, cell.centroid.y] for cell in cells])
        cells = _cells(points, outline=outline)
    return Ground(points=points, cells=tuple(cells), town=_joined(_towns(points), cells=cells))


def _outline(chance: np.random.Generator) -> shapely.Polygon:
    angle = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    wobble = 1.0 + sum(
        0.045 / k * np.sin(k * angle + chance.uniform(0, 2 * np.pi)) for k in (2, 3, 5, 7)
    )
    ring = np.column_stack([24.5 * np.cos(angle) * wobble, 30.0 * np.sin(angle) * wobble])
    shape = shapely.Polygon(ring * 1.0)
    return shapely.affinity.scale(shape, *(2 * [np.sqrt(AREA_KM2 / shape.area)]), origin=(0, 0))


def _spread(outline: shapely.Polygon, *, chance: np.random.Generator) -> Floats:
    """Return 313 points inside, denser in the north."""
    found: list[tuple[float, float]] = []
    west, south, east, north = outline.bounds
    while len(found) < VILLAGES:
        x, y = chance.uniform(west, east), chance.uniform(south, north)
        dense = 0.35 + 0.65 * (y - south) / (north - south)
        if chance.random() < dense and outline.contains(shapely.Point(x, y)):
            found.append((x, y))
    return np.array(found)


def _cells(points: Floats, *, outline: shapely.Polygon) -> list[shapely.Polygon]:
    far = np.array([[-400.0, 0.0], [400.0, 0.0], [0.0, -400.0], [0.0, 400.0]])
    diagram = Voronoi(np.vstack([points, far]))
    cells = []
    for number in range(len(points)):
        corners = diagram.regions[diagram.point_region[number]]
        cell = shapely.Polygon(diagram.vertices[corners]).intersection(outline)
        if cell.geom_type != "Polygon":
            cell = max(cell.geoms, key=lambda part: part.area)
        cells.append(cell)
    return cells


def _towns(points: Floats) -> npt.NDArray[np.int64]:
    """Return the town of each village: two small ones on the main river, twenty cut evenly."""
    town = np.full(len(points), -1, dtype=np.int64)
    for number, seat in enumerate(((-3.0, MAIN_Y), (6.0, MAIN_Y + 1.0))):
        free = np.flatnonzero(town < 0)
        distance = np.hypot(points[free, 0] - seat[0], points[free, 1] - seat[1])
        town[free[np.argsort(distance, kind="stable")[:9]]] = number
    _cut(np.flatnonzero(town < 0), points=points, town=town, first=2, count=20)
    return town


def _cut(
    rows: npt.NDArray[np.int64],
    *,
    points: Floats,
    town: npt.NDArray[np.int64],
    first: int,
    count: int,
) -> None:
    if count == 1:
        town[rows] = first
        return
    axis = int(np.ptp(points[rows, 1]) > np.ptp(points[rows, 0]))
    ordered = rows[np.argsort(points[rows, axis], kind="stable")]
    left = count // 2
    middle = round(len(rows) * left / count)
    _cut(ordered[:middle], points=points, town=town, first=first, count=left)
    _cut(ordered[middle:], points=points, town=town, first=first + left, count=count - left)


def _joined(
    town: npt.NDArray[np.int64], *, cells: Sequence[shapely.Polygon]
) -> npt.NDArray[np.int64]:
    """Return the towns with each stray piece given to the town it borders longest."""
    border = _borders(cells)
    found = town.copy()
    for number in range(int(town.max()) + 1):
        own = np.flatnonzero(found == number)
        count, piece = connected_components(border[own][:, own], directed=False)
        largest = np.bincount(piece, minlength=count).argmax()
        for stray in range(count):
            if stray == largest:
                continue
            rows = own[piece == stray]
            shared = np.asarray(border[rows].sum(axis=0)).ravel()
            by_town = np.bincount(found, weights=shared)
            by_town[[0, 1, number]] = 0.0  # the sub-districts stay small
            found[rows] = by_town.argmax()
    return found


def _borders(cells: Sequence[shapely.Polygon]) -> csr_matrix:
    """Return the length in km of the border between any two cells."""
    shapes = np.array(cells)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    length = shapely.length(shapely.intersection(shapes[one], shapes[other]))
    kept = (one != other) & (length > 0.05)
    return csr_matrix((length[kept], (one[kept], other[kept])), shape=(len(cells), len(cells)))
