"""The recorded storm: what fell on a real basin, hour by hour, and what ran off."""

import csv
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BASIN_KM2 = 2055.56
NASH_N, NASH_K_H = 2.09, 8.66
INITIAL_LOSS_MM, RUNOFF_SHARE = 0.0, 0.826
"""The unit hydrograph and loss fitted to the recorded inflow; a test holds their efficiency."""


@dataclass(frozen=True)
class Record:
    """Hourly basin mean rain in mm and inflow in m³/s, both ending at their hour."""

    rain_mm: Floats
    inflow_m3s: Floats


def recorded_storm() -> Record:
    """Return the Biliuhe record of August 2012, 168 hours."""
    text = (files("anlan.demo") / "data" / "biliuhe_2012-08_hourly.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return Record(
        rain_mm=np.array([float(row["rain_mm"]) for row in rows]),
        inflow_m3s=np.array([float(row["inflow_m3s"]) for row in rows]),
    )
