"""What a back-test came to, as its page shows it: years, a line of time, events, firings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from anlan.monitoring.core.backtest import Firing
from anlan.monitoring.core.tested import Mark, YearCount, counted, from_row
from anlan.monitoring.models import RuleVersion, Threshold
from anlan.monitoring.queries.rules import station_names
from anlan.registry.data import Colour

SHOWN_FIRINGS: Final = 50
LINE_WIDTH: Final = 1_000
YEAR: Final = timedelta(days=366)


@dataclass(frozen=True)
class ShownFiring:
    """One station that fired within an event."""

    station: str
    colour: Colour
    since: datetime
    until: datetime | None
    peak: float
    against: float
    element: str


@dataclass(frozen=True)
class ShownEvent:
    """An event of a test; `number` is its place among them, from 0."""

    number: int
    since: datetime
    until: datetime | None
    colour: Colour
    stations: int
    mark: Mark
    is_by_person: bool
    firings: tuple[ShownFiring, ...]
    more: int


@dataclass(frozen=True)
class Tick:
    """An event on the line of time: where it stands, how wide, of the whole LINE_WIDTH."""

    x: float
    width: float
    colour: Colour
    is_false: bool


@dataclass(frozen=True)
class Result:
    """What a test came to, or how far it has come."""

    run: str
    state: str
    since: date
    until: date
    share: int
    seconds: float
    readings: int
    stations: int
    years: tuple[YearCount, ...]
    events: tuple[ShownEvent, ...]
    ticks: tuple[Tick, ...]
    months: tuple[tuple[float, str], ...]

    @property
    def is_running(self) -> bool:
        """Tell whether the test goes on."""
        return self.state == "running"

    @property
    def false(self) -> int:
        """Return how many events were false."""
        return sum(year.false for year in self.years)

    @property
    def open(self) -> int:
        """Return how many events nobody has judged."""
        return sum(year.open for year in self.years)


def result_of(version: RuleVersion) -> Result | None:
    """Return what the last test of a version came to, None without one."""
    tested: Mapping[str, Any] = version.tested or {}
    if not tested:
        return None
    since, until = (date.fromisoformat(tested[name]) for name in ("since", "until"))
    events = tuple(_events(version, tested))
    return Result(
        run=tested["run"],
        state=tested["state"],
        since=since,
        until=until,
        share=tested["share"],
        seconds=tested["seconds"],
        readings=tested["readings"],
        stations=tested["stations"],
        years=tuple(counted(tested["events"])),
        events=events,
        ticks=tuple(_ticks(events, since=since, until=until)),
        months=tuple(_months(since, until)),
    )


def usual_period(version: RuleVersion, *, now: datetime) -> tuple[date, date]:
    """Return the period that the form offers: that of the last test, or the last year."""
    tested = version.tested or {}
    if tested.get("since"):
        return date.fromisoformat(tested["since"]), date.fromisoformat(tested["until"])
    last = timezone.localdate(now) - timedelta(days=1)
    return last - timedelta(days=364), last


def _events(version: RuleVersion, tested: Mapping[str, Any]) -> Iterator[ShownEvent]:
    firings = [from_row(row) for row in tested["fired"]]
    names = station_names(firing.key.station_id for firing in firings)
    rows = Threshold.objects.filter(version=version)
    elements = dict(rows.values_list("pk", "element"))
    first = 0
    for number, event in enumerate(tested["events"]):
        mine = firings[first : first + event["firings"]]
        first += event["firings"]
        shown = mine[:SHOWN_FIRINGS]
        yield ShownEvent(
            number=number,
            since=datetime.fromisoformat(event["since"]),
            until=datetime.fromisoformat(event["until"]) if event["until"] else None,
            colour=Colour(event["colour"]),
            stations=event["stations"],
            mark=Mark(event["mark"]),
            is_by_person=event["by_person"],
            firings=tuple(_shown(each, names=names, elements=elements) for each in shown),
            more=event["firings"] - len(shown),
        )


def _shown(firing: Firing, *, names: Mapping[int, str], elements: Mapping[int, str]) -> ShownFiring:
    return ShownFiring(
        station=names.get(firing.key.station_id, "—"),
        colour=Colour(firing.colour),
        since=firing.since,
        until=firing.until,
        peak=firing.peak,
        against=firing.against,
        element=elements.get(firing.limit_id, ""),
    )


def _ticks(events: Sequence[ShownEvent], *, since: date, until: date) -> Iterator[Tick]:
    days = (until - since).days + 1
    for event in events:
        begin = (timezone.localdate(event.since) - since).days
        end = (timezone.localdate(event.until) - since).days + 1 if event.until else days
        width = max(LINE_WIDTH * (end - begin) / days, 4.0)
        x = min(LINE_WIDTH * begin / days, LINE_WIDTH - width)
        yield Tick(
            x=round(x, 1),
            width=round(width, 1),
            colour=event.colour,
            is_false=event.mark is Mark.FALSE,
        )


def _months(since: date, until: date) -> Iterator[tuple[float, str]]:
    """Yield where the line of time is marked: at months, at years where it is longer."""
    days = (until - since).days + 1
    step = 1 if until - since <= YEAR else 12
    day = since.replace(day=1)
    while day <= until:
        if day >= since and (step == 1 or day.month == 1):
            x = round(LINE_WIDTH * (day - since).days / days, 1)
            yield x, f"{day:%Y}" if step > 1 or day.month == 1 else f"{day:%m}"
        day = (day + timedelta(days=31)).replace(day=1)
