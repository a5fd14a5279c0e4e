"""Reads for the list of stations: what each measured last, whether it speaks, where it stands."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from anlan.kernel.codes import prefix_of
from anlan.kernel.paging import turned
from anlan.kernel.scope import within
from anlan.monitoring.core.main_elements import RAIN, VOLTAGE, main_element
from anlan.monitoring.data import DOUBTFUL_FROM, Protocol, Quality, StationKind
from anlan.monitoring.elements import names_of
from anlan.monitoring.models import (
    Exceedance,
    LatestReading,
    Silence,
    Station,
    StationContact,
)
from anlan.monitoring.store.buckets import totals
from anlan.registry.data import Colour, Hazard

PAGE_ROWS: Final = 50
COUNTED: Final = 10_000
"""Counting and turning of pages stop at so many stations."""
EXPORTED_AT_ONCE: Final = 1_000
RAIN_HOURS: Final = (1, 24)


@dataclass(frozen=True)
class StationFilter:
    """What the list is narrowed to; what is empty narrows nothing."""

    division: str = ""
    kind: str = ""
    words: str = ""
    colour: int | None = None
    is_over: bool = False
    is_silent: bool = False
    is_doubtful: bool = False
    page: int = 1


@dataclass(frozen=True)
class LastValue:
    """The last counting value of an element; `element` is its code."""

    element: str
    value: float
    observed_at: datetime
    quality: Quality


@dataclass
class StationRow:
    """A station as the list shows it; `rain_mm` holds the rain of the last 1 and 24 hours."""

    id: int
    address: str
    protocol: Protocol
    name: str
    kind: StationKind
    division_code: str
    division: str
    town: str
    is_active: bool
    heard_at: datetime | None
    silent_since: datetime | None
    main: LastValue | None = None
    voltage: LastValue | None = None
    colour: Colour | None = None
    hazards: list[Hazard] = field(default_factory=list)
    rain_mm: Mapping[int, float | None] = field(default_factory=dict)

    @property
    def is_doubtful(self) -> bool:
        """Tell whether its main value is doubtful."""
        return self.main is not None and self.main.quality >= DOUBTFUL_FROM


@dataclass(frozen=True)
class StationList:
    """A page of stations, and how many there are (at most COUNTED + 1)."""

    rows: list[StationRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Standing:
    """How the stations in sight stand: over a threshold by colour, silent, doubtful."""

    over: Mapping[Colour, int]
    silent: int
    doubtful: int


def listed_stations(wanted: StationFilter, *, now: datetime) -> StationList:
    """Return a page of the stations in sight that fit, by division, over a threshold by colour."""
    found = _narrowed(wanted)
    # What fits a page needs no counting, which in search of rare words takes as long again.
    rows = _rows(found[: PAGE_ROWS + 1]) if wanted.page <= 1 else []
    is_whole = wanted.page <= 1 and len(rows) <= PAGE_ROWS
    total = len(rows) if is_whole else found.order_by()[: COUNTED + 1].count()
    place = turned(wanted.page, total=min(total, COUNTED), size=PAGE_ROWS)
    rows = rows[:PAGE_ROWS] or _rows(found[place.first : place.first + PAGE_ROWS])
    _fill(rows, now=now)
    return StationList(rows=rows, total=total, page=place.page, pages=place.pages)


def all_listed(wanted: StationFilter, *, now: datetime) -> Iterator[StationRow]:
    """Give every station in sight that fits, a thousand at a time."""
    found = _narrowed(wanted)
    first = 0
    while rows := _rows(found[first : first + EXPORTED_AT_ONCE]):
        _fill(rows, now=now)
        yield from rows
        first += EXPORTED_AT_ONCE


def standing(division: str) -> Standing:
    """Return how the stations of a division in sight stand, of all in sight without one."""
    place = _of(division, path="station__division_id")
    highest = (
        Exceedance.objects.filter(place, ended_at__isnull=True)
        .values("station_id")
        .annotate(highest=Max("colour"))
        .values_list("highest", flat=True)
    )
    counts = Counter(Colour(colour) for colour in highest)
    doubtful = LatestReading.objects.filter(place, quality__gte=DOUBTFUL_FROM)
    return Standing(
        over=dict(sorted(counts.items(), reverse=True)),
        silent=Silence.objects.filter(place, ended_at__isnull=True).count(),
        doubtful=doubtful.values("station_id").distinct().count(),
    )


def _narrowed(wanted: StationFilter) -> QuerySet[Station]:
    found: QuerySet[Station] = Station.objects.filter(_of(wanted.division, path="division_id"))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.words:
        found = found.filter(Q(name__icontains=wanted.words) | Q(address__istartswith=wanted.words))
    if wanted.is_silent:
        found = found.filter(pk__in=Silence.objects.filter(ended_at__isnull=True).values("station"))
    if wanted.is_doubtful:
        doubtful = LatestReading.objects.filter(quality__gte=DOUBTFUL_FROM)
        found = found.filter(pk__in=doubtful.values("station"))
    if not (wanted.is_over or wanted.colour):
        return found.order_by("division_id", "name", "pk")
    over = Exceedance.objects.filter(ended_at__isnull=True, station=OuterRef("pk"))
    highest = over.order_by("-colour").values("colour")[:1]
    found = found.filter(pk__in=Exceedance.objects.filter(ended_at__isnull=True).values("station"))
    found = found.annotate(highest=Subquery(highest))
    if wanted.colour:
        found = found.filter(highest=wanted.colour)
    return found.order_by("-highest", "division_id", "name", "pk")


def _of(division: str, *, path: str) -> Q:
    return within(path, [prefix_of(division)]) if division else Q()


def _rows(found: QuerySet[Station]) -> list[StationRow]:
    heard = StationContact.objects.filter(station=OuterRef("pk")).values("heard_at")[:1]
    silent = Silence.objects.filter(station=OuterRef("pk"), ended_at__isnull=True)
    rows = found.annotate(
        heard_at=Subquery(heard), silent_since=Subquery(silent.values("since")[:1])
    ).values_list(
        "pk", "address", "protocol", "name", "kind", "division_id", "division__name",
        "division__parent__name", "is_active", "heard_at", "silent_since",
    )  # fmt: skip
    return [
        StationRow(
            id=row[0],
            address=row[1],
            protocol=Protocol(row[2]),
            name=row[3],
            kind=StationKind(row[4]),
            division_code=row[5],
            division=row[6],
            town=row[7] or "",
            is_active=row[8],
            heard_at=row[9],
            silent_since=row[10],
        )
        for row in rows
    ]


def _fill(rows: Sequence[StationRow], *, now: datetime) -> None:
    """Add to stations what they measured last and what they stand over."""
    by_id = {row.id: row for row in rows}
    latest = _latest(by_id)
    names = names_of(number for had in latest.values() for number in had)
    for key, had in latest.items():
        row = by_id[key]
        number = main_element(row.kind, had)
        row.main = _last_value(had.get(number) if number else None, names)
        row.voltage = _last_value(had.get(VOLTAGE), names)
    for key, colour, hazard in Exceedance.objects.filter(
        station_id__in=by_id, ended_at__isnull=True
    ).values_list("station_id", "colour", "hazard"):
        row = by_id[key]
        row.colour = max(row.colour or Colour(colour), Colour(colour))
        row.hazards = sorted({*row.hazards, Hazard(hazard)})
    gauges = [key for key, had in latest.items() if RAIN in had]
    starts = [now - timedelta(hours=hours) for hours in RAIN_HOURS]
    for key, amounts in totals(gauges, RAIN, starts=starts, end=now).items():
        by_id[key].rain_mm = dict(zip(RAIN_HOURS, amounts, strict=True))


def _latest(stations: Collection[int]) -> dict[int, dict[int, LatestReading]]:
    found: dict[int, dict[int, LatestReading]] = defaultdict(dict)
    for row in LatestReading.objects.filter(station_id__in=stations):
        found[row.station_id][row.element] = row
    return found


def _last_value(row: LatestReading | None, names: Mapping[int, str]) -> LastValue | None:
    if row is None:
        return None
    return LastValue(names[row.element], row.value, row.observed_at, Quality(row.quality))
