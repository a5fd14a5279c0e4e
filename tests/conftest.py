"""What every test may rely on: no outside host, examples that repeat, a clock that stands."""

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from anlan.kernel import clock, scope

# Outside hosts are closed to every test by --allow-hosts in pyproject.toml.

settings.register_profile("local", deadline=None)
settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# A Monday in the flood season, eight in the evening, when a town's office has gone home.
FLOOD_EVENING = datetime(2024, 7, 15, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def fixed_clock() -> Iterator[clock.FixedClock]:
    """Stand the clock at FLOOD_EVENING; the test moves it with `advance`."""
    with clock.use(clock.FixedClock(FLOOD_EVENING)) as fixed:
        yield fixed


@pytest.fixture
def everywhere() -> Iterator[scope.Scope]:
    """Let the test see every division."""
    with scope.everywhere("tests") as seen:
        yield seen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many combinations the leak test has checked, on all workers together."""
    reports = [r for each in ("passed", "failed") for r in terminalreporter.getreports(each)]
    noted = [dict(r.user_properties).get("combinations") for r in reports if r.when == "call"]
    counts = [int(str(each)) for each in noted if each is not None]
    if counts:
        terminalreporter.write_line(f"leak test: {sum(counts)} combinations checked")
