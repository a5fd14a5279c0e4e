"""A rule is written on its page, tested on what was measured, judged by a person, put in force."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from anlan.monitoring.models import RuleVersion
from tests.cast import moment
from tests.evening import Evening
from tests.journeys.test_pages import log_in
from tests.rooms.monitoring.rules import measured
from tests.weather import pass_time

pytestmark = pytest.mark.journey
PHONE = ViewportSize(width=390, height=844)


def fill(page: Page, row: int, **fields: str) -> None:
    """Type into one row of the form."""
    for name, value in fields.items():
        box = page.locator(f"[name='{name}-{row}']")
        if name in ("colour", "measure"):
            box.select_option(value)
        else:
            box.fill(value)


def wide(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


def test_from_the_form_to_the_rule_in_force(page: Page, evening: Evening) -> None:
    gauge = evening.cast.stations["upper rain"]
    for day in ("2024-02-03", "2024-05-03"):
        measured(gauge, [6.0] * 8, start=moment(f"{day} 10:00"))
    log_in(page, "duty")
    page.locator(".top-nav a[href='/monitoring/stations/']").click()
    page.locator(".chips a[href='/monitoring/rules/']").click()
    page.locator("a[href='/monitoring/rules/new/']").click()
    page.locator("[name='name']").first.fill("小时雨量")
    page.locator("[name='source']").fill("县山洪灾害防御预案")
    page.locator("[name='hazard']").select_option("flash_flood")
    fill(page, 1, colour="2", value="20")
    rows = page.locator("[data-rule-rows] tr")
    before = rows.count()
    page.locator("[data-add-row]").click()
    expect(rows).to_have_count(before + 1)
    fill(page, before + 1, colour="4", element="PN05", window_min="60", value="40")
    page.locator("form[novalidate] .btn-lg").click()
    version = RuleVersion.objects.get()
    page.goto(f"/monitoring/rule-versions/{version.pk}/")
    page.locator("[name='since']").fill("2024-01-01")
    page.locator("[name='until']").fill("2024-06-30")
    page.locator("form.filters .btn-primary").click()
    expect(page.locator("progress")).to_be_visible()
    pass_time(0)
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator(".time-line rect")).to_have_count(2)
    page.locator("#event-1 [value='false']").click()
    expect(page.locator("#event-1 .event-false")).to_be_visible()
    page.locator("[href$='/in-force/']").click()
    page.locator("form .btn-lg").click()
    expect(page.locator(".rule-live").first).to_be_visible()
    version.refresh_from_db()
    assert version.state == "live"


def test_the_pages_fit_a_phone(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    page.set_viewport_size(PHONE)
    for address in ("/monitoring/rules/", "/monitoring/rules/new/", "/monitoring/critical-rain/"):
        page.goto(address)
        assert not wide(page), address
