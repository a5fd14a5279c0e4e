"""The page of one station, its chart's data, its single readings, and what is asked of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.monitoring.api import ingest_readings
from anlan.monitoring.data import CommandState, Measure, Protocol, Quality, RawReading
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.models import (
    Overruling,
    Picture,
    QualityLimit,
    Reading,
    Silence,
    Station,
    StationCommand,
    StationContact,
    StationMonth,
)
from anlan.monitoring.queries.warned import ISSUED
from anlan.registry.data import Colour, Hazard
from tests.cast import LOWER, UPPER, crossed, limit
from tests.entrance import logged_in
from tests.evening import Evening
from tests.rooms.web.conftest import Visit
from tests.weather import pass_time

MOST_QUERIES = 20
STEP = timedelta(minutes=5)


def measured(station: Station, rows: Iterable[tuple[datetime, str, float]]) -> None:
    """Take readings of a station in and let the rules see them."""
    ingest_readings(
        [RawReading(station.address, code, at, value, "") for at, code, value in rows],
        protocol=Protocol.SL651,
        peer="test",
        by=the_program("tests"),
        now=clock.now(),
    )
    pass_time(0)


def risen(evening: Evening, *, count: int = 36) -> Station:
    """Let the river have risen by a centimetre every five minutes until now."""
    river = evening.cast.stations["river"]
    now = clock.now()
    measured(
        river,
        [(now - STEP * (count - 1 - n), "Z", 101.0 + n / 100) for n in range(count)],
    )
    return river


def english(evening: Evening, name: str) -> Client:
    """Return a browser that asks for English."""
    return logged_in(evening.accounts[name], language="en")


def chart(client: Client, station: Station, **asked: Any) -> dict[str, Any]:
    """Return the document of a chart."""
    now = clock.now()
    span = {"from": (now - timedelta(hours=6)).isoformat(), "to": now.isoformat()}
    answer = client.get(reverse("station_series", args=[station.pk]), {**span, **asked})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_page_shows_what_a_station_is_and_was(evening: Evening) -> None:
    river = risen(evening)
    now = clock.now()
    StationContact.objects.update_or_create(
        station=river, defaults={"heard_at": now, "drift_s": 42.0}
    )
    StationMonth.objects.create(
        station=river,
        month=now.date().replace(day=1),
        expected=200,
        received=150,
        counted_to=now.date(),
    )
    Silence.objects.create(
        station=river, since=now - timedelta(hours=9), noticed_at=now, ended_at=now
    )
    crossed(evening.cast, gauge="river", hazard=Hazard.RIVER_FLOOD, colour=Colour.YELLOW, value=102)
    StationCommand.objects.create(
        station=river, function=0x37, parameters={"question": "interval", "minutes": 10},
        asked_by="somebody", asked_at=now, expires_at=now, state=CommandState.ANSWERED,
        answer={"report_hours": 1.0},
    )  # fmt: skip
    client = english(evening, "duty")
    with CaptureQueriesContext(connection) as asked:
        text = client.get(reverse("station", args=[river.pk])).content.decode()
    for word in (
        "0990701003", "42 s fast", "75 %", "9 hours", "river flood", "water level",
        "102.00 m", "103.00 m", "104.00 m", "10 min", "reports every 1 h", "101.35 m",
    ):  # fmt: skip
        assert word in text, word
    assert len(asked) <= MOST_QUERIES, [each["sql"][:90] for each in asked]


def test_the_table_says_what_the_chart_shows(evening: Evening, visit: Visit) -> None:
    river = risen(evening)
    page = visit("duty").get(reverse("station", args=[river.pk]), {"span": "6h"})
    rows = page.context["table"]
    low = min(cell[0] for row in rows for _code, cell in row.cells)
    high = max(cell[1] for row in rows for _code, cell in row.cells)
    assert (low, high) == (101.0, 101.35)
    rain = evening.cast.stations["upper rain"]
    rows = visit("duty").get(reverse("station", args=[rain.pk])).context["table"]
    assert sum(cell[0] for row in rows for _code, cell in row.cells) == 24.0


def test_a_station_that_never_spoke_says_so(evening: Evening) -> None:
    quiet = evening.cast.stations["river"]
    text = english(evening, "duty").get(reverse("station", args=[quiet.pk])).content.decode()
    assert "sent nothing yet" in text


def test_the_chart_has_lines_bars_limits_and_shades(evening: Evening, visit: Visit) -> None:
    river = risen(evening)
    crossed(evening.cast, gauge="river", hazard=Hazard.RIVER_FLOOD, colour=Colour.YELLOW, value=102)
    client = visit("duty")
    (level,) = chart(client, river, element=["Z"])["series"]
    assert level["kind"] == "line"
    assert len(level["points"]) == 36
    assert level["points"][-1][1] == 101.35
    assert [each["value"] for each in level["limits"]] == [102.0, 103.0, 104.0]
    assert [each["colour"] for each in level["spans"]] == [Colour.YELLOW]
    (rain,) = chart(client, evening.cast.stations["upper rain"], element=["PN05"])["series"]
    assert rain["kind"] == "bars"
    assert sum(point[1] for point in rain["points"]) == 24.0
    assert rain["spans"]


def test_the_chart_shows_the_warnings_of_the_villages_it_speaks_for(
    evening: Evening, visit: Visit
) -> None:
    rain = evening.cast.stations["upper rain"]
    issued = evening.warning
    found = chart(visit("duty"), rain, element=["PN05"])["warnings"]
    last = int(issued.issued_at.timestamp() * 1000)
    assert (last, int(issued.colour)) in {(each["at"], each["colour"]) for each in found}
    assert all(str(Hazard.FLASH_FLOOD.label) in each["label"] for each in found)
    assert chart(visit("upper"), rain, element=["PN05"])["warnings"] == found
    before = {"to": (issued.issued_at - timedelta(hours=1)).isoformat(), "element": ["PN05"]}
    assert chart(visit("duty"), rain, **before)["warnings"] == []


def test_a_warning_of_another_town_or_hazard_is_not_of_the_station(
    evening: Evening, visit: Visit
) -> None:
    rain, now = evening.cast.stations["upper rain"], clock.now()
    before = chart(visit("duty"), rain, element=["PN05"])["warnings"]
    for town, hazard in ((LOWER, Hazard.FLASH_FLOOD), (UPPER, Hazard.FOREST_FIRE)):
        journal.record(
            ISSUED, by=the_program("tests"), now=now, division_code=town,
            detail={"hazard": hazard.value, "colour": int(Colour.RED)},
        )  # fmt: skip
    assert chart(visit("duty"), rain, element=["PN05"])["warnings"] == before


def test_a_village_sees_what_its_own_gauge_led_to_and_no_more(
    evening: Evening, visit: Visit
) -> None:
    """The town's other warnings are out of its sight."""
    rain, now = evening.cast.stations["upper rain"], clock.now()
    county = chart(visit("duty"), rain, element=["PN05"])["warnings"]
    journal.record(
        ISSUED, by=the_program("tests"), now=now, division_code=UPPER, cause="exceedance:0",
        detail={"hazard": Hazard.FLASH_FLOOD.value, "colour": int(Colour.RED)},
    )  # fmt: skip
    assert len(chart(visit("duty"), rain, element=["PN05"])["warnings"]) == len(county) + 1
    assert chart(visit("slope"), rain, element=["PN05"])["warnings"] == county


