"""CGCS2000 Gauss-Krüger coordinates against the textbook series, to the millimetre.

The series: 孔祥元, 郭际明《大地测量学基础》(武汉大学出版社, 2010), forward projection by powers of
the longitude difference up to the sixth; the meridian arc is integrated numerically here.
"""

import math

import numpy as np
import pytest
from pyproj import CRS

from anlan.registry.boundaries.features import Feature, UnusableBoundaries
from anlan.registry.boundaries.systems import in_degrees

# CGCS2000: semi-major axis in m, flattening.
AXIS_M, FLATTENING = 6_378_137.0, 1 / 298.257222101
E2 = FLATTENING * (2 - FLATTENING)
EP2 = E2 / (1 - E2)
MILLIMETRE_DEG = 1e-3 / 111_000


def meridian_arc(latitude: float) -> float:
    """Return the length of the meridian from the equator in m, by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    phi = latitude / 2 * (nodes + 1)
    radius = AXIS_M * (1 - E2) / (1 - E2 * np.sin(phi) ** 2) ** 1.5
    return float(latitude / 2 * (weights * radius).sum())


def gauss_kruger(lon: float, lat: float, *, meridian: float) -> tuple[float, float]:
    """Return northing and easting in m without any false easting."""
    phi, along = math.radians(lat), math.radians(lon - meridian)
    t2, eta2 = math.tan(phi) ** 2, EP2 * math.cos(phi) ** 2
    normal = AXIS_M / math.sqrt(1 - E2 * math.sin(phi) ** 2)
    m = math.cos(phi) * along
    north = meridian_arc(phi) + normal * math.tan(phi) * (
        m**2 / 2
        + (5 - t2 + 9 * eta2 + 4 * eta2**2) * m**4 / 24
        + (61 - 58 * t2 + t2**2) * m**6 / 720
    )
    east = normal * (
        m
        + (1 - t2 + eta2) * m**3 / 6
        + (5 - 18 * t2 + t2**2 + 14 * eta2 - 58 * t2 * eta2) * m**5 / 120
    )
    return north, east


def degrees_of(system: str, *, east: float, north: float) -> tuple[float, float]:
    ring = [(east, north), (east + 100, north), (east, north + 100), (east, north)]
    (found,) = in_degrees([Feature(number=1, polygons=[[ring]])], stated=system)
    return found.polygons[0][0][0]


def esri(code: int) -> str:
    return CRS.from_epsg(code).to_wkt("WKT1_ESRI")


# EPSG code, central meridian, false easting: three and six degrees, with the zone and without.
SYSTEMS = [
    (4524, 108.0, 36_500_000.0),
    (4525, 111.0, 37_500_000.0),
    (4545, 108.0, 500_000.0),
    (4546, 111.0, 500_000.0),
    (4496, 105.0, 18_500_000.0),
    (4497, 111.0, 19_500_000.0),
    (4507, 105.0, 500_000.0),
    (4508, 111.0, 500_000.0),
]


@pytest.mark.parametrize(("code", "meridian", "false_east"), SYSTEMS)
@pytest.mark.parametrize("form", ["name", "prj"])
@pytest.mark.parametrize(
    ("offset", "lat"), [(-1.4, 32.71), (0.0, 33.07), (0.03, 25.2), (1.5, 49.9)]
)
def test_a_point_comes_back_to_the_millimetre(code, meridian, false_east, form, offset, lat):
    north, east = gauss_kruger(meridian + offset, lat, meridian=meridian)
    system = f"EPSG:{code}" if form == "name" else esri(code)
    lon, found = degrees_of(system, east=east + false_east, north=north)
    assert lon == pytest.approx(meridian + offset, abs=MILLIMETRE_DEG)
    assert found == pytest.approx(lat, abs=MILLIMETRE_DEG)


def test_degrees_of_our_own_systems_stay_as_they_are():
    for code in (4490, 4326):
        ring = [(107.1, 33.0), (107.2, 33.0), (107.1, 33.1), (107.1, 33.0)]
        (found,) = in_degrees([Feature(number=1, polygons=[[ring]])], stated=esri(code))
        assert found.polygons == [[ring]]


def test_a_system_of_neither_family_is_moved_when_it_is_known():
    # UTM zone 48 north on WGS 84: its central meridian is 105, its scale 0.9996.
    north, east = gauss_kruger(105.9, 33.0, meridian=105.0)
    lon, lat = degrees_of(esri(32648), east=500_000 + 0.9996 * east, north=0.9996 * north)
    assert lon == pytest.approx(105.9, abs=10 * MILLIMETRE_DEG)
    assert lat == pytest.approx(33.0, abs=10 * MILLIMETRE_DEG)


# Beijing 1954 and Xian 1980, in zones and in degrees.
@pytest.mark.parametrize("code", [2412, 2432, 4214, 21418, 2349, 2361, 4610])
def test_old_systems_are_refused_because_their_shift_is_local(code):
    with pytest.raises(UnusableBoundaries, match="CGCS2000"):
        degrees_of(esri(code), east=36_450_000.0, north=3_650_000.0)


@pytest.mark.parametrize("text", ["not a system", "EPSG:999999", 'LOCAL_CS["here"]', "X" * 20_000])
def test_what_is_no_system_is_refused(text):
    with pytest.raises(UnusableBoundaries):
        degrees_of(text, east=1.0, north=1.0)


def test_metres_without_a_system_are_refused():
    with pytest.raises(UnusableBoundaries, match="prj"):
        degrees_of("", east=36_450_000.0, north=3_650_000.0)


def test_metres_that_do_not_fit_the_system_are_refused():
    with pytest.raises(UnusableBoundaries):
        degrees_of(esri(4490), east=36_450_000.0, north=3_650_000.0)
