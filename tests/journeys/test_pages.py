"""An evening at the screen: the map, a warning answered, the timeline, the report."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from anlan.warning.data import SummonsState
from tests.evening import PASSWORD, Evening

pytestmark = pytest.mark.journey
PHONE = ViewportSize(width=390, height=844)


def log_in(page: Page, username: str) -> None:
    """Log in with the keyboard alone, and wait for the map."""
    page.goto("/")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#map[data-ready]")).to_be_visible()


def go(page: Page, name: str) -> None:
    """Follow an entry of the navigation."""
    page.get_by_role("navigation").get_by_role("link", name=name).locator("visible=true").click()


def count(page: Page, colour: int) -> int:
    """Return how many villages the slider counts under a colour."""
    return int(page.locator(f"[data-count='{colour}']").inner_text())


def test_the_map_replays_the_evening(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    slider = page.locator("#slider[data-ready]")
    expect(slider).to_be_enabled()
    colour = evening.warning.colour
    slider.press("End")
    assert count(page, colour) == 3
    end = page.locator("#moment").inner_text()
    slider.press("Home")
    assert count(page, colour) == 0
    assert page.locator("#moment").inner_text() < end
    slider.press("ArrowRight")
    assert slider.input_value() == "1"
    page.locator("#play").click()
    expect(page.locator("#play-word")).to_have_text("播放")  # it has run to the end
    assert slider.input_value() == slider.get_attribute("max")


def test_layers_are_switched_and_a_click_tells_facts(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    for box in page.locator("[data-layer]").all():
        box.set_checked(not box.is_checked())
        box.set_checked(not box.is_checked())
    page.locator("[data-layer='gauges']").uncheck()
    frame = page.locator("#map").bounding_box()
    assert frame
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    expect(page.locator(".leaflet-popup-content")).to_contain_text("村")


def test_the_person_called_answers_from_the_list(page: Page, evening: Evening) -> None:
    log_in(page, "slope")
    go(page, "预警")
    page.get_by_role("link", name=re.compile("上河镇 · 山洪灾害")).first.click()
    expect(page.locator("table")).to_contain_text("等待应答")
    page.get_by_role("button", name="我已收到，正在处置").click()
    expect(page.get_by_role("status")).to_contain_text("已为坡下村记录")
    call = evening.call_of("slope leader")
    assert call.state == SummonsState.ACKNOWLEDGED


def test_the_inbox_on_a_phone(page: Page, evening: Evening) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, "slope")
    go(page, "收件箱")
    buttons = page.get_by_role("button", name="我已收到，正在处置")
    waiting = buttons.count()
    assert waiting >= 1
    buttons.first.click()
    expect(buttons).to_have_count(waiting - 1)
    page.get_by_role("button", name="完成").first.click()
    expect(page.get_by_role("status")).to_contain_text("已登记完成")
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, "the page can be pushed sideways"


def test_an_officer_records_an_answer_by_phone(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    page.goto(f"/warnings/{evening.warning.uuid}/")
    row = page.get_by_role("row").filter(has_text="bank leader")
    row.get_by_text("电话已应答").click()
    row.get_by_role("button", name="登记应答").click()
    expect(page.get_by_role("status")).to_contain_text("河边村")
    assert evening.call_of("bank leader").answered_via == "phone"


def test_the_timeline_opens_an_hour_and_filters(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    go(page, "事件")
    page.get_by_role("link", name=evening.incident.name).click()
    page.locator(".hour-head").first.click()
    expect(page.locator(".entries")).to_contain_text("预警")
    page.get_by_role("navigation", name="只看").get_by_role("link", name="任务").click()
    page.locator(".hour-head").first.click()
    expect(page.locator(".entries")).to_contain_text("village patrols")
    expect(page.locator(".entries")).not_to_contain_text("发布")


def test_the_report_is_read_and_fits_a_sheet(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    go(page, "报告")
    page.get_by_role("link", name=evening.incident.name).click()
    expect(page.locator("main")).to_contain_text("叫应人次")
    expect(page.get_by_role("row").filter(has_text="上河镇")).to_be_visible()
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


def test_the_language_is_switched_and_stays(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("navigation").first).to_contain_text("Warnings")
    go(page, "Warnings")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Warnings")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("预警")


def test_another_town_sees_nothing_of_it(page: Page, evening: Evening) -> None:
    log_in(page, "lower")
    expect(page.locator(".replay-none")).to_be_visible()
    for name in ("预警", "事件", "报告", "收件箱"):
        go(page, name)
        expect(page.locator("main")).not_to_contain_text("上河镇")
        expect(page.locator(".empty")).to_be_visible()


def test_whoever_logs_out_is_out(page: Page, evening: Evening) -> None:
    log_in(page, "duty")
    page.locator(".user summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.goto("/warnings/")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
