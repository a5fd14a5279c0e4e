"""Reads of the gauges that people read by eye."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from anlan.kernel.paging import turned
from anlan.kernel.scope import within
from anlan.monitoring.core.staff import Seen
from anlan.monitoring.data import EXCLUDED_FROM, Protocol, StationKind
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.models import Reading, Station
from anlan.monitoring.refusals import GaugeOutOfSight

STAFF_KINDS = (
    StationKind.RIVER,
    StationKind.RESERVOIR,
    StationKind.GATE,
    StationKind.GROUNDWATER,
)
PAGE = 20
CHUNK = 900


@dataclass(frozen=True)
class StaffGauge:
    """A gauge that people read by eye; `code` is its address, `last` its last counting level."""

    id: int
    code: str
    name: str
    division_code: str
    kind: StationKind
    place_id: int | None
    last: Seen | None = None


@dataclass(frozen=True)
class GaugePage:
    """A page of the gauges."""

    rows: tuple[StaffGauge, ...]
    page: int
    pages: int
    total: int


def staff_gauges(prefixes: Iterable[str], *, words: str = "", page: int = 1) -> GaugePage:
    """Return the gauges read by eye in these divisions, a page of them, with their last level."""
    rows = _gauges().filter(within("division_id", prefixes))
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(address__icontains=words))
    rows = rows.order_by("division_id", "name", "pk")
    total = rows.count()
    at = turned(page, total=total, size=PAGE)
    found = with_last(rows)[at.first : at.first + PAGE]
    return GaugePage(
        rows=tuple(_gauge(row) for row in found), page=at.page, pages=at.pages, total=total
    )


def access_gauge(gauge_id: int) -> StaffGauge:
    """Return a gauge in sight that is read by eye; raise GaugeOutOfSight."""
    row = with_last(_gauges()).filter(pk=gauge_id).first()
    if row is None:
        raise GaugeOutOfSight(gauge_id)
    return _gauge(row)


def all_gauges() -> list[StaffGauge]:
    """Return every gauge in sight that is read by eye, without its last level."""
    rows = _gauges().order_by("division_id", "name", "pk")
    return [_gauge(row, is_plain=True) for row in rows]


def gauges_of(ids: Iterable[int]) -> dict[int, StaffGauge]:
    """Return these gauges in sight by key, without their last level."""
    return {row.pk: _gauge(row, is_plain=True) for row in _gauges().filter(pk__in=set(ids))}


def gauges_named(texts: Iterable[str]) -> dict[str, tuple[StaffGauge, ...]]:
    """Return the gauges in sight that carry each text as code or name."""
    wanted = sorted(set(texts))
    found: dict[str, dict[int, StaffGauge]] = defaultdict(dict)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        for row in _gauges().filter(Q(address__in=some) | Q(name__in=some)):
            for text in {row.address, row.name} & set(some):
                found[text][row.pk] = _gauge(row, is_plain=True)
    return {text: tuple(rows.values()) for text, rows in found.items()}


def _gauges() -> QuerySet[Station]:
    return Station.objects.filter(protocol=Protocol.HAND, kind__in=STAFF_KINDS, is_active=True)


def with_last(rows: QuerySet[Station], *, before: datetime | None = None) -> QuerySet[Any]:
    """Return stations with their last counting level: `last_at`, `last_level`, `last_quality`."""
    counting = Reading.objects.filter(
        station_id=OuterRef("pk"), element=LEVEL, quality__lt=EXCLUDED_FROM
    ).order_by("-observed_at")
    if before is not None:
        counting = counting.filter(observed_at__lt=before)
    return rows.annotate(
        last_at=Subquery(counting.values("observed_at")[:1]),
        last_level=Subquery(counting.values("value")[:1]),
        last_quality=Subquery(counting.values("quality")[:1]),
    )


def last_of(row: Any) -> Seen | None:
    """Return the last counting level of a station that `with_last` gave."""
    if row.last_at is None:
        return None
    return Seen(at=row.last_at, level_m=row.last_level, quality=row.last_quality)


def _gauge(row: Any, *, is_plain: bool = False) -> StaffGauge:
    return StaffGauge(
        id=row.pk,
        code=row.address,
        name=row.name,
        division_code=row.division_id,
        kind=StationKind(row.kind),
        place_id=row.place_id,
        last=None if is_plain else last_of(row),
    )