def test_only_the_sum_of_a_bar_stands_as_a_limit_of_rain(evening: Evening, visit: Visit) -> None:
    rain = evening.cast.stations["upper rain"]
    now = clock.now()
    wide = {"from": (now - timedelta(days=30)).isoformat(), "element": ["PN05"]}
    (hourly,) = chart(visit("duty"), rain, **wide)["series"]
    assert hourly["step"] == 3_600_000
    assert {each["value"] for each in hourly["limits"]} == {20.0, 30.0, 50.0}
    (fine,) = chart(visit("duty"), rain, element=["PN05"])["series"]
    assert fine["limits"] == []


def test_what_is_doubtful_or_excluded_is_marked(evening: Evening, visit: Visit) -> None:
    QualityLimit.objects.create(element="Z", low=50, high=200, step=0.5, source="tests")
    river = risen(evening)
    now = clock.now()
    measured(river, [(now + timedelta(seconds=60), "Z", 103.9), (now + STEP, "Z", 999.0)])
    later = {"to": (now + STEP).isoformat(), "element": ["Z"]}
    (level,) = chart(visit("duty"), river, **later)["series"]
    assert [(each[1], each[3]) for each in level["marked"]] == [(103.9, 0), (999.0, 1)]
    assert max(point[1] for point in level["points"]) == 103.9


def test_nothing_new_is_sent_where_nothing_has_changed(evening: Evening, visit: Visit) -> None:
    river = risen(evening)
    client, address = visit("duty"), reverse("station_series", args=[river.pk])
    first = client.get(address, {"element": "Z", "span": "6h"})
    assert "private" in first.headers["Cache-Control"]
    asked = {"if-none-match": first.headers["ETag"]}
    assert client.get(address, {"element": "Z", "span": "6h"}, headers=asked).status_code == 304
    measured(river, [(clock.now() + timedelta(seconds=30), "Z", 101.5)])
    later = client.get(address, {"element": "Z", "span": "6h"}, headers=asked)
    assert later.status_code == 200
    asked = {"if-none-match": later.headers["ETag"]}
    journal.record(
        ISSUED, by=the_program("tests"), now=clock.now(), division_code=UPPER,
        detail={"hazard": Hazard.RIVER_FLOOD.value, "colour": int(Colour.RED)},
    )  # fmt: skip
    assert client.get(address, {"element": "Z", "span": "6h"}, headers=asked).status_code == 200
    assert visit("lower").get(address, headers=asked).status_code == 404


