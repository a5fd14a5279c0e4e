"""Distances and walking times against stated values, stages against Manning's formula."""

import pytest

from anlan.science.channel import discharge_m3s, stage_m
from anlan.science.geo import haversine_km
from anlan.science.travel import travel_minutes, walking_speed_m_s


def test_a_great_circle():
    assert haversine_km([107.02, 33.07], target=[109.03, 32.68]) == pytest.approx(192.65, abs=0.005)


def test_eight_hundred_metres_on_foot():
    assert travel_minutes(800.0, speed_m_s=1.0) == pytest.approx(13.33, abs=0.005)


@pytest.mark.parametrize(
    ("slope", "dark", "speed"),
    [(0.0, False, 1.0), (0.0, True, 0.7), (0.25, False, 0.6), (0.3, True, 0.42), (0.1, False, 0.8)],
)
def test_walking_slows_on_slopes_and_at_night(slope, dark, speed):
    assert walking_speed_m_s(slope=slope, is_dark_or_raining=dark) == pytest.approx(speed)


def test_manning_in_a_trapezoid():
    # b 10 m, z 2, h 2 m: A 28 m2, P 18.9443 m, R 1.47802 m; S 0.001, n 0.03 -> 38.30 m3/s.
    shape = {"bottom_width_m": 10.0, "side_slope": 2.0, "bed_slope": 0.001, "roughness": 0.03}
    assert discharge_m3s(2.0, **shape) == pytest.approx(38.30, abs=0.01)
    assert stage_m(38.2989, **shape) == pytest.approx(2.0, abs=1e-3)
