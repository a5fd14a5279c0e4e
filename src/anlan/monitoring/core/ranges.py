"""What nature or the instrument allows, where no county has set its own bounds."""

from collections.abc import Mapping

POSSIBLE_RANGES: Mapping[str, tuple[float, float]] = {
    "PN01": (0.0, 40.0),
    "PN05": (0.0, 120.0),
    "PN10": (0.0, 180.0),
    "PN30": (0.0, 300.0),
    "P1": (0.0, 410.0),
    "P2": (0.0, 600.0),
    "P3": (0.0, 700.0),
    "P6": (0.0, 900.0),
    "P12": (0.0, 1_400.0),
    "PD": (0.0, 1_900.0),
    "PJ": (0.0, 1_900.0),
    "PT": (0.0, 99_999.9),
    "Z": (-20.0, 9_000.0),
    "ZB": (-20.0, 9_000.0),
    "ZU": (-20.0, 9_000.0),
    "Q": (0.0, 120_000.0),
    "VT": (0.0, 100.0),
    "AI": (-60.0, 60.0),
    "MST": (0.0, 100.0),
    "US": (0.0, 110.0),
}
"""Lowest and highest value that nature or the instrument allows, in the element's unit.

Rain bounds lie just above the world records of each duration (38 mm in 1 min, 401 mm in 1 h,
1 825 mm in 24 h); levels span the Dead Sea shore to the highest lakes,
wind lies just under the strongest gust ever measured (113 m/s).
"""
