"""A recorded storm: its sliding sums, and the flow it made.

Data: Biliuhe reservoir basin, 2055.56 km2, 2-8 August 2012; see data/README.md.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from anlan.science.rain import window_sums
from anlan.science.runoff import (
    catchment_flow_m3s,
    curve_number_net_rain_mm,
    nash_sutcliffe,
    route_net_rain_m3s,
)

AREA_KM2 = 2055.56
FILE = Path(__file__).parent / "data" / "biliuhe_2012-08_hourly.csv"
ROWS = list(csv.DictReader(FILE.read_text("utf-8").splitlines()))
RAIN_MM = np.array([float(row["rain_mm"]) for row in ROWS])
INFLOW_M3S = np.array([float(row["inflow_m3s"]) for row in ROWS])


@pytest.mark.parametrize(
    ("hours", "most_mm"), [(1, 24.82), (3, 61.54), (6, 84.24), (12, 124.08), (24, 199.60)]
)
def test_the_most_rain_in_some_hours(hours, most_mm):
    sums, complete = window_sums(RAIN_MM, steps=hours)
    assert sums.max() == pytest.approx(most_mm, abs=0.005)
    assert complete[sums.argmax()]


def test_the_whole_storm():
    sums, complete = window_sums(RAIN_MM, steps=len(RAIN_MM))
    assert sums[-1] == pytest.approx(223.36, abs=0.005)
    assert complete.sum() == 1


def test_a_nash_cascade_gives_the_recorded_flood():
    # Fitted to this storm: 2.09 reservoirs of 8.66 h, 82.6 % runoff on ground already wet.
    flow = catchment_flow_m3s(
        RAIN_MM,
        area_km2=AREA_KM2,
        dt_h=1.0,
        n=2.09,
        k_h=8.66,
        initial_loss_mm=0.0,
        coefficient=0.826,
        base_flow_m3s=INFLOW_M3S[0],
    )
    assert nash_sutcliffe(INFLOW_M3S, simulated=flow) > 0.9905
    assert flow.max() == pytest.approx(INFLOW_M3S.max(), rel=0.08)
    assert abs(int(flow.argmax()) - int(INFLOW_M3S.argmax())) <= 5


def test_the_curve_number_gives_the_recorded_flood():
    flow = route_net_rain_m3s(
        curve_number_net_rain_mm(RAIN_MM, curve_number=87.0),
        area_km2=AREA_KM2,
        dt_h=1.0,
        n=1.66,
        k_h=10.2,
        base_flow_m3s=INFLOW_M3S[0],
    )
    assert nash_sutcliffe(INFLOW_M3S, simulated=flow) > 0.9905
    assert flow.max() == pytest.approx(INFLOW_M3S.max(), rel=0.05)
