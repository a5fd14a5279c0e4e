"""The list of stations: what it shows, how it is narrowed, who sees what, and what it costs."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.kernel.sheets.reading import open_book
from anlan.monitoring.data import Quality
from anlan.monitoring.elements import LEVEL, RAIN, VOLTAGE
from anlan.monitoring.models import LatestReading, Silence, Station, StationContact
from anlan.registry.data import Colour, DivisionKind, Role
from anlan.registry.models import Division
from tests.cast import FORD, LOWER, SLOPE, UPPER, crossed
from tests.entrance import OTHER_COUNTY, logged_in, opened
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

MOST_QUERIES = 20


def page(client: Client, **asked: str) -> str:
    """Return the list as somebody sees it."""
    answer = client.get(reverse("stations"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def english(evening: Evening, name: str) -> Client:
    """Return a browser that asks for English."""
    return logged_in(evening.accounts[name], language="en")


def level(station: Station, value: float, *, quality: Quality = Quality.GOOD) -> None:
    """Let a gauge have measured a level now."""
    LatestReading.objects.create(
        station=station, element=LEVEL, observed_at=clock.now(), value=value, quality=quality
    )


def test_a_row_says_what_was_measured_and_since_when(evening: Evening, visit: Visit) -> None:
    river = evening.cast.stations["river"]
    level(river, 101.25)
    LatestReading.objects.create(
        station=river, element=VOLTAGE, observed_at=clock.now(), value=12.6
    )
    StationContact.objects.create(station=river, heard_at=clock.now() - timedelta(minutes=7))
    text = page(english(evening, "duty"))
    for word in ("river gauge", "101.25 m", "12.60 V", "7 minutes ago", "上河镇", "河边村"):
        assert word in text, word


def test_rain_is_summed_up_over_an_hour_and_a_day(evening: Evening, visit: Visit) -> None:
    text = page(visit("duty"))
    assert "24.0 mm" in text  # six times 4 mm within the last hour


def test_colour_is_told_in_words(evening: Evening, visit: Visit) -> None:
    text = page(english(evening, "duty"), q="upper rain")
    assert ">yellow<" in text
    assert "mountain flood" in text


def test_a_silent_station_says_so(evening: Evening, visit: Visit) -> None:
    since = clock.now() - timedelta(hours=5)
    Silence.objects.create(station=evening.cast.stations["river"], since=since, noticed_at=since)
    assert "silent for 5 hours" in page(english(evening, "duty"))
    shown = visit("duty").get(reverse("stations"), {"state": "silent"}).context["list"]
    assert [row.name for row in shown.rows] == ["river"]


def test_the_doubtful_are_found(evening: Evening, visit: Visit) -> None:
    level(evening.cast.stations["river"], 109.0, quality=Quality.RATE)
    shown = visit("duty").get(reverse("stations"), {"state": "doubtful"})
    assert [row.name for row in shown.context["list"].rows] == ["river"]
    assert "changed too fast" in page(english(evening, "duty"))
    assert shown.context["standing"].doubtful == 1


ALL = {"upper rain", "lower rain", "river"}
NARROWED: tuple[tuple[dict[str, str], set[str]], ...] = (
    ({}, ALL),
    ({"kind": "H"}, {"river"}),
    ({"division": UPPER}, {"upper rain", "river"}),
    ({"division": LOWER}, {"lower rain"}),
    ({"division": SLOPE}, {"upper rain"}),
    ({"q": "0990701002"}, {"lower rain"}),
    ({"q": "RAIN"}, {"upper rain", "lower rain"}),
    ({"state": "over"}, {"upper rain"}),
    ({"colour": str(Colour.YELLOW.value)}, {"upper rain"}),
    ({"colour": str(Colour.RED.value)}, set()),
    ({"kind": "x", "division": "1", "colour": "9", "state": "?", "page": "-1"}, ALL),
)


def test_the_list_is_narrowed(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    for asked, wanted in NARROWED:
        rows = client.get(reverse("stations"), asked).context["list"].rows
        assert {row.name for row in rows} == wanted, asked


def test_the_severest_come_first_among_those_over_a_threshold(
    evening: Evening, visit: Visit
) -> None:
    crossed(evening.cast, gauge="lower rain", colour=Colour.RED)
    answer = visit("duty").get(reverse("stations"), {"state": "over"})
    assert [row.name for row in answer.context["list"].rows] == ["lower rain", "upper rain"]
    assert answer.context["standing"].over == {Colour.RED: 1, Colour.YELLOW: 1}


def test_a_town_sees_its_own_stations_only(evening: Evening, visit: Visit) -> None:
    answer = visit("lower").get(reverse("stations"), {"division": UPPER})
    assert answer.context["list"].rows == []
    text = page(visit("lower"))
    assert "lower rain" in text
    for word in ("upper rain", "river", "上河镇"):
        assert word not in text, word
    assert answer.context["standing"].over == {}


def test_another_county_sees_none(evening: Evening) -> None:
    Division.objects.create(code=OTHER_COUNTY, kind=DivisionKind.COUNTY, name="邻县")
    client = logged_in(opened("far-admin", Role.ADMINISTRATOR, OTHER_COUNTY))
    assert client.get(reverse("stations")).context["list"].rows == []
    river = evening.cast.stations["river"]
    for address in ("station", "station_readings", "station_series", "station_edit"):
        assert client.get(reverse(address, args=[river.pk])).status_code == 404, address


def test_the_export_holds_what_is_listed(evening: Evening, visit: Visit) -> None:
    level(evening.cast.stations["river"], 101.25)
    answer = visit("duty").get(reverse("stations_export"), {"kind": "H"})
    assert answer.status_code == 200
    (grid,) = open_book("stations.xlsx", answer.content).sheets
    rows = grid.rows
    assert len(rows) == 2
    assert "river" in rows[1]
    assert 101.25 in rows[1]
    assert JournalEntry.objects.filter(act="sheet.exported", subject="table:stations").exists()


def test_nobody_takes_stations_away_without_the_permission(evening: Evening, visit: Visit) -> None:
    assert visit("slope").get(reverse("stations_export")).status_code == 403


def test_the_list_asks_little_however_many_stations_there_are(
    evening: Evening, visit: Visit
) -> None:
    now = clock.now()
    stations = Station.objects.bulk_create(
        Station(address=f"09907{n:05d}", division_id=FORD, kind="P", name=f"n{n}", lon=1, lat=1)
        for n in range(2_000, 2_120)
    )
    LatestReading.objects.bulk_create(
        LatestReading(station=each, element=element, observed_at=now, value=1.0)
        for each in stations
        for element in (RAIN, VOLTAGE, 1_200)
    )
    client = visit("duty")
    with CaptureQueriesContext(connection) as asked:
        text = page(client, page="2")
    assert "n2050" in text
    assert len(asked) <= MOST_QUERIES, [each["sql"][:90] for each in asked]
