"""Invariants of distances, the local plane and travel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.science.geo import haversine_km, nearest, point_in_polygon, to_local_km, to_lonlat
from anlan.science.travel import travel_minutes, walking_speed_m_s

POINT = st.tuples(st.floats(73, 135), st.floats(18, 53))
NEAR = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))


@given(POINT, POINT, POINT)
def test_distances_are_distances(a, b, c):
    assert haversine_km(a, target=b) == pytest.approx(haversine_km(b, target=a))
    assert haversine_km(a, target=a) == 0
    direct = haversine_km(a, target=c)
    assert direct <= haversine_km(a, target=b) + haversine_km(b, target=c) + 1e-6


@given(POINT, NEAR)
def test_the_local_plane_goes_both_ways(origin, step):
    point = np.array(origin) + step
    local = to_local_km(point, origin=origin)
    assert to_lonlat(local, origin=origin) == pytest.approx(point, abs=1e-9)
    assert np.hypot(*local) == pytest.approx(
        haversine_km(origin, target=point), rel=0.015, abs=1e-6
    )


@given(POINT, st.lists(POINT, min_size=1, max_size=12), st.integers(1, 5))
def test_the_nearest_are_the_nearest(origin, candidates, count):
    indexes, distances = nearest(origin, candidates=candidates, count=count)
    everything = haversine_km(origin, target=candidates)
    assert len(indexes) == min(count, len(candidates))
    assert distances == pytest.approx(np.sort(everything)[: len(indexes)])
    assert everything[indexes] == pytest.approx(distances)


def test_many_origins_at_once():
    indexes, _ = nearest([[107.0, 33.0], [109.0, 33.0]], candidates=[[109.1, 33.0], [107.1, 33.0]])
    assert indexes[:, 0].tolist() == [1, 0]


def test_points_in_a_polygon():
    ring = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]]
    inside = point_in_polygon([[1, 1], [2, 3], [0, 2], [5, 5]], ring=ring)
    assert inside.tolist() == [True, False, True, False]
    with pytest.raises(ValueError, match="three"):
        point_in_polygon([1, 1], ring=[[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="two numbers"):
        haversine_km([1, 2, 3], target=[1, 2])
    with pytest.raises(ValueError, match="count"):
        nearest([1, 1], candidates=[[1, 1]], count=0)


@given(st.floats(0.3, 2), st.floats(0, 0.6), st.floats(0, 0.6))
def test_a_steeper_way_is_never_faster(speed, one, other):
    gentle, steep = sorted((one, other))
    fast = walking_speed_m_s(speed, slope=gentle)
    slow = walking_speed_m_s(speed, slope=-steep)
    assert slow <= fast
    assert walking_speed_m_s(speed, slope=gentle, is_dark_or_raining=True) < fast
    assert travel_minutes(500, speed_m_s=slow) >= travel_minutes(500, speed_m_s=fast)


def test_impossible_walks_are_refused():
    with pytest.raises(ValueError, match="speed"):
        walking_speed_m_s(0.0)
    with pytest.raises(ValueError, match="distance"):
        travel_minutes(-1.0, speed_m_s=1.0)
