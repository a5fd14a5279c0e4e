"""A real browser for the journeys: the system's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from scripts.services import chromium
from tests.cast import Cast
from tests.evening import QUICK_HASH, Evening, make_evening
from tests.fixtures import cast, phones, virtual

__all__ = ["browser", "cast", "evening", "page", "phones", "virtual"]

# Playwright keeps an event loop in the test's own thread, where Django would refuse its database.
# The server under test runs in another thread, and the test itself makes one call at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once for all journeys."""
    path = chromium()
    assert path, "Chromium is missing: make test-services says how to get it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a page of an office PC's size, in which nothing may go wrong.

    A script error, an error in the console, a refused or failed request and any request to
    another host fail the test.
    """
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=live_server.url
    )
    opened = context.new_page()
    faults = watch(opened, home=live_server.url)
    yield opened
    context.close()
    assert not faults, faults


def watch(opened: Page, *, home: str) -> list[str]:
    """Return a list that fills with everything that goes wrong in a page."""
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(f"script: {error}"))
    opened.on(
        "console",
        lambda message: (
            faults.append(f"console: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    opened.on(
        "requestfailed",
        # Leaving a page stops what it still loads, which is no fault.
        lambda request: (
            faults.append(f"failed: {request.url}")
            if request.failure != "net::ERR_ABORTED"
            else None
        ),
    )
    opened.on(
        "response",
        lambda answer: (
            faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None
        ),
    )
    opened.on(
        "request",
        lambda request: (
            faults.append(f"outside: {request.url}")
            if not request.url.startswith((home, "data:", "blob:"))
            else None
        ),
    )
    return faults


@pytest.fixture
def evening(live_server: LiveServer, cast: Cast, settings: Settings) -> Evening:
    """Let the rain have fallen on the upper town, in the database that the server reads."""
    settings.PASSWORD_HASHERS = QUICK_HASH
    return make_evening(cast)