def test_nonsense_is_answered(evening: Evening, visit: Visit) -> None:
    river = risen(evening)
    asked = {"element": ["nonsense", "Z\x00", ""], "from": "x", "to": "9999-99-99", "span": "?"}
    client = visit("duty")
    assert client.get(reverse("station_series", args=[river.pk]), asked).status_code == 200
    page = client.get(reverse("station", args=[river.pk]), {**asked, "page": "x"})
    assert page.status_code == 200
    assert page.context["span_fault"]
    readings = {"element": "Q", "from": "2024-01-01", "to": "2030-01-01", "page": "9" * 99}
    assert client.get(reverse("station_readings", args=[river.pk]), readings).status_code == 200
    assert client.get(reverse("station_readings", args=[river.pk]), asked).status_code == 200


def test_a_person_strikes_a_reading_out_and_lets_it_count_again(
    evening: Evening, visit: Visit
) -> None:
    river = risen(evening)
    last = Reading.objects.filter(station=river, element=LEVEL).order_by("-observed_at")[0]
    key = str(round(last.observed_at.timestamp() * 1_000_000))
    client, address = visit("duty"), reverse("station_overrule", args=[river.pk])
    form = {"element": "Z", "reading": key, "quality": "21", "reason": "帆布挂在浮子上"}
    assert client.post(address, form).status_code == 302
    last.refresh_from_db()
    assert last.quality == Quality.REJECTED
    shown = client.get(reverse("station_readings", args=[river.pk]), {"element": "Z"})
    assert "帆布挂在浮子上" in shown.content.decode()
    assert shown.context["list"].rows[0].is_excluded
    assert client.post(address, {**form, "quality": "1", "reason": "实为真"}).status_code == 302
    last.refresh_from_db()
    assert last.quality == Quality.ACCEPTED
    assert Overruling.objects.count() == 2


def test_a_word_without_reason_or_permission_changes_nothing(
    evening: Evening, visit: Visit
) -> None:
    river = risen(evening)
    last = Reading.objects.filter(station=river, element=LEVEL).order_by("-observed_at")[0]
    key = str(round(last.observed_at.timestamp() * 1_000_000))
    address = reverse("station_overrule", args=[river.pk])
    form = {"element": "Z", "reading": key, "quality": "21", "reason": "x"}
    assert visit("upper").post(address, form).status_code == 403
    assert visit("lower").post(address, form).status_code == 404
    client = visit("duty")
    for bad in ({"reason": " "}, {"quality": "0"}, {"quality": "x"}, {"element": "?"}):
        assert client.post(address, {**form, **bad}).status_code == 302, bad
    assert client.post(address, {**form, "reading": "x"}).status_code == 404
    last.refresh_from_db()
    assert last.quality == Quality.GOOD


def test_readings_are_narrowed_by_quality(evening: Evening, visit: Visit) -> None:
    QualityLimit.objects.create(element="Z", low=50, high=200, source="tests")
    river = risen(evening)
    measured(river, [(clock.now() + timedelta(seconds=60), "Z", 999.0)])
    asked = {
        "element": "Z",
        "from": (clock.now() - timedelta(hours=6)).isoformat(),
        "to": (clock.now() + STEP).isoformat(),
    }
    client, address = visit("duty"), reverse("station_readings", args=[river.pk])
    for kind, count in (("", 37), ("excluded", 1), ("doubtful", 0), ("overruled", 0)):
        shown = client.get(address, {**asked, "kind": kind}).context["list"]
        assert shown.total == count, kind


def test_a_command_waits_for_the_station(evening: Evening, visit: Visit) -> None:
    river = evening.cast.stations["river"]
    address = reverse("station_ask", args=[river.pk])
    client = visit("duty")
    assert client.post(address, {"what": "interval", "minutes": "10"}).status_code == 302
    command = StationCommand.objects.get()
    assert command.state == CommandState.WAITING
    assert command.parameters == {"question": "interval", "minutes": 10}
    for bad in ({"what": "interval", "minutes": "90"}, {"what": "nonsense"}, {}):
        assert client.post(address, bad).status_code == 302
    assert visit("upper").post(address, {"what": "clock"}).status_code == 403
    assert visit("lower").post(address, {"what": "clock"}).status_code == 404
    assert StationCommand.objects.count() == 1


def test_a_picture_is_shown_to_whoever_sees_the_station(evening: Evening, visit: Visit) -> None:
    river = evening.cast.stations["river"]
    row = Picture.objects.create(station=river, observed_at=clock.now(), content=b"\xff\xd8\xff")
    address = reverse("station_picture", args=[row.pk])
    answer = visit("duty").get(address)
    assert answer.content == b"\xff\xd8\xff"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert visit("lower").get(address).status_code == 404


def test_limits_of_its_own_take_the_place_of_the_common_ones(
    evening: Evening, visit: Visit
) -> None:
    rain = evening.cast.stations["upper rain"]
    limit(Hazard.FLASH_FLOOD, element="PN05", window_h=1, colour=Colour.RED, value=44, station=rain)
    page = visit("duty").get(reverse("station", args=[rain.pk]))
    flash = [x for x in page.context["limits"] if x.hazard is Hazard.FLASH_FLOOD]
    assert [(x.value, x.measure) for x in flash] == [(44.0, Measure.SUM)]
    assert any(x.hazard is Hazard.GEOHAZARD for x in page.context["limits"])
