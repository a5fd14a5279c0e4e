"""Which gauge is unlike its neighbours."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.neighbours import Likeness, unlike

# Five gauges some 5 km apart, and one 60 km away.
LON = np.array([107.00, 107.05, 107.00, 106.95, 107.00, 107.70])
LAT = np.array([33.00, 33.00, 33.05, 33.00, 32.95, 33.00])


def marked(*rain):
    return np.flatnonzero(unlike(np.array(rain, dtype=float), lon=LON, lat=LAT)).tolist()


def test_one_gauge_wet_among_dry_ones_is_unlike():
    assert marked(40, 0, 0.5, 1, 0, 0) == [0]
    assert marked(9, 0, 0, 0, 0, 0) == []
    assert marked(40, 5, 0, 0, 0, 0) == []


def test_one_gauge_dry_in_a_storm_is_unlike():
    assert marked(0, 25, 30, 22, 28, 0) == [0]
    assert marked(0, 25, 3, 2, 4, 0) == []


def test_a_storm_over_all_is_like():
    assert marked(40, 55, 30, 62, 35, 80) == []


def test_one_that_stands_alone_cannot_be_told():
    assert marked(0, 0, 0, 0, 0, 90) == []


def test_without_enough_reports_nothing_is_told():
    nan = float("nan")
    assert marked(40, 0, 0, nan, nan, 0) == []
    assert marked(nan, 30, 30, 30, 30, 0) == []
    assert unlike(np.array([40.0, 0.0]), lon=LON[:2], lat=LAT[:2]).tolist() == [False, False]


amounts = st.lists(st.floats(0, 200), min_size=6, max_size=6)


@given(amounts, st.permutations(range(6)))
def test_the_order_of_the_gauges_does_not_matter(rain, order):
    values = np.array(rain)
    straight = unlike(values, lon=LON, lat=LAT)
    turned = unlike(values[order], lon=LON[order], lat=LAT[order])
    assert straight[order].tolist() == turned.tolist()


@given(amounts)
def test_what_is_below_both_limits_is_never_marked(rain):
    values = np.clip(np.array(rain), 0.3, 9.9)
    assert not unlike(values, lon=LON, lat=LAT, likeness=Likeness()).any()
