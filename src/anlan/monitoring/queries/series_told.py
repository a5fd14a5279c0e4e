"""Reads of stations, their series and readings, for other programs."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from anlan.monitoring.elements import UNITS, names_of, numbers_of
from anlan.monitoring.models import LatestReading, OtherElement, Reading, Station
from anlan.monitoring.store.observations import count_readings, page_of_readings

COUNTED = 100_000
EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SeriesRow:
    """A series with its last counting reading, if the rules have seen one."""

    address: str
    station: str
    element: str
    latest_at: datetime | None
    latest: float | None


@dataclass(frozen=True)
class ReadingRow:
    """A reading of a series."""

    address: str
    element: str
    observed_at: datetime
    value: float
    quality: int


@dataclass(frozen=True)
class Span:
    """Which readings of which series: bounds are in, None is open; an order and a page."""

    address: str = ""
    element: str = ""
    since: datetime | None = None
    until: datetime | None = None
    is_descending: bool = False
    limit: int = 100
    offset: int = 0


def things(*, limit: int, offset: int) -> list[Station]:
    """Return a page of the stations in sight, by address."""
    return list(Station.objects.order_by("address")[offset : offset + limit])


def count_things() -> int:
    """Return how many stations are in sight."""
    return Station.objects.count()


def thing(address: str) -> Station | None:
    """Return a station in sight."""
    return Station.objects.filter(address=address).first()


def series_rows(*, address: str = "", limit: int, offset: int) -> list[SeriesRow]:
    """Return a page of the series in sight that have readings, by station and element."""
    rows = _series(address).order_by("station__address", "element")
    return _series_rows(rows[offset : offset + limit])


def count_series(*, address: str = "") -> int:
    """Return how many series in sight have readings."""
    return _series(address).count()


def series_row(address: str, element: str) -> SeriesRow | None:
    """Return a series of a station in sight that has readings, None where there is none."""
    station = thing(address)
    number = _number_of(element)
    if station is None or number is None:
        return None
    rows = _series_rows(LatestReading.objects.filter(station=station, element=number)[:1])
    if rows:
        return rows[0]
    if Reading.objects.filter(station=station, element=number).exists():
        return SeriesRow(address, station.name, element, None, None)
    return None


def readings(span: Span) -> list[ReadingRow]:
    """Return a page of readings in sight, by instant."""
    if not span.element:
        return _readings_of_many(span)
    rows = _of_series(span).order_by("-observed_at" if span.is_descending else "observed_at")
    page = rows[span.offset : span.offset + span.limit]
    return [
        ReadingRow(span.address, span.element, *row)
        for row in page.values_list("observed_at", "value", "quality")
    ]


def count_of_readings(span: Span) -> int:
    """Return how many readings in sight there are in a span; counting stops at COUNTED."""
    if span.element:
        return _of_series(span)[:COUNTED].count()
    keys = _stations(span.address)
    since, until = span.since or EARLIEST, span.until or LATEST
    return count_readings(list(keys), since=since, until=until, most=COUNTED)


def _series(address: str) -> "QuerySet[LatestReading]":
    rows: QuerySet[LatestReading] = LatestReading.objects.select_related("station")
    return rows.filter(station__address=address) if address else rows


def _series_rows(rows: "QuerySet[LatestReading]") -> list[SeriesRow]:
    found = list(rows)
    names = names_of({row.element for row in found})
    return [
        SeriesRow(
            address=row.station.address,
            station=row.station.name,
            element=names[row.element],
            latest_at=row.observed_at,
            latest=row.value,
        )
        for row in found
    ]


def _of_series(span: Span) -> "QuerySet[Reading]":
    number = _number_of(span.element)
    station = thing(span.address)
    rows: QuerySet[Reading] = Reading.objects.filter(station=station, element=number)
    if station is None or number is None:
        return rows.none()
    if span.since is not None:
        rows = rows.filter(observed_at__gte=span.since)
    return rows if span.until is None else rows.filter(observed_at__lte=span.until)


def _readings_of_many(span: Span) -> list[ReadingRow]:
    keys = _stations(span.address)
    found = page_of_readings(
        list(keys),
        since=span.since or EARLIEST,
        until=span.until or LATEST,
        is_descending=span.is_descending,
        limit=span.limit,
        offset=span.offset,
    )
    names = names_of({element for _station, element, *_rest in found})
    return [
        ReadingRow(keys[station], names[element], at, value, quality)
        for station, element, at, value, quality in found
    ]


def _stations(address: str) -> dict[int, str]:
    rows = Station.objects.filter(address=address) if address else Station.objects.all()
    return dict(rows.values_list("pk", "address"))


def _number_of(element: str) -> int | None:
    """Return the number of an element, None where none of its readings ever came."""
    if element in UNITS or OtherElement.objects.filter(code=element).exists():
        return numbers_of([element])[element]
    return None
