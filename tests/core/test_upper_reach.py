"""Which places of a county a message touches: never fewer than it says, in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.core.upper_reach import (
    MOST_CORNERS,
    Ground,
    Touched,
    division_codes,
    touched_by,
)
from anlan.warning.data import Reach
from anlan.warning.gateways.cap.values import Area, Circle, Named

COUNTY, UPPER, LOWER = "610703000000", "610703101000", "610703102000"
A, B, C = "610703101201", "610703101202", "610703102201"
NAMES = {COUNTY: "南郑区", UPPER: "圣水镇", LOWER: "大河坎镇"}


def square(code: str, west: float) -> Ground:
    ring = [[west, 33.0], [west + 0.1, 33.0], [west + 0.1, 33.1], [west, 33.1]]
    return Ground(code=code, lon=west + 0.05, lat=33.05, outline=ring)


GROUNDS = (
    Ground(code=COUNTY, lon=107.15, lat=33.05, outline=None),
    Ground(code=UPPER, lon=107.1, lat=33.05, outline=None),
    square(A, 107.0),
    square(B, 107.1),
    square(C, 107.2),
)


def touched(*areas: Area, grounds: tuple[Ground, ...] = GROUNDS) -> Touched:
    known = {COUNTY, UPPER, LOWER, A, B, C}
    return touched_by(areas, county=COUNTY, known=known, names=NAMES, grounds=grounds)


def coded(*codes: str, description: str = "x") -> Area:
    return Area(description=description, geocodes=tuple(Named("code", code) for code in codes))


def ring(west: float, east: float, *, south: float = 33.01, north: float = 33.02) -> Area:
    points = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return Area(description="x", polygons=(points,))


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        (coded("610703101201"), (A,)),
        (coded("610703101", "610703"), (COUNTY,)),
        (coded("610703101", "610703101202"), (UPPER,)),
        (coded("610703102201,610703101201"), (A, C)),
        (coded("610700"), (COUNTY,)),
        (coded("610000000000"), (COUNTY,)),
        (ring(107.01, 107.05), (A,)),
        (ring(107.01, 107.15), (UPPER,)),
        (ring(107.15, 107.25), (B, LOWER)),
        (ring(106.0, 108.0), (COUNTY,)),
        (Area(description="x", circles=(Circle(33.05, 107.25, 0.0),)), (LOWER,)),
        (Area(description="圣水镇、大河坎镇"), (UPPER, LOWER)),
        (Area(description="汉中市南郑区大河坎镇"), (COUNTY,)),
    ],
)
def test_an_area_touches_what_it_names_or_draws(area, codes):
    assert touched(area) == Touched(Reach.HERE, codes)


@pytest.mark.parametrize(
    "areas",
    [
        (coded("610702000000"),),
        (ring(107.4, 107.5),),
        (coded("610702"), ring(107.4, 107.5)),
        (coded("110105", description="朝阳区"),),
    ],
)
def test_what_lies_elsewhere_is_not_ours(areas):
    assert touched(*areas) == Touched(Reach.ELSEWHERE, ())


@pytest.mark.parametrize(
    ("areas", "grounds"),
    [
        ((), GROUNDS),
        ((Area(description="the whole region"),), GROUNDS),
        ((Area(description="the region"), coded("610702")), GROUNDS),
        ((ring(107.01, 107.05),), ()),  # nothing of the county is on the map
        ((coded("077074"),), GROUNDS),
    ],
)
def test_what_cannot_be_located_counts_for_the_whole_county(areas, grounds):
    assert touched(*areas, grounds=grounds) == Touched(Reach.UNKNOWN, (COUNTY,))


def test_codes_of_other_schemes_are_no_division_codes():
    area = coded("006109", "AKZ185", "041420", "3537064", "54.3,10.0 54.4,10.1", "６１０７０３")
    assert division_codes(area, county=COUNTY) == []
    assert division_codes(coded("990701"), county="990701000000") == ["990701000000"]


def test_a_village_without_an_outline_reaches_three_kilometres():
    centre = Ground(code=A, lon=107.0, lat=33.0, outline=None)
    near = Area(description="x", circles=(Circle(33.0, 107.03, 0.0),))  # 2.8 km
    far = Area(description="x", circles=(Circle(33.0, 107.04, 0.0),))  # 3.7 km
    assert touched(near, grounds=(centre,)) == Touched(Reach.HERE, (COUNTY,))  # its one village
    assert touched(far, grounds=(centre,)).reach is Reach.ELSEWHERE


def test_a_ring_that_crosses_itself_counts_with_all_that_it_encloses():
    bow = ((33.0, 107.0), (33.1, 107.3), (33.0, 107.3), (33.1, 107.0), (33.0, 107.0))
    assert touched(Area(description="x", polygons=(bow,))).codes == (COUNTY,)
    many = tuple((33.01 + n % 2 * 0.01, 107.01 + n / 1e6) for n in range(MOST_CORNERS + 10))
    found = touched(Area(description="x", polygons=((*many, many[0]),)))
    assert found == Touched(Reach.HERE, (A,))


@given(st.permutations([coded(A), ring(107.01, 107.15), coded("610702"), Area(description="x")]))
def test_the_order_of_areas_does_not_matter(areas):
    assert touched(*areas) == Touched(Reach.HERE, (UPPER,))


@given(
    st.lists(
        st.tuples(st.floats(106.5, 108), st.floats(106.5, 108)).map(sorted), min_size=1, max_size=4
    )
)
def test_more_areas_never_touch_less(spans):
    areas = [ring(west, east + 0.001) for west, east in spans]
    whole = touched(*areas).codes
    for area in areas:
        for code in touched(area).codes:
            assert any(code.startswith(each.rstrip("0")) for each in whole)
