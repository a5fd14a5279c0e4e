"""The Canadian fire weather index against the published series and tables of cffdrs.

Data: 24 days from 13 April with the start 85, 6, 15; see data/README.md.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from anlan.science.fire_weather import FireCodes, FireWeather, fire_weather_index

FOLDER = Path(__file__).parent / "data"
NAMES = ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr")


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).read_text("utf-8").splitlines()))


def result_of(rows: list[dict[str, str]]) -> FireWeather:
    column = {name: [[float(row[name])] for row in rows] for name in rows[0]}
    return fire_weather_index(
        column["temp_c"],
        humidity_pct=column["rh_pct"],
        wind_km_h=column["wind_kmh"],
        rain_mm=column["rain_mm"],
        month=[int(row["month"]) for row in rows],
        latitude_deg=40.0,
    )


def half_a_digit(text: str) -> float:
    """Return half of the last digit that a number was printed with, of six in this series."""
    whole, _, decimals = text.partition(".")
    places = len(decimals) if decimals else max(0, 6 - len(whole))
    return 0.5 * 10.0**-places


@pytest.mark.parametrize("name", NAMES)
def test_the_series_at_every_printed_digit(name):
    rows = rows_of("fwi_daily_full.csv")
    values = getattr(result_of(rows), name)[:, 0]
    for row, value in zip(rows, values, strict=True):
        assert value == pytest.approx(float(row[name]), rel=1e-9, abs=half_a_digit(row[name]))


@pytest.mark.parametrize("name", NAMES)
def test_the_series_as_it_is_published(name):
    rows = rows_of("fwi_daily_1dp.csv")
    values = getattr(result_of(rows), name)[:, 0]
    decimals = 2 if name == "dsr" else 1
    assert np.round(values, decimals).tolist() == [float(row[name]) for row in rows]


def test_the_first_day():
    first = result_of(rows_of("fwi_daily_full.csv")[:1])
    assert [float(getattr(first, name)[0, 0]) for name in NAMES[:6]] == pytest.approx(
        [87.649354, 8.545051, 19.014, 10.776233, 8.490427, 10.036185], abs=3e-6
    )


# Rows of cffdrs/cffdrs_r, tests/testthat/data/DuffMoistureCode.csv, DroughtCode.csv and
# FineFuelMoistureCode.csv: what was before, the weather, what came of it to four digits.
DUFF = [
    (453.9, 18.6, 55.61, 55.61, -90, 4, 79.68),
    (433.5, -5.7, 55.61, 252.44, -90, 7, 76.21),
    (781.8, -5.7, 55.61, 186.83, -90, 7, 83.43),
    (389.1, 18.6, 55.61, 186.83, -90, 1, 76.83),
    (733.5, 42.9, 55.61, 186.83, -17.1, 4, 85.87),
    (879, -5.7, 55.61, 252.44, -17.1, 7, 84.58),
    (798.3, 42.9, 55.61, 55.61, -17.1, 7, 87.8),
    (190.8, 42.9, 55.61, 252.44, -17.1, 7, 64.57),
    (765.9, 42.9, 55.61, 186.83, 55.8, 7, 87.79),
    (441.6, -5.7, 55.61, 121.22, 55.8, 1, 76.94),
    (105.6, 18.6, 55.61, 252.44, 55.8, 7, 43.15),
    (789.9, -5.7, 55.61, 55.61, 55.8, 1, 84.76),
]
DROUGHT = [
    (113.7, 18.6, 252.44, -90, 10, 4.302),
    (915.6, 18.6, 55.61, -90, 7, 456.01),
    (328.5, 42.9, 55.61, -90, 4, 174.16),
    (158.4, 42.9, 186.83, -90, 7, 7.426),
    (401.4, 42.9, 55.61, -17.1, 4, 221.68),
    (611.7, -5.7, 252.44, -17.1, 1, 0.7),
    (757.8, 42.9, 121.22, -17.1, 10, 187.89),
    (923.7, 18.6, 55.61, -17.1, 7, 460.04),
    (862.8, -5.7, 186.83, 55.8, 7, 57.73),
    (911.4, -5.7, 252.44, 55.8, 10, 0.2),
    (956.1, 18.6, 186.83, 55.8, 7, 72.77),
    (587.7, 42.9, 55.61, 55.8, 7, 329.95),
]
FINE_FUEL = [
    (53.4, -13.8, 55.61, 218.7, 186.83, 37.78),
    (38.1, -13.8, 55.61, 72.9, 186.83, 24.45),
    (2.7, 42.9, 55.61, 72.9, 186.83, 89.25),
    (46.2, -13.8, 55.61, 72.9, 186.83, 25.64),
    (81.3, -13.8, 55.61, 291.6, 186.83, 44.9),
    (97.8, -21.9, 55.61, 218.7, 186.83, 35.11),
    (22.2, -21.9, 55.61, 0, 186.83, 5.544),
    (22.8, 10.5, 55.61, 0, 186.83, 18.81),
]


def day(codes: FireCodes, **weather: float) -> FireWeather:
    values = {"humidity_pct": 50.0, "wind_km_h": 10.0, "month": 7, "latitude_deg": 40.0} | weather
    month, latitude = int(values.pop("month")), values.pop("latitude_deg")
    temperature = [[values.pop("temperature_c")]]
    rest = {name: [[value]] for name, value in values.items()}
    return fire_weather_index(
        temperature, **rest, month=[month], latitude_deg=latitude, start=codes
    )


@pytest.mark.parametrize(
    ("before", "temperature", "humidity", "rain", "latitude", "month", "after"), DUFF
)
def test_duff_of_other_latitudes(before, temperature, humidity, rain, latitude, month, after):
    made = day(
        FireCodes(85, before, 15),
        temperature_c=temperature,
        humidity_pct=humidity,
        rain_mm=rain,
        latitude_deg=latitude,
        month=month,
    )
    assert made.dmc[0, 0] == pytest.approx(after, rel=5.1e-4, abs=5e-4)


@pytest.mark.parametrize(("before", "temperature", "rain", "latitude", "month", "after"), DROUGHT)
def test_drought_of_other_latitudes(before, temperature, rain, latitude, month, after):
    made = day(
        FireCodes(85, 6, before),
        temperature_c=temperature,
        rain_mm=rain,
        latitude_deg=latitude,
        month=month,
    )
    assert made.dc[0, 0] == pytest.approx(after, rel=5.1e-4, abs=5e-4)


@pytest.mark.parametrize(("before", "temperature", "humidity", "wind", "rain", "after"), FINE_FUEL)
def test_fine_fuel_in_any_weather(before, temperature, humidity, wind, rain, after):
    made = day(
        FireCodes(before, 6, 15),
        temperature_c=temperature,
        humidity_pct=humidity,
        wind_km_h=wind,
        rain_mm=rain,
    )
    assert made.ffmc[0, 0] == pytest.approx(after, abs=5.1e-3)
