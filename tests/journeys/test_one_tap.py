"""A message on a cheap phone: the link, one tap, and later what was done."""

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from anlan.warning.core.links import token_for
from anlan.warning.data import Purpose, SummonsState
from anlan.warning.models import Delivery
from tests.evening import Evening
from tests.journeys.conftest import watch

pytestmark = pytest.mark.journey
PHONE = ViewportSize(width=390, height=844)


def test_one_tap_at_the_size_of_a_phone(
    browser: Browser, live_server: LiveServer, evening: Evening, settings: Settings
) -> None:
    call = evening.call_of("slope leader")
    letter = Delivery.objects.get(summons=call, purpose=Purpose.CALL, turn=0).letter
    token = token_for(letter, key=settings.SECRET_KEY)
    context = browser.new_context(viewport=PHONE, locale="zh-CN", base_url=live_server.url)
    page = context.new_page()
    faults = watch(page, home=live_server.url)
    page.goto(f"/a/{token}")
    expect(page.get_by_role("heading", name="坡下村")).to_be_visible()
    received = page.get_by_role("button", name="我已收到，正在处置")
    box = received.bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE["height"], "the first answer is seen without scrolling"
    assert box["width"] > 300
    received.click()
    expect(page.get_by_role("status")).to_contain_text("您的答复已记录")
    call.refresh_from_db()
    assert call.state == SummonsState.ACKNOWLEDGED
    page.get_by_label("已通知人数").fill("12")
    page.get_by_label("已转移人数").fill("8")
    page.get_by_role("button", name="上报落实情况").click()
    expect(page.get_by_role("status")).to_contain_text("您的答复已记录")
    call.refresh_from_db()
    assert (call.notified, call.moved) == (12, 8)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto("/a/nonsense")
    expect(page.get_by_role("heading", name="链接无效")).to_be_visible()
    context.close()
    assert not [fault for fault in faults if "404" not in fault], faults
