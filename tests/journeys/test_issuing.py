"""A warning drawn on the map, looked at and issued, at the office and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from anlan.warning.data import WarningState
from anlan.warning.models import HazardWarning, WarningArea, WarningDraft
from tests.cast import BANK
from tests.evening import Evening
from tests.journeys.test_pages import PHONE, log_in

pytestmark = pytest.mark.journey
HERE = ((0.3, 0.3), (0.6, 0.3), (0.6, 0.7), (0.3, 0.7))


@pytest.mark.parametrize("is_phone", [False, True])
def test_an_area_is_drawn_and_its_villages_are_warned(
    page: Page, evening: Evening, *, is_phone: bool
) -> None:
    log_in(page, "duty")
    if is_phone:
        page.set_viewport_size(PHONE)
    page.goto("/warnings/")
    page.locator("a[href='/warnings/new/']").click()
    page.locator("select[name=hazard]").select_option("river_flood")
    page.locator("input[name=colour][value='3']").check()
    page.locator(".drawing summary").click()
    expect(page.locator("#draw-map[data-ready]")).to_be_visible()
    drawing = page.locator("#draw-map")
    box = drawing.bounding_box()
    assert box
    for x, y in HERE:
        drawing.click(position={"x": box["width"] * x, "y": box["height"] * y})
    page.locator("#draw-close").click()
    expect(page.locator("#draw-list li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("form.drafting button.btn-lg").click()
    expect(page.locator(".btn-issue")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".btn-issue").click()
    expect(page.locator(".notice-success")).to_be_visible()
    draft = WarningDraft.objects.get()
    issued = HazardWarning.objects.filter(family=draft.family)
    assert {row.state for row in issued} == {WarningState.OPEN}
    assert WarningArea.objects.filter(warning__in=issued, division_id=BANK).exists()


def test_a_place_is_found_by_a_part_of_its_name(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    page.goto("/warnings/new/")
    page.locator("#place-word").fill("ford s")
    expect(page.locator("#place-list option")).to_have_count(1)
    page.locator("#place-word").fill("ford school（渡口村）")
    page.locator("#place-add").click()
    expect(page.locator("#places")).to_have_value("ford school（渡口村）")
