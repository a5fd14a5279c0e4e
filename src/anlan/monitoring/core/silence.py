"""How long a station may be silent, and who is told when."""

from datetime import timedelta

from anlan.monitoring.data import SilenceLevel

REPORTS_MISSED = 3  # so many reports in a row must be missing
AT_LEAST = timedelta(minutes=15)
TOWN_AFTER = timedelta(hours=1)  # after being noted
COUNTY_AFTER = timedelta(hours=3)
"""Design values: a county that knows its stations sets the interval of each."""


def allowed(interval: timedelta) -> timedelta:
    """Return for how long a station that reports at this interval may be silent."""
    return max(REPORTS_MISSED * interval, AT_LEAST)


def level_due(
    silent_for: timedelta, *, interval: timedelta, is_needed: bool
) -> SilenceLevel | None:
    """Return how far a silence is to be taken up by now, or None while it is allowed.

    A station is needed when something stands over a threshold where it measures: then the county
    is told as soon as the silence is noted, for nobody sees whether the water rises.
    """
    over = silent_for - allowed(interval)
    if over < timedelta(0):
        return None
    if is_needed or over >= COUNTY_AFTER:
        return SilenceLevel.COUNTY_TOLD
    return SilenceLevel.TOWN_TOLD if over >= TOWN_AFTER else SilenceLevel.NOTED
