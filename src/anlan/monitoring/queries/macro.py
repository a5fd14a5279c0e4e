"""Reads of macro-observation reports: the list, one of them, who has not reported, how well."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from anlan.kernel.paging import turned
from anlan.kernel.scope import within
from anlan.monitoring.data import MacroAttendance, MacroKind, MacroState
from anlan.monitoring.models import MacroReport
from anlan.monitoring.refusals import ReportOutOfSight, StationOutOfSight
from anlan.registry.api import MacroPlace, macro_observers, macro_places

PAGE = 50
KINDS = tuple(MacroKind)


@dataclass(frozen=True)
class MacroSought:
    """What a list of reports is narrowed to; empty where everything is meant.

    `result` is normal, anomaly, or one of the states of an anomaly.
    """

    since: date | None = None
    until: date | None = None
    kind: str = ""
    result: str = ""
    town: str = ""
    words: str = ""
    place: int = 0


@dataclass(frozen=True)
class ReportPage:
    """A page of reports, each with its place."""

    rows: tuple[MacroReport, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class StationDay:
    """What a station has reported of one day, by kind, and who observes there."""

    place: MacroPlace
    day: date
    reports: Mapping[MacroKind, MacroReport]
    observers: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[MacroKind, ...]:
        """Return the kinds of which nothing is reported."""
        return tuple(kind for kind in KINDS if kind not in self.reports)

    @property
    def anomalies(self) -> tuple[MacroReport, ...]:
        """Return the anomalies of the day."""
        return tuple(row for row in self.reports.values() if row.is_anomaly)


def listed_reports(sought: MacroSought, *, page: int = 1) -> ReportPage:
    """Return a page of the reports in sight, the latest day first."""
    rows = sought_reports(sought)
    total = rows.count()
    at = turned(page, total=total, size=PAGE)
    found = rows[at.first : at.first + PAGE]
    return ReportPage(rows=tuple(found), page=at.page, pages=at.pages, total=total)


def sought_reports(sought: MacroSought) -> QuerySet[MacroReport]:
    """Return the reports in sight that are asked for, the latest day first."""
    rows: QuerySet[MacroReport] = MacroReport.objects.select_related("place").order_by(
        "-day", "place__name", "place_id", "pk"
    )
    if sought.since:
        rows = rows.filter(day__gte=sought.since)
    if sought.until:
        rows = rows.filter(day__lte=sought.until)
    if sought.kind:
        rows = rows.filter(kind=sought.kind)
    if sought.result in MacroState.values:
        rows = rows.filter(is_anomaly=True, state=sought.result)
    elif sought.result:
        rows = rows.filter(is_anomaly=sought.result == "anomaly")
    if sought.town:
        rows = rows.filter(within("place__division_id", [sought.town[:9]]))
    if sought.words:
        rows = rows.filter(place__name__icontains=sought.words)
    if sought.place:
        rows = rows.filter(place_id=sought.place)
    return rows


def access_report(uuid: str) -> MacroReport:
    """Return a report in sight with its place; raise ReportOutOfSight."""
    row: MacroReport | None = MacroReport.objects.filter(uuid=uuid).select_related("place").first()
    if row is None:
        raise ReportOutOfSight(uuid)
    return row


def count_open_anomalies() -> int:
    """Return how many reported anomalies in sight nobody has looked into."""
    return MacroReport.objects.filter(is_anomaly=True, state=MacroState.REPORTED).count()


def access_station_day(place_id: int, *, day: date, now: datetime) -> StationDay:
    """Return what one station in sight has reported of a day; raise StationOutOfSight."""
    for found in station_days(macro_places([place_id]), day=day, now=now):
        return found
    raise StationOutOfSight(place_id)


def station_days(places: Sequence[MacroPlace], *, day: date, now: datetime) -> list[StationDay]:
    """Return what each of these stations has reported of a day."""
    keys = [place.id for place in places]
    observers = macro_observers(keys, at=now)
    reports: dict[int, dict[MacroKind, MacroReport]] = defaultdict(dict)
    for row in MacroReport.objects.filter(place_id__in=keys, day=day):
        reports[row.place_id][MacroKind(row.kind)] = row
    return [
        StationDay(
            place=place,
            day=day,
            reports=reports.get(place.id, {}),
            observers=observers.get(place.id, ()),
        )
        for place in places
    ]


def macro_unreported(*, day: date, now: datetime) -> list[StationDay]:
    """Return the stations in sight that have not reported every kind of a day, with observers."""
    return [each for each in station_days(macro_places(), day=day, now=now) if each.missing]


def macro_attendance(*, since: date, until: date) -> list[MacroAttendance]:
    """Return how each station in sight reported from one day to another, both included.

    A day is reported when every kind of it is, in time when the last of them first came on the
    day itself.
    """
    places = macro_places()
    first = _first_reports([place.id for place in places], since=since, until=until)
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return [_attendance(place, days=days, first=first[place.id]) for place in places]


def _attendance(
    place: MacroPlace, *, days: Sequence[date], first: Mapping[date, Mapping[str, date]]
) -> MacroAttendance:
    whole = {day: max(on.values()) for day, on in first.items() if len(on) == len(KINDS)}
    in_time = sum(1 for day, on in whole.items() if on <= day)
    return MacroAttendance(
        place_id=place.id,
        name=place.name,
        division_code=place.division_code,
        in_time=in_time,
        late=len(whole) - in_time,
        missed=tuple(day for day in days if day not in whole),
    )


def _first_reports(
    keys: Iterable[int], *, since: date, until: date
) -> dict[int, dict[date, dict[str, date]]]:
    """Return on which local day each kind of each day was first reported, by station."""
    found: dict[int, dict[date, dict[str, date]]] = defaultdict(lambda: defaultdict(dict))
    rows = MacroReport.objects.filter(place_id__in=list(keys), day__range=(since, until))
    for place, day, kind, at, earlier in rows.values_list(
        "place_id", "day", "kind", "reported_at", "earlier"
    ):
        first = datetime.fromisoformat(earlier[0]["at"]) if earlier else at
        found[place][day][kind] = timezone.localdate(first)
    return found
