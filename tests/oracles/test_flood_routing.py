"""Reservoir and river routing against worked examples."""

import numpy as np
import pytest

from anlan.science.muskingum import muskingum_coefficients, route_muskingum
from anlan.science.reservoir import passing_time_s, route_level_pool, weir_outflow_m3s

# A prism of 500,000 m2 with a weir of 20 m and m = 1.7, full to the crest, hourly steps; computed
# apart from this program.
INFLOW = [0, 60, 180, 300, 360, 320, 240, 160, 100, 60, 30, 10, 0, 0, 0]
OUTFLOW = [
    0.00, 3.15, 31.23, 108.64, 212.24, 279.11, 279.59, 237.38, 183.29, 134.83, 96.04, 66.14,
    44.48, 30.34, 21.63,
]  # fmt: skip
HEAD = [
    0, 0.205, 0.945, 2.169, 3.390, 4.069, 4.074, 3.653, 3.075, 2.505, 1.998, 1.558, 1.196, 0.927,
    0.740,
]  # fmt: skip


def test_a_flood_through_a_prism_with_a_weir():
    levels = np.arange(0, 6.0005, 0.001)
    routed = route_level_pool(
        INFLOW,
        levels_m=levels,
        storage_m3=500_000 * levels,
        outflow_m3s=weir_outflow_m3s(levels, crest_m=0.0, width_m=20.0, coefficient=1.7),
        dt_s=3600.0,
        start_level_m=0.0,
    )
    assert routed.outflow_m3s == pytest.approx(OUTFLOW, abs=0.006)
    assert routed.level_m == pytest.approx(HEAD, abs=0.0006)
    passed = passing_time_s(routed.level_m, threshold_m=3.0, dt_s=3600.0)
    assert passed == pytest.approx(3600 * (3 + (3 - 2.169) / (3.390 - 2.169)), abs=5)


def test_muskingum_of_the_textbook():
    # Chow, Maidment and Mays (1988), Applied Hydrology, example 8.4.1, in ft3/s.
    inflow = [
        93, 137, 208, 320, 442, 546, 630, 678, 691, 675, 634, 571, 477, 390, 329, 247, 184, 134,
        108, 90,
    ]  # fmt: skip
    outflow = [
        85, 91, 114, 160, 233, 324, 420, 509, 578, 623, 642, 635, 603, 546, 479, 413, 341, 274,
        215, 170,
    ]  # fmt: skip
    assert muskingum_coefficients(2.3, x=0.15, dt_h=1.0) == pytest.approx(
        (0.0631, 0.3442, 0.5927), abs=5e-5
    )
    routed = route_muskingum(inflow, k_h=2.3, x=0.15, dt_h=1.0, start_outflow=85)
    assert routed == pytest.approx(outflow, abs=0.51)
