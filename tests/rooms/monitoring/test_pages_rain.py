"""The rain map: figures, areas, towns, print view; and that nobody sees another's rain."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.archive_month import archive_month
from anlan.monitoring.api import forget_windows
from anlan.monitoring.elements import RAIN
from anlan.monitoring.models import LatestReading, Reading, Silence, Station
from anlan.monitoring.queries import rain_map
from anlan.registry.models import Division
from tests.cast import BANK, COUNTY, FORD, LOWER, SLOPE, UPPER
from tests.entrance import logged_in
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

MOST_QUERIES = 20


@pytest.fixture
def storm(evening: Evening) -> Evening:
    """Let it have rained for two hours on a dozen gauges of both towns, less on the first."""
    now = rain_map.slot_before(clock.now())
    west, east, south, north = 107.0, 107.1, 33.0, 33.1
    Division.objects.filter(code=COUNTY).update(
        boundary=[[west, south], [east, south], [east, north], [west, north]]
    )
    for n in range(12):
        station = Station.objects.create(
            address=f"00000{n:05d}",
            division_id=(SLOPE, BANK, FORD)[n % 3],
            kind="P",
            name=f"gauge {n}",
            lon=107.005 + n % 4 * 0.03,
            lat=33.005 + n // 4 * 0.045,
        )
        LatestReading.objects.create(station=station, element=RAIN, observed_at=now, value=1)
        for step in range(24):
            Reading.objects.create(
                station=station,
                element=RAIN,
                observed_at=now - timedelta(minutes=5 * step),
                value=n / 2,
            )
    return evening


def test_the_data_hold_gauges_bands_and_lines_within_the_county(
    storm: Evening, visit: Visit
) -> None:
    data = visit("duty").get(reverse("rain_data"), {"hours": "3"}).json()
    told = {row[3]: row[2] for row in data["gauges"]}
    assert told["gauge 11"] == 132.0
    assert told["gauge 0"] == 0.0
    assert told["upper rain"] == 24.0
    assert told["lower rain"] is None
    county = shapely.box(107.0, 33.0, 107.1, 33.1).buffer(1e-4)
    steps = [step for step, _areas in data["bands"]]
    assert steps == sorted(steps)
    for _step, areas in data["bands"]:
        for rings in areas:
            assert county.contains(shapely.Polygon(rings[0], rings[1:]))
    assert all(0 < mm < 132 for mm, _lines in data["lines"])


def test_hours_and_moment_are_those_asked_for(storm: Evening, visit: Visit) -> None:
    client, now = visit("duty"), rain_map.slot_before(clock.now())
    hour = client.get(reverse("rain_data"), {"hours": "1"}).json()
    assert {row[3]: row[2] for row in hour["gauges"]}["gauge 11"] == 66.0
    before = {"hours": "1", "at": (now - timedelta(hours=1)).isoformat()}
    earlier = client.get(reverse("rain_data"), before).json()
    assert {row[3]: row[2] for row in earlier["gauges"]}["gauge 11"] == 66.0
    long_ago = client.get(reverse("rain_data"), {"at": "1999-01-01T00:00"}).json()
    assert {row[2] for row in long_ago["gauges"]} == {None}
    assert long_ago["bands"] == []
    for asked in ({"hours": "5", "at": "x"}, {"hours": "9" * 40, "at": "9999-12-31T00:00"}):
        assert client.get(reverse("rain_map"), asked).status_code == 200


def test_the_towns_have_mean_and_highest(storm: Evening, visit: Visit) -> None:
    page = visit("duty").get(reverse("rain_map"), {"hours": "24"})
    towns = {row.code: row for row, _word in page.context["towns"]}
    upper, lower = towns[UPPER], towns[LOWER]
    assert (upper.highest_mm, upper.highest_at) == (120.0, "gauge 10")
    assert (lower.highest_mm, lower.gauges, lower.telling) == (132.0, 5, 4)
    assert lower.mean_mm == pytest.approx((24 + 60 + 96 + 132) / 4)
    english = logged_in(storm.accounts["duty"], language="en")
    text = english.get(reverse("rain_map"), {"hours": "24"}).content.decode()
    assert "heavy rainstorm" in text
    assert "120.0 mm" in text


def test_the_print_view_draws_without_a_script(storm: Evening, visit: Visit) -> None:
    text = visit("duty").get(reverse("rain_map"), {"view": "print"}).content.decode()
    assert "<svg" in text
    assert text.count("<circle") == 14
    assert "rain.js" not in text
    assert 'style="' not in text


def test_a_map_is_computed_once_in_five_minutes(storm: Evening, visit: Visit) -> None:
    client = visit("duty")
    with CaptureQueriesContext(connection) as first:
        client.get(reverse("rain_map"))
    with CaptureQueriesContext(connection) as second:
        client.get(reverse("rain_map"))
    assert len(first) <= MOST_QUERIES
    assert len(second) < len(first)
    assert not any("monitoring_reading" in each["sql"] for each in second)


def test_rain_of_a_month_in_the_archive_is_drawn_as_before(
    storm: Evening, visit: Visit, settings: Settings, tmp_path: Path
) -> None:
    asked = {"hours": "3", "at": rain_map.slot_before(clock.now()).isoformat()}
    before = visit("duty").get(reverse("rain_data"), asked).json()
    settings.ANLAN_ARCHIVE = tmp_path
    archive_month(date(2024, 7, 1), by=the_program("tests"), now=clock.now())
    forget_windows()
    assert visit("duty").get(reverse("rain_data"), asked).json() == before


def test_a_town_sees_its_own_rain_and_outline(storm: Evening, visit: Visit) -> None:
    visit("duty").get(reverse("rain_data"), {"division": COUNTY})
    for asked in ({}, {"division": COUNTY}, {"division": UPPER}):
        names = {row[3] for row in visit("lower").get(reverse("rain_data"), asked).json()["gauges"]}
        assert names == {"lower rain", "gauge 2", "gauge 5", "gauge 8", "gauge 11"}, asked
    text = visit("lower").get(reverse("rain_map")).content.decode()
    assert "上河镇" not in text
    assert "gauge 10" not in text


def test_a_silent_gauge_is_marked(storm: Evening, visit: Visit) -> None:
    gauge = Station.objects.get(name="gauge 3")
    since = clock.now() - timedelta(hours=3)
    Silence.objects.create(station=gauge, since=since, noticed_at=since)
    data = visit("duty").get(reverse("rain_data")).json()
    assert {row[3] for row in data["gauges"] if row[4]} == {"gauge 3"}


def test_two_gauges_are_no_field(evening: Evening, visit: Visit) -> None:
    page = visit("duty").get(reverse("rain_map"))
    assert page.status_code == 200
    assert visit("duty").get(reverse("rain_data")).json()["bands"] == []
