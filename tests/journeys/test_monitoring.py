"""At the gauges: the list, a chart looked at closely by mouse and keyboard, the rain map."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.api import ingest_readings
from anlan.monitoring.data import Protocol, RawReading
from tests.evening import Evening
from tests.journeys.test_pages import log_in
from tests.weather import pass_time

pytestmark = pytest.mark.journey
PHONE = ViewportSize(width=390, height=844)
CHART = "#station-chart[data-ready]"


@pytest.fixture
def risen(evening: Evening) -> Evening:
    """Let the river have risen for forty hours, with rain beside it."""
    river, now = evening.cast.stations["river"], clock.now()
    rows = [
        RawReading(river.address, code, now - timedelta(minutes=5 * n), value, "")
        for n in range(480)
        for code, value in (("Z", 102.4 - n / 400), ("PN05", 0.5 if n % 40 < 8 else 0.0))
    ]
    ingest_readings(
        rows, protocol=Protocol.SL651, peer="test", by=the_program("tests"), now=clock.now()
    )
    pass_time(0)
    return evening


def width_of(page: Page) -> int:
    """Return how many hours the chart shows."""
    box = page.locator(CHART)
    start, end = box.get_attribute("data-from"), box.get_attribute("data-to")
    return round((int(end or 0) - int(start or 0)) / 3_600_000)


def test_a_chart_is_looked_at_closely(page: Page, risen: Evening) -> None:
    log_in(page, "duty")
    page.locator(".top-nav a[href='/monitoring/stations/']").click()
    page.get_by_role("link", name="river", exact=True).click()
    box = page.locator(CHART)
    expect(box).to_be_visible()
    assert width_of(page) == 72
    whole = page.locator("#chart-says").inner_text()
    assert "102.40" in whole
    assert "江河洪水 黄色" in whole, "the warnings issued are told beside the values"
    with page.expect_response(lambda answer: "series.json" in answer.url) as asked:
        page.locator("[data-chart='in']").click()
    assert asked.value.ok
    expect(box).not_to_have_attribute("data-from", "")
    page.wait_for_function("() => document.getElementById('chart-says').textContent !== ''")
    expect(page.locator("#chart-says")).not_to_have_text(whole)
    assert width_of(page) == 36
    box.focus()
    for key in ("+", "ArrowRight", "ArrowLeft", "-"):
        box.press(key)
    with page.expect_response(lambda answer: "series.json" in answer.url):
        box.press("Home")
    expect(page.locator("#chart-says")).to_have_text(whole)
    assert width_of(page) == 72


def test_a_wheel_and_a_span_of_ones_own(page: Page, risen: Evening) -> None:
    log_in(page, "duty")
    page.goto(f"/monitoring/stations/{risen.cast.stations['river'].pk}/?span=24h")
    box = page.locator(CHART)
    expect(box).to_be_visible()
    assert width_of(page) == 24
    box.hover()
    page.keyboard.down("Control")
    with page.expect_response(lambda answer: "series.json" in answer.url):
        page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    page.wait_for_function(
        "() => { const box = document.getElementById('station-chart');"
        " return box.dataset.to - box.dataset.from < 24 * 3600e3; }"
    )
    page.locator(".chart-span input[name='from']").fill("2024-07-15T08:00")
    page.locator(".chart-span input[name='to']").fill("2024-07-15T20:00")
    page.locator(".chart-span button").click()
    expect(page.locator(CHART)).to_be_visible()
    assert width_of(page) == 12


def test_the_rain_map_is_drawn_and_tells_of_a_gauge(page: Page, risen: Evening) -> None:
    log_in(page, "duty")
    page.goto("/monitoring/rain/?hours=6")
    box = page.locator("#rain-map[data-ready]")
    expect(box).to_be_visible()
    frame = box.bounding_box()
    assert frame
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    page.locator(".most-rain a").first.click()
    expect(page.locator(CHART)).to_be_visible()
    page.goto("/monitoring/rain/?hours=24&view=print")
    expect(page.locator(".rain-sheet svg")).to_be_visible()


def test_the_pages_on_a_phone(page: Page, risen: Evening) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, "duty")
    river = risen.cast.stations["river"].pk
    for path in (
        "stations/", f"stations/{river}/", f"stations/{river}/readings/", "rain/", "unknown/",
        f"stations/{river}/thresholds/", f"stations/{river}/villages/", "stations/new/",
    ):  # fmt: skip
        page.goto(f"/monitoring/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
