"""The county, its 22 towns and 313 villages, with people, terrain and boundaries."""

import numpy as np
import shapely

from anlan.demo.district.ground import Floats, lonlat
from anlan.demo.district.names import TOWN_NAMES
from anlan.demo.district.rows import COUNTY, PREFIX, District, Village

POPULATION = 576_000
COMMUNITIES_OF_SUBDISTRICT = 9
DENSITY = np.array([820.0, 190.0, 55.0])  # people per km² of plain, hill, mountain
COMMUNITY_EXTRA = 4_200.0
PERSONS_PER_HOUSEHOLD = (3.2, 2.7)  # in the plain and in the mountains


def make_divisions(district: District) -> None:
    """Add the division tree; the villages stand in `district.villages`."""
    ground = district.ground
    communities = _communities(district)
    people = _people(ground.terrain_km2, communities=communities)
    whole = shapely.union_all(ground.cells)
    _division(district, code=COUNTY, parent=None, kind="county", name="BB区", shape=whole)
    for number in range(22):
        code, name, kind = _town(number)
        rows = np.flatnonzero(ground.town == number)
        shape = shapely.union_all([ground.cells[row] for row in rows])
        _division(district, code=code, parent=COUNTY, kind=kind, name=name, shape=shape)
        district.towns[code] = name
        _villages(district, rows, town=code, communities=communities, people=people)


def _town(number: int) -> tuple[str, str, str]:
    name = TOWN_NAMES[number]
    if number < 2:
        return f"{PREFIX}{number + 1:03d}000", f"{name}街道", "subdistrict"
    return f"{PREFIX}{98 + number:03d}000", f"{name}镇", "town"


def _communities(district: District) -> set[int]:
    """Return the 27 communities: both sub-districts and the seats of nine towns."""
    ground = district.ground
    found = set(np.flatnonzero(ground.town < 2).tolist())
    for number in range(2, 11):
        rows = np.flatnonzero(ground.town == number)
        found.add(int(rows[ground.elevation[rows].argmin()]))
    return found


def _people(terrain: Floats, *, communities: set[int]) -> list[int]:
    weight = terrain @ DENSITY + 120.0
    weight[sorted(communities)] += COMMUNITY_EXTRA
    exact = weight / weight.sum() * POPULATION
    people = np.floor(exact).astype(int)
    rest = POPULATION - int(people.sum())
    people[np.argsort(people - exact, kind="stable")[:rest]] += 1
    return [int(count) for count in people]


def _villages(
    district: District,
    rows: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]",
    *,
    town: str,
    communities: set[int],
    people: list[int],
) -> None:
    ground = district.ground
    serial = {"community": 0, "village": 199}
    for row in sorted(rows.tolist(), key=lambda row: (row not in communities, row)):
        kind = "community" if row in communities else "village"
        serial[kind] += 1
        code = f"{town[:9]}{serial[kind]:03d}"
        name = district.names.place() + ("社区" if kind == "community" else "村")
        x, y = ground.points[row]
        high = min(max((ground.elevation[row] - 480.0) / 900.0, 0.0), 1.0)
        size = PERSONS_PER_HOUSEHOLD[0] * (1 - high) + PERSONS_PER_HOUSEHOLD[1] * high
        _division(
            district,
            code=code,
            parent=town,
            kind=kind,
            name=name,
            shape=ground.cells[row],
            at=(float(x), float(y)),
            elevation=float(ground.elevation[row]),
            population=people[row],
            households=round(people[row] / size),
            terrain=ground.terrain_km2[row],
        )
        district.villages.append(
            Village(
                number=row,
                code=code,
                name=name,
                town_code=town,
                town_name=district.towns[town],
                x=float(x),
                y=float(y),
                elevation=float(ground.elevation[row]),
                population=people[row],
            )
        )


def _division(
    district: District,
    *,
    code: str,
    parent: str | None,
    kind: str,
    name: str,
    shape: shapely.Geometry,
    at: tuple[float, float] | None = None,
    elevation: float = 0.0,
    population: int = 0,
    households: int = 0,
    terrain: Floats | None = None,
) -> None:
    centre = at or (shape.representative_point().x, shape.representative_point().y)
    lon, lat = lonlat(*centre)
    plain, hill, mountain = (f"{km2:.4f}" for km2 in (terrain if terrain is not None else (0,) * 3))
    district.rows["registry"]["Division"].append(
        {
            "code": code,
            "parent_id": parent,
            "kind": kind,
            "name": name,
            "population": population,
            "households": households,
            "plain_km2": plain,
            "hill_km2": hill,
            "mountain_km2": mountain,
            "lon": lon,
            "lat": lat,
            "elevation_m": round(elevation, 1),
            "boundary": _boundary(shape),
        }
    )


def _boundary(shape: shapely.Geometry) -> dict[str, object]:
    """Return the GeoJSON of a shape in local km; neighbours share every corner."""
    parts = list(shape.geoms) if shape.geom_type == "MultiPolygon" else [shape]
    rings = [
        [[list(lonlat(x, y)) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in parts
    ]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}
