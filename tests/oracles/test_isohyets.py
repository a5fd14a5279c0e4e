"""Isohyets against fields whose lines of equal rain are known."""

import numpy as np
import pytest
import shapely
from numpy.typing import ArrayLike

from anlan.science.geo import to_local_km, to_lonlat
from anlan.science.isohyets import RainField, contour_rings, isohyets

ORIGIN = (107.0, 33.0)


def gauges(count: int, *, half_km: float = 20.0, seed: int = 5) -> np.ndarray:
    """Return gauges over a square, its corners among them."""
    corners = half_km * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    inner = np.random.default_rng(seed).uniform(-half_km, half_km, (count - 4, 2))
    return to_lonlat(np.vstack([corners, inner]), origin=ORIGIN)


def local(coordinates: ArrayLike) -> np.ndarray:
    return to_local_km(coordinates, origin=ORIGIN)


def test_a_plane_has_straight_lines():
    places = gauges(40)
    east, north = local(places).T
    drawn = isohyets(places, rain_mm=50 + east + 0.5 * north, levels_mm=[40.0, 50.0, 60.0])
    for isohyet in drawn:
        (line,) = isohyet.lines
        x, y = local(line).T
        assert 50 + x + 0.5 * y == pytest.approx(np.full(x.size, isohyet.level_mm), abs=2e-3)
        # From one side of the square to the other: x + y/2 = c, 40 km high.
        assert np.ptp(y) == pytest.approx(40.0, abs=0.01)
    (area,) = drawn[1].areas
    ring = shapely.Polygon(local(area[0]))
    assert ring.area == pytest.approx(800.0, rel=1e-3)


def test_a_cone_has_circles():
    # On a fine net of gauges, the top at the centre.
    axis = np.arange(-20, 20.1, 2.0)
    places = to_lonlat(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2), origin=ORIGIN)
    radius = np.hypot(*local(places).T)
    drawn = isohyets(places, rain_mm=120 - 4 * radius, levels_mm=[60.0, 80.0, 100.0], cells=100)
    for isohyet in drawn:
        (line,) = isohyet.lines
        assert line[0] == line[-1]
        reached = np.hypot(*local(line).T)
        assert reached == pytest.approx(
            np.full(reached.size, (120 - isohyet.level_mm) / 4), abs=0.15
        )
        ((ring,),) = isohyet.areas
        assert shapely.LinearRing(ring).is_ccw


def test_a_crater_has_a_hole():
    axis = np.arange(-20, 20.1, 2.0)
    places = to_lonlat(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2), origin=ORIGIN)
    away = np.abs(np.hypot(*local(places).T) - 10.0)
    (drawn,) = isohyets(places, rain_mm=100 - 5 * away, levels_mm=[80.0])
    assert len(drawn.lines) == 2
    ((outer, hole),) = drawn.areas
    assert [shapely.LinearRing(ring).is_ccw for ring in (outer, hole)] == [True, False]
    assert np.hypot(*local(outer).T) == pytest.approx(np.full(len(outer), 14.0), abs=0.4)
    assert np.hypot(*local(hole).T) == pytest.approx(np.full(len(hole), 6.0), abs=0.4)


def test_the_field_is_exact_at_the_gauges():
    places = gauges(200)
    rain = np.random.default_rng(8).gamma(0.6, 30.0, 200)
    assert RainField(places, rain_mm=rain).at(places) == pytest.approx(rain, abs=1e-8)


def test_a_saddle_is_parted_by_its_middle():
    joined = np.pad([[9.0, 2.0], [2.0, 9.0]], 1)
    parted = np.pad([[9.0, 0.0], [0.0, 9.0]], 1)
    assert [len(contour_rings(grid, level=5.0)) for grid in (joined, parted)] == [1, 2]
    other = joined[:, ::-1]
    assert len(contour_rings(other, level=5.0)) == 1
