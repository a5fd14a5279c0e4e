"""Antecedent rain and rain thresholds against worked examples and published tables."""

import csv
from pathlib import Path

import numpy as np
import pytest

from anlan.science.antecedent_rain import (
    CAINE_1980,
    GUZZETTI_2008,
    antecedent_index_mm,
    critical_intensity_mm_h,
    critical_rain_mm,
    effective_rain,
    rain_events,
    slide_level,
)

STORM = Path(__file__).parent / "data" / "biliuhe_2012-08_hourly.csv"


def test_six_days_of_rain():
    # Today first: 30, 0, 12, 5, 0, 20 mm with k 0.84.
    made = effective_rain([20.0, 0.0, 5.0, 12.0, 0.0, 30.0], k=0.84, days=5)
    assert made.effective_mm[-1] == pytest.approx(49.795, abs=5e-4)
    assert made.is_complete.tolist() == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (CAINE_1980, [14.82, 9.66, 7.37, 5.62, 4.29]),
        (GUZZETTI_2008, [2.20, 1.36, 1.00, 0.74, 0.54]),
    ],
)
def test_the_curves_at_1_3_6_12_and_24_hours(curve, expected):
    made = critical_intensity_mm_h([1, 3, 6, 12, 24], curve=curve)
    assert np.round(made, 2).tolist() == expected
    assert np.isnan(critical_intensity_mm_h([0.05, 2000.0], curve=curve)).all()


# Critical rain of the group Shuanghe 1 for 1, 3 and 6 hours on dry, normal and wet soil: Li Qing
# et al. (2017), Journal of Geo-information Science 19(12), 1643, table 11.
SHUANGHE = [[38.6, 34.1, 28.6], [64.8, 60.3, 49.8], [96.6, 92.1, 81.6]]


def test_the_critical_rain_of_a_village_as_its_soil_wets():
    soil = [20.0, 50.0, 80.0]
    for place, antecedent in enumerate(soil):
        at_the_node = critical_rain_mm(antecedent, soil_mm=soil, critical_mm=SHUANGHE)
        assert at_the_node == pytest.approx([row[place] for row in SHUANGHE])
    between = critical_rain_mm(65.0, soil_mm=soil, critical_mm=SHUANGHE)
    assert between == pytest.approx([31.35, 55.05, 86.85])
    assert critical_rain_mm(0.0, soil_mm=soil, critical_mm=SHUANGHE)[0] == pytest.approx(38.6)
    assert critical_rain_mm(200.0, soil_mm=soil, critical_mm=SHUANGHE)[0] == pytest.approx(28.6)
    assert critical_rain_mm(np.nan, soil_mm=soil, critical_mm=SHUANGHE)[0] == pytest.approx(28.6)


def test_the_index_of_a_wet_and_a_dry_week():
    made = antecedent_index_mm([50.0, 100.0, 0.0], k=0.85, capacity_mm=100.0, start_mm=20.0)
    assert made == pytest.approx([20.0, 59.5, 100.0, 85.0])


def test_the_recorded_storm_is_one_event_that_slides_are_known_from():
    rows = csv.DictReader(STORM.read_text("utf-8").splitlines())
    rain = np.array([float(row["rain_mm"]) for row in rows])
    events = rain_events(rain)
    wet = np.flatnonzero(rain >= 0.5)
    # Plain reading: an event starts at a wet hour whose predecessor is 6 or more dry hours back.
    last = int(rain.argmax())
    begin = last
    while np.any((wet < begin) & (wet > begin - 7)):
        begin = int(wet[(wet < begin) & (wet > begin - 7)].min())
    assert events.duration_h[last] == last - begin + 1
    assert events.total_mm[last] == pytest.approx(rain[begin : last + 1].sum())
    assert slide_level(events, curve=GUZZETTI_2008)[last] == 4
    assert slide_level(events, curve=CAINE_1980).max() >= 1
