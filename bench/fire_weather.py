"""Measure the fire weather index: cells times days a second, against the limits asked.

    PYTHONPATH=src:bench python bench/fire_weather.py [days=14610] [runs=3]

40 years of seeded weather at noon, at 1,000 cells and at 5, in a process of its own each, so that
the peak of memory is that of the one. Limits: 10 million cell-days a second at 1,000 cells, 3
million at 5, 1.3 GiB. The first call, which loads the compiled loops, is shown apart. The values
of cell 0 on three days are printed so that another program can be compared on the same seed.
"""

import statistics
import subprocess
import sys
import time

import numpy as np
from throwaway import loop_s, peak_mb

from anlan.science.fire_weather import FireWeather, fire_weather_index

LIMITS = {1000: 10e6, 5: 3e6}
MEMORY_LIMIT_MB = 1.3 * 1024
LATITUDE_DEG = 33.0
NAMES = ("ffmc", "dmc", "dc", "isi", "bui", "fwi")


def weather(days: int, cells: int) -> dict[str, np.ndarray]:
    """Return temperature, humidity, wind, rain and months: the draws of the peers' measurement."""
    chance = np.random.default_rng(11)
    day_of_year = np.arange(days) % 365.25
    yearly = 16 + 12 * np.sin(2 * np.pi * (day_of_year - 110) / 365.25)
    drawn = {"temperature_c": yearly[:, None] + chance.normal(0, 3, (days, cells))}
    drawn["humidity_pct"] = np.clip(chance.normal(68, 15, (days, cells)), 10, 100)
    drawn["wind_km_h"] = np.abs(chance.normal(9, 5, (days, cells)))
    is_wet = chance.random((days, cells)) < 0.3
    drawn["rain_mm"] = np.where(is_wet, chance.exponential(9, (days, cells)), 0.0)
    dates = np.datetime64("1980-01-01") + np.arange(days)
    drawn["month"] = dates.astype("datetime64[M]").astype(int) % 12 + 1
    return drawn


def measured(drawn: dict[str, np.ndarray], *, runs: int) -> tuple[float, float, FireWeather]:
    """Return the seconds of the first call, the median of the others, and the last result."""
    spent = []
    for _ in range(runs + 1):
        result = None  # the one before goes first: two at once would be the measurement's memory
        begin = time.perf_counter()
        result = fire_weather_index(**drawn, latitude_deg=LATITUDE_DEG)
        spent.append(time.perf_counter() - begin)
    return spent[0], statistics.median(spent[1:]), result


def report(cells: int, *, days: int, runs: int) -> None:
    """Print one size: rate, ratio to its limit, memory, and sample values."""
    speed = loop_s()
    first, median, result = measured(weather(days, cells), runs=runs)
    rate = cells * days / median
    print(f"{cells:>5} cells, {days} days; ten million additions {speed:.2f} s")
    print(f"      {rate:,.0f} cell-days/s, {rate / LIMITS[cells]:.2f} times the limit")
    print(f"      first call {first:.2f} s, then {median:.3f} s")
    print(f"      peak {peak_mb():.0f} MB, {peak_mb() / MEMORY_LIMIT_MB:.2f} of the limit")
    for day in (0, 100, 1000):
        if day < days:
            print(
                "   day",
                day,
                {name: round(float(getattr(result, name)[day, 0]), 3) for name in NAMES},
            )


def main(days: int, runs: int) -> None:
    """Measure each size in its own process."""
    for cells in LIMITS:
        arguments = [str(days), str(runs), str(cells)]
        subprocess.run([sys.executable, __file__, *arguments], check=True)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    if len(numbers) == 3:
        report(numbers[2], days=numbers[0], runs=numbers[1])
    else:
        main(*(numbers + [14_610, 3][len(numbers) :]))
