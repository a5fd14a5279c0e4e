from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._deriving import claim_day
from anlan.monitoring.actions.ingest_columns import ingest_columns
from anlan.monitoring.core.columns import Columns, Floats, columns_of
from anlan.monitoring.core.fire_day import (
    Elements,
    FireDay,
    end_of_fire_day,
    fire_day,
    looked_back_on,
)
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.elements import FIRE_FWI, FIRE_HTZ, RAIN, numbers_of
from anlan.monitoring.models import LatestReading, Station
from anlan.monitoring.store.history import history
from anlan.science.fire_danger_htz import LastRain, htz_index, last_rain
from anlan.science.fire_weather import START, FireCodes, fire_weather_index

NAME = "fire danger"
MOISTURE_CODES = ("FFMC", "DMC", "DC")
CARRIED = timedelta(days=30)  # codes older than this begin anew
KMH = 3.6


@transaction.atomic
def rate_fire_danger(day: date, *, by: Actor, now: datetime) -> int:
    """Store the fire-danger indices of a day at every station that measures the weather.

    Returns at how many. HTZ is that of LY/T 1172, FWI the Canadian one; the moisture codes that
    one day hands to the next are stored as readings too, so that a missed day can be made up. An
    index of a station that lacks a value for it is left out. A day is rated once.
    """
    if not claim_day(NAME, day, now=now):
        return 0
    end = end_of_fire_day(day)
    codes = numbers_of(["AI", "MST", "US", *MOISTURE_CODES])
    of = Elements(temperature=codes["AI"], humidity=codes["MST"], wind=codes["US"], rain=RAIN)
    places = _weather_stations(of)
    if not places:
        return 0
    stations, lons, lats = (list(column) for column in zip(*places, strict=True))
    weather = fire_day(
        _measured(stations, of, day=day, end=end),
        stations=stations,
        lons=np.array(lons),
        end_us=micros_of(end),
        of=of,
    )
    before = _carried(stations, codes=[codes[x] for x in MOISTURE_CODES], end=end)
    found = _fwi(weather, before=before, month=day.month, lats=np.array(lats))
    columns = {FIRE_HTZ: _htz(weather), FIRE_FWI: found["FWI"]}
    columns |= {codes[name]: found[name] for name in MOISTURE_CODES}
    rows = [
        (station, element, micros_of(end), round(value, 4))
        for element, values in columns.items()
        for station, value in zip(stations, values.tolist(), strict=True)
        if not np.isnan(value)
    ]
    done = ingest_columns(columns_of(rows), by=by, now=now)
    journal.record(
        "fire_danger.rated",
        by=by,
        now=now,
        detail={"day": day.isoformat(), "stations": len(stations), "readings": done.stored},
    )
    return len({station for station, _element, _at, _value in rows})


def _weather_stations(of: Elements) -> list[tuple[int, float, float]]:
    """Return number, longitude and latitude of the stations that measure the temperature."""
    heard = LatestReading.objects.filter(element=of.temperature)
    rows = Station.objects.filter(pk__in=heard.values("station_id"), is_active=True)
    return list(rows.order_by("pk").values_list("pk", "lon", "lat"))


def _measured(stations: Sequence[int], of: Elements, *, day: date, end: datetime) -> Columns:
    elements = [of.temperature, of.humidity, of.wind, of.rain]
    until = end + timedelta(seconds=1)
    return history(stations, elements, start=looked_back_on(day), end=until)


def _carried(stations: Sequence[int], *, codes: Sequence[int], end: datetime) -> FireCodes:
    """Return the last moisture codes of each station, those of a season's start without any."""
    rows = history(stations, codes, start=end - CARRIED, end=end)
    order = np.argsort(rows.micros, kind="stable")
    last = {
        (station, element): value
        for station, element, value in zip(
            rows.stations[order].tolist(),
            rows.elements[order].tolist(),
            rows.values[order].tolist(),
            strict=True,
        )
    }
    return FireCodes(
        *(
            np.array([last.get((station, code), start) for station in stations])
            for code, start in zip(codes, START, strict=True)
        )
    )


def _htz(weather: FireDay) -> Floats:
    rained = last_rain(weather.rain_by_day)
    return htz_index(
        weather.max_temperature,
        min_humidity_pct=weather.min_humidity,
        last_rain=LastRain(rained.amount_mm[-1], rained.days_since[-1]),
        max_wind_m_s=weather.max_wind,
    )


def _fwi(weather: FireDay, *, before: FireCodes, month: int, lats: Floats) -> dict[str, Floats]:
    found = fire_weather_index(
        weather.noon_temperature[np.newaxis],
        humidity_pct=weather.noon_humidity[np.newaxis],
        wind_km_h=KMH * weather.noon_wind[np.newaxis],
        rain_mm=weather.noon_rain[np.newaxis],
        month=[month],
        latitude_deg=lats,
        start=before,
    )
    return {"FWI": found.fwi[0], "FFMC": found.ffmc[0], "DMC": found.dmc[0], "DC": found.dc[0]}
