"""The fire-danger indices of a day, and what one day hands to the next."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.monitoring.actions.rate_fire_danger import rate_fire_danger
from anlan.monitoring.api import ingest_columns, judge_exceedances
from anlan.monitoring.core.columns import columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import Measure, StationKind
from anlan.monitoring.elements import FIRE_FWI, FIRE_HTZ, RAIN, numbers_of
from anlan.monitoring.models import Exceedance, Reading, Station, StationCover
from anlan.registry.data import Colour, Hazard
from tests.cast import SLOPE, UPPER, moment
from tests.rooms.monitoring.rules import BY, HOUR, day, drafted, put_live, text
from tests.weather import go_to, idle

TODAY = day("2024-04-13")


@pytest.fixture
def hill(cast):
    go_to(moment("2024-07-15 20:00"))
    station = Station.objects.create(
        address="W1", division_id=SLOPE, kind=StationKind.WEATHER, name="山顶", lon=105.0, lat=40.0
    )
    StationCover.objects.create(station=station, division_id=SLOPE, hazard=Hazard.FOREST_FIRE)
    return station


def weather(station, at, *, rain=None, **values):
    """Take in what a weather station measured at a moment: AI, MST, US and rain."""
    codes = numbers_of(["AI", "MST", "US"])
    at_us = micros_of(moment(at))
    rows = [(station.pk, codes[name], at_us, value) for name, value in values.items()]
    if rain is not None:
        rows.append((station.pk, RAIN, at_us, rain))
    ingest_columns(columns_of(rows), by=BY, now=clock.now())
    judge_exceedances(by=BY, now=clock.now())


def noon(station, on, *, T, H, W, rain=0.0):
    """Take in the weather at a day's noon by the sun, at 105 degrees east 13:00 in Beijing."""
    weather(station, f"{on} 13:00", AI=T, MST=H, US=W / 3.6, rain=rain)


def stored(station, code):
    number = {"FWI": FIRE_FWI, "HTZ": FIRE_HTZ}.get(code) or numbers_of([code])[code]
    rows = Reading.objects.filter(station=station, element=number).order_by("observed_at")
    return [(row.observed_at, pytest.approx(row.value, abs=1e-3)) for row in rows]


# The first days of the published test: T, H, W, rain, then FFMC, DMC, DC, FWI.
DAYS = (
    ("2024-04-13", (17.0, 42.0, 25.0, 0.0), (87.6929, 8.5451, 19.0140, 10.0963)),
    ("2024-04-14", (20.0, 21.0, 25.0, 2.4), (86.2, 10.4, 23.6, 9.3)),
)


def test_the_published_days_come_out_one_after_the_other(hill):
    for on, (T, H, W, rain), (ffmc, dmc, dc, fwi) in DAYS:
        noon(hill, on, T=T, H=H, W=W, rain=rain)
        assert rate_fire_danger(day(on), by=BY, now=clock.now()) == 1
        last = {code: stored(hill, code)[-1] for code in ("FFMC", "DMC", "DC", "FWI")}
        assert all(at == moment(f"{on} 14:00") for at, _value in last.values())
        for code, wanted in (("FFMC", ffmc), ("DMC", dmc), ("DC", dc), ("FWI", fwi)):
            assert last[code][1].expected == pytest.approx(wanted, abs=0.11), (on, code)


def test_htz_is_made_of_the_extremes_of_the_day_and_the_last_rain(hill):
    weather(hill, "2024-04-08 10:00", AI=10.0, MST=90.0, US=1.0, rain=6.0)
    weather(hill, "2024-04-12 13:30", AI=35.0, MST=10.0, US=20.0)  # of the day before
    weather(hill, "2024-04-12 18:00", AI=15.0, MST=38.0, US=6.0, rain=0.2)  # too little to count
    weather(hill, "2024-04-13 12:00", AI=22.0, MST=60.0, US=2.0)
    rate_fire_danger(TODAY, by=BY, now=clock.now())
    # 22 C: 16; 38 %: 16; 6 mm five days ago: 25; wind force 4: 20.
    assert stored(hill, "HTZ") == [(moment("2024-04-13 14:00"), 77.0)]


def test_an_index_that_lacks_a_value_is_left_out(hill):
    weather(hill, "2024-04-13 12:00", AI=22.0, MST=60.0)
    assert rate_fire_danger(TODAY, by=BY, now=clock.now()) == 0
    assert stored(hill, "HTZ") == stored(hill, "FWI") == []


def test_after_a_day_without_weather_the_codes_of_the_day_before_go_on(hill):
    noon(hill, "2024-04-13", T=17.0, H=42.0, W=25.0)
    noon(hill, "2024-04-15", T=17.0, H=42.0, W=25.0)
    for on in ("2024-04-13", "2024-04-14", "2024-04-15"):
        rate_fire_danger(day(on), by=BY, now=clock.now())
    codes = stored(hill, "DC")
    assert [at for at, _value in codes] == [
        moment("2024-04-13 14:00"),
        moment("2024-04-15 14:00"),
    ]
    assert codes[1][1].expected > codes[0][1].expected


def test_a_day_is_rated_once_and_without_stations_nothing_is(cast, hill):
    assert rate_fire_danger(day("2024-04-10"), by=BY, now=clock.now()) == 0
    noon(hill, "2024-04-13", T=17.0, H=42.0, W=25.0)
    assert rate_fire_danger(TODAY, by=BY, now=clock.now()) == 1
    assert rate_fire_danger(TODAY, by=BY, now=clock.now()) == 0


def test_a_rule_on_the_index_warns_the_villages_of_the_forest(hill):
    idle(timedelta(days=270))
    on = "2025-04-20"
    put_live(
        drafted(
            text(
                HOUR.__class__(Colour.ORANGE, Measure.LAST, "HTZ", 73.0),
                HOUR.__class__(Colour.RED, Measure.LAST, "HTZ", 91.0),
            ),
            name="森林火险",
            hazard=Hazard.FOREST_FIRE,
            at=UPPER,
        )
    )
    go_to(moment(f"{on} 14:10"))
    weather(hill, f"{on} 12:00", AI=30.0, MST=20.0, US=9.0)
    rate_fire_danger(day(on), by=BY, now=clock.now())
    judge_exceedances(by=BY, now=clock.now())
    row = Exceedance.objects.get(hazard=Hazard.FOREST_FIRE)
    assert (row.colour, row.value) == (Colour.RED, 115.0)
