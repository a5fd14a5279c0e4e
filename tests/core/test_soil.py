"""How wet the soil is after the rain of earlier days."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anlan.monitoring.core.judging import slot_of
from anlan.monitoring.core.soil import Soil, day_slot_of
from anlan.science.antecedent_rain import effective_rain

NONE_RECENT = np.empty((0, 1))
daily = arrays(np.float64, (15, 1), elements=st.sampled_from([0.0, 0.2, 5.0, 40.0, np.nan]))


def soil(days, *, kept=0.84, most=15):
    rain = np.asarray(days, dtype=np.float64).reshape(-1, 1)
    return Soil(daily_mm=rain, kept=np.array([kept]), days=np.array([most]))


def test_the_worked_example():
    # 30 mm today, then 0, 12, 5, 0 and 20 mm before: 49.795 with today's, k 0.84.
    (found,) = soil([0, 12, 5, 0, 20]).wetness_mm(NONE_RECENT)
    assert 30 + found == pytest.approx(49.795, abs=5e-4)


@given(daily)
def test_it_equals_the_science_of_it(rain):
    (found,) = soil(rain).wetness_mm(NONE_RECENT)
    newest_last = rain[::-1, 0]
    whole = effective_rain(np.append(newest_last, 0.0), k=0.84, days=15).effective_mm[-1]
    assert found == pytest.approx(whole)


@given(daily, st.integers(1, 15))
def test_more_days_never_make_it_drier(rain, most):
    (fewer,) = soil(rain, most=most).wetness_mm(NONE_RECENT)
    (more,) = soil(rain, most=most + 1).wetness_mm(NONE_RECENT)
    assert more >= fewer


def test_a_day_without_a_sum_is_taken_from_the_rings_and_an_old_one_is_dry():
    recent = np.array([[50.0], [10.0]])
    (found,) = soil([np.nan, 20.0, np.nan]).wetness_mm(recent)
    assert found == pytest.approx(0.84 * 50 + 0.84**2 * 20)


def test_each_series_dries_in_its_own_way():
    rain = np.array([[10.0, 10.0], [10.0, 10.0]])
    found = Soil(rain, kept=np.array([0.8, 0.9]), days=np.array([1, 2])).wetness_mm(
        np.empty((0, 2))
    )
    assert found.tolist() == pytest.approx([8.0, 17.1])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-07-15 07:59", "2024-07-14 08:00"),
        ("2024-07-15 08:00", "2024-07-15 08:00"),
        ("2024-07-16 00:30", "2024-07-15 08:00"),
    ],
)
def test_a_rain_day_begins_at_eight_in_beijing(moment, day):
    begins = datetime.fromisoformat(f"{day}+08:00")
    assert day_slot_of(datetime.fromisoformat(f"{moment}+08:00")) == slot_of(begins)
