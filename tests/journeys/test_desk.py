"""The duty desk by keys alone: an answer on one desk is seen on another; and on a phone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.data import SummonsState
from anlan.warning.models import Delivery, Summons
from anlan.warning.queries.desk import desk_rows
from tests.evening import Evening
from tests.journeys.conftest import watch
from tests.journeys.test_pages import PHONE, log_in

pytestmark = pytest.mark.journey
SECOND_MS = 1_000
GRID, SELECTED = "#desk-grid", "#desk-grid [aria-selected='true']"


@pytest.fixture
def another(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[], Page]]:
    """Open further desks, in which nothing may go wrong either."""
    contexts, faults = [], []

    def opened() -> Page:
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=live_server.url
        )
        contexts.append(context)
        page = context.new_page()
        faults.append(watch(page, home=live_server.url))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not any(faults), faults


def open_desk(page: Page, name: str) -> None:
    """Log in and go to the desk by its keys."""
    log_in(page, name)
    page.goto("/desk/")
    expect(page.locator("#desk[data-ready]")).to_be_visible()
    expect(page.locator(GRID)).to_be_focused()
    expect(page.locator("#desk-live")).to_contain_text("●")


def selected(page: Page) -> str:
    """Return the call that the keys are about."""
    return str(page.locator(SELECTED).get_attribute("data-id"))


def test_an_answer_recorded_by_keys_is_seen_on_another_desk(
    page: Page, another: Callable[[], Page], evening: Evening
) -> None:
    other = another()
    open_desk(page, "duty")
    open_desk(other, "upper")
    first = selected(page)
    assert first == desk_rows(now=clock.now())[0].uuid
    page.keyboard.press("j")
    second = selected(page)
    assert second != first
    page.keyboard.press("ArrowUp")
    assert selected(page) == first
    page.keyboard.press("1")  # nobody was called yet: nothing is recorded
    expect(page.locator("#desk-call-said")).not_to_be_empty()
    page.keyboard.press("Enter")
    number = page.locator("#desk-number")
    expect(number).to_have_text(Summons.objects.get(uuid=first).person.phone)
    assert str(number.get_attribute("href")).startswith("tel:138")
    waiting = int(other.locator("#desk-grid").get_attribute("aria-rowcount") or 0)
    assert waiting >= 2
    page.keyboard.press("2")
    line = other.locator(f"#call-{first}")
    expect(line).to_have_class(r"desk-row edge-2 group-3", timeout=SECOND_MS)
    expect(page.locator("#desk-said")).not_to_be_empty()
    expect(page.locator(GRID)).to_be_focused()
    assert selected(page) == second
    call = Summons.objects.get(uuid=first)
    assert (call.state, call.word) == (SummonsState.ACKNOWLEDGED, "moving")
    # The other desk comes too late, and is told by whom and when.
    other.locator(f"#call-{first}").click()
    other.keyboard.press("1")
    expect(other.locator("#desk-call-said")).to_contain_text(call.person.name)


def test_what_was_done_and_what_was_in_vain(page: Page, evening: Evening) -> None:
    open_desk(page, "duty")
    done = selected(page)
    page.keyboard.press("r")
    page.keyboard.press("3")
    expect(page.locator("#desk-notified")).to_be_focused()
    page.keyboard.type("34")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    with page.expect_response("**/answer"):
        page.keyboard.press("Enter")
    expect(page.locator(GRID)).to_be_focused()
    call = Summons.objects.get(uuid=done)
    assert (call.notified, call.moved) == (34, 12)
    assert call.reported_at is not None
    tried = selected(page)
    page.keyboard.press("d")
    expect(page.locator("#desk-number")).to_be_visible()
    with page.expect_response("**/attempt"):
        page.keyboard.press("n")
    assert Delivery.objects.filter(summons__uuid=tried, channel="by_hand").count() == 1
    share = page.locator("#desk-towns tr").filter(has_text="上河镇")
    expect(share).to_contain_text("%")
    expect(page.locator("#desk-map[data-ready]")).to_contain_text("1/")


def test_the_list_is_narrowed_and_the_keys_are_told(page: Page, evening: Evening) -> None:
    open_desk(page, "duty")
    every = int(page.locator(GRID).get_attribute("aria-rowcount") or 0)
    page.keyboard.press("/")
    page.keyboard.type("河边村")
    expect(page.locator(f"{GRID} .desk-row").first).to_contain_text("河边村")
    narrowed = int(page.locator(GRID).get_attribute("aria-rowcount") or 0)
    assert 0 < narrowed < every
    page.keyboard.press("Enter")
    expect(page.locator(GRID)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator(GRID)).to_have_attribute("aria-rowcount", str(every))
    page.keyboard.press("?")
    expect(page.locator("#desk-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#desk-help")).not_to_be_visible()


def test_a_call_that_nobody_answered_is_flagged(page: Page, evening: Evening) -> None:
    open_desk(page, "duty")
    before = page.title()
    call = evening.call_of("bank leader")
    Summons.objects.filter(pk=call.pk).update(state=SummonsState.UNANSWERED, due_at=None)
    journal.record(
        "summons.unanswered",
        by=the_program("tests"),
        now=clock.now(),
        subject=f"summons:{call.uuid}",
        division_code=call.division_id,
    )
    expect(page.locator("#desk-alert")).to_contain_text("河边村", timeout=2 * SECOND_MS)
    expect(page.locator(f"{GRID} .desk-row").first).to_have_attribute("data-id", str(call.uuid))
    assert page.title() != before
    assert page.title().startswith("(")


def test_a_desk_that_is_logged_out_says_so(
    browser: Browser, live_server: LiveServer, evening: Evening
) -> None:
    context = browser.new_context(locale="zh-CN", base_url=live_server.url)
    page = context.new_page()
    open_desk(page, "duty")
    context.clear_cookies()
    expect(page.locator("#desk-fault")).to_be_visible()
    expect(page.locator("#desk-live")).to_contain_text("▲")
    page.locator("#desk-fault a").click()
    expect(page.locator("#id_username")).to_be_visible()
    context.close()


def test_the_desk_on_a_phone(page: Page, evening: Evening) -> None:
    page.set_viewport_size(PHONE)
    open_desk(page, "duty")
    line = page.locator(f"{GRID} .desk-row").first
    key = str(line.get_attribute("data-id"))
    line.get_by_role("button").click()
    expect(page.locator("#desk-number")).to_be_visible()
    with page.expect_response("**/answer"):
        page.locator("#desk-call [data-word='received']").click()
    expect(page.locator("#desk-call")).not_to_be_visible()
    expect(page.locator("#desk-said")).not_to_be_empty()
    assert Summons.objects.get(uuid=key).state == SummonsState.ACKNOWLEDGED
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, "the page can be pushed sideways"
