"""What a back-test came to, as it is kept: plain values that JSON holds, and how they are counted.

An event is borne out, false, or nobody has judged it yet; the program's own mark gives way to that
of a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from anlan.monitoring.core.backtest import Event, Firing
from anlan.monitoring.core.limits import Key

# A warning counts for an event when it was issued so long before it began or after it ended.
NEAR: Final = timedelta(hours=6)
MOST_KEPT: Final = 2_000
_ZONE: Final = ZoneInfo("Asia/Shanghai")


class Mark(StrEnum):
    """Whether an event was one."""

    BORNE_OUT = "borne out"
    FALSE = "false"
    OPEN = "open"


@dataclass(frozen=True)
class YearCount:
    """How often a rule would have fired in a year."""

    year: int
    events: int
    false: int
    open: int


def as_row(firing: Firing) -> list[Any]:
    """Return a firing as a list of plain values."""
    key = firing.key
    return [
        key.station_id,
        key.hazard,
        key.village,
        firing.colour,
        firing.since.isoformat(),
        firing.until.isoformat() if firing.until else "",
        firing.limit_id,
        firing.against,
        firing.peak,
    ]


def from_row(row: Sequence[Any]) -> Firing:
    """Return the firing that a list holds."""
    station, hazard, village, colour, since, until, limit, against, peak = row
    return Firing(
        key=Key(station, hazard, village),
        colour=colour,
        since=datetime.fromisoformat(since),
        until=datetime.fromisoformat(until) if until else None,
        limit_id=limit,
        against=against,
        peak=peak,
    )


def as_events(
    events: Iterable[Event], *, warned: Sequence[datetime], known_since: datetime | None
) -> list[dict[str, Any]]:
    """Return events as plain values, each with the program's mark.

    `warned` are the instants at which a warning of the hazard was issued in the rule's division. An
    event is borne out by one that is near, and false without one; before `known_since`, when no
    warning was kept yet, nobody can tell.
    """
    found = []
    for event in events:
        until = event.until or max(firing.since for firing in event.firings)
        is_near = any(event.since - NEAR <= at <= until + NEAR for at in warned)
        is_known = known_since is not None and event.since >= known_since
        mark = Mark.BORNE_OUT if is_near else Mark.FALSE if is_known else Mark.OPEN
        found.append(
            {
                "since": event.since.isoformat(),
                "until": event.until.isoformat() if event.until else "",
                "colour": event.colour,
                "stations": event.stations,
                "firings": len(event.firings),
                "mark": mark.value,
                "by_person": False,
            }
        )
    return found


def counted(events: Iterable[Mapping[str, Any]]) -> list[YearCount]:
    """Return how many events began in each year, and how many were false or are not judged."""
    years: dict[int, list[str]] = {}
    for event in events:
        began = datetime.fromisoformat(event["since"]).astimezone(_ZONE)
        years.setdefault(began.year, []).append(event["mark"])
    return [
        YearCount(
            year=year,
            events=len(marks),
            false=marks.count(Mark.FALSE.value),
            open=marks.count(Mark.OPEN.value),
        )
        for year, marks in sorted(years.items())
    ]
