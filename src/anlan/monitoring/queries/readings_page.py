"""Reads of single readings with what is known of them, and who changed that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from anlan.kernel.paging import turned
from anlan.monitoring.core.spans import Span
from anlan.monitoring.data import DOUBTFUL_FROM, EXCLUDED_FROM, Quality
from anlan.monitoring.models import Overruling, Reading

PAGE_ROWS: Final = 100
COUNTED: Final = 10_000

KINDS: Final = {
    "doubtful": Q(quality__gte=DOUBTFUL_FROM, quality__lt=EXCLUDED_FROM),
    "excluded": Q(quality__gte=EXCLUDED_FROM),
    "late": Q(quality=Quality.LATE),
    "overruled": Q(quality__in=(Quality.ACCEPTED, Quality.REJECTED)),
}
"""What the list may be narrowed to, by the word that an address names it with."""


@dataclass(frozen=True)
class Overruled:
    """Who changed what is known of a reading, when and why."""

    by: str
    at: datetime
    reason: str
    before: Quality


@dataclass(frozen=True)
class ReadingRow:
    """One reading; `key` is its instant in µs since 1970 UTC."""

    key: int
    observed_at: datetime
    value: float
    quality: Quality
    overruled: Overruled | None

    @property
    def is_doubtful(self) -> bool:
        """Tell whether it counts and is doubted."""
        return DOUBTFUL_FROM <= self.quality < EXCLUDED_FROM

    @property
    def is_excluded(self) -> bool:
        """Tell whether it enters no sum and no rule."""
        return self.quality >= EXCLUDED_FROM


@dataclass(frozen=True)
class ReadingList:
    """A page of readings, and how many there are (at most COUNTED + 1)."""

    rows: list[ReadingRow]
    total: int
    page: int
    pages: int


def listed_readings(
    station_id: int, element: int, *, span: Span, kind: str, page: int
) -> ReadingList:
    """Return a page of the readings of a station in sight in a span, newest first."""
    found: QuerySet[Reading] = Reading.objects.filter(
        station=station_id, element=element, observed_at__gt=span.start, observed_at__lte=span.end
    )
    if kind in KINDS:
        found = found.filter(KINDS[kind])
    total = found[: COUNTED + 1].count()
    place = turned(page, total=min(total, COUNTED), size=PAGE_ROWS)
    rows = list(found.order_by("-observed_at")[place.first : place.first + PAGE_ROWS])
    overruled = _overruled(station_id, element, rows)
    return ReadingList(
        rows=[
            ReadingRow(
                key=round(row.observed_at.timestamp() * 1_000_000),
                observed_at=row.observed_at,
                value=row.value,
                quality=Quality(row.quality),
                overruled=overruled.get(row.observed_at),
            )
            for row in rows
        ],
        total=total,
        page=place.page,
        pages=place.pages,
    )


def _overruled(station_id: int, element: int, rows: list[Reading]) -> dict[datetime, Overruled]:
    moments = [
        row.observed_at for row in rows if row.quality in (Quality.ACCEPTED, Quality.REJECTED)
    ]
    if not moments:
        return {}
    found = Overruling.objects.filter(
        station=station_id, element=element, observed_at__in=moments
    ).order_by("pk")
    return {
        row.observed_at: Overruled(row.made_by, row.made_at, row.reason, Quality(row.before))
        for row in found
    }
