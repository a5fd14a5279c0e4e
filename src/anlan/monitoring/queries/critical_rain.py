"""Reads of the villages' critical rain and of how the soil of counties dries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from anlan.kernel.codes import Level, ancestor_of, prefix_of
from anlan.kernel.paging import turned
from anlan.kernel.scope import within
from anlan.monitoring.core.soil import DAYS, KEPT_SHARE
from anlan.monitoring.models import CriticalRain, SoilModel, StationCover
from anlan.registry.data import Hazard

PAGE_ROWS = 50


@dataclass(frozen=True)
class RainRow:
    """A village's critical rain as the list shows it; a later row may have taken over from it."""

    id: int
    division_code: str
    village: str
    window_min: int
    prepare_mm: tuple[float, float, float]
    move_mm: tuple[float, float, float]
    soil_mm: float
    source: str
    effective_from: date
    is_ahead: bool
    is_over: bool
    gauges: tuple[str, ...]


@dataclass(frozen=True)
class RainList:
    """One page of critical rain, by village and window."""

    rows: tuple[RainRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class SoilRow:
    """How a county's soil dries; `source` is empty where the usual figures count."""

    division_code: str
    kept_share: float
    days: int
    source: str


def listed_rain(*, division: str, page: int, now: datetime) -> RainList:
    """Return one page of the critical rain in sight, of a division when one is given."""
    rows = rain_rows(division)
    total = rows.count()
    page, pages, first = turned(page, total=total, size=PAGE_ROWS)
    shown = list(
        rows.select_related("division").defer("division__boundary")[first : first + PAGE_ROWS]
    )
    gauges = _gauges({row.division_id for row in shown})
    today = timezone.localdate(now)
    newest = _newest({row.division_id for row in shown}, today=today)
    return RainList(
        rows=tuple(
            RainRow(
                id=row.pk,
                division_code=row.division_id,
                village=row.division.name,
                window_min=row.window_min,
                prepare_mm=(row.prepare_dry_mm, row.prepare_normal_mm, row.prepare_wet_mm),
                move_mm=(row.move_dry_mm, row.move_normal_mm, row.move_wet_mm),
                soil_mm=row.soil_mm,
                source=row.source,
                effective_from=row.effective_from,
                is_ahead=row.effective_from > today,
                is_over=row.effective_from < newest.get((row.division_id, row.window_min), today),
                gauges=tuple(gauges.get(row.division_id, ())),
            )
            for row in shown
        ),
        page=page,
        pages=pages,
        total=total,
    )


def rain_rows(division: str = "") -> "QuerySet[CriticalRain]":
    """Return the critical rain in sight, by village, window and day."""
    rows: QuerySet[CriticalRain] = CriticalRain.objects.filter(hazard=Hazard.FLASH_FLOOD)
    if division:
        rows = rows.filter(within("division_id", [prefix_of(division)]))
    return rows.order_by("division_id", "window_min", "effective_from", "pk")


def soil_rows(codes: Iterable[str]) -> list[SoilRow]:
    """Return how the soil of the counties of these divisions dries, by code."""
    counties = sorted({ancestor_of(code, level=Level.COUNTY) for code in codes})
    kept = {row.division_id: row for row in SoilModel.objects.filter(division__in=counties)}
    usual = SoilModel(kept_share=KEPT_SHARE, days=DAYS, source="")
    return [
        SoilRow(code, row.kept_share, row.days, row.source)
        for code in counties
        for row in (kept.get(code, usual),)
    ]


def _gauges(villages: set[str]) -> dict[str, list[str]]:
    rows = StationCover.objects.filter(division__in=villages, hazard=Hazard.FLASH_FLOOD)
    found: dict[str, list[str]] = {}
    for village, name in rows.order_by("station__name").values_list("division_id", "station__name"):
        found.setdefault(village, []).append(name)
    return found


def _newest(villages: set[str], *, today: date) -> dict[tuple[str, int], date]:
    """Return from when on the row of a village and window that counts today does."""
    rows = CriticalRain.objects.filter(
        division__in=villages, hazard=Hazard.FLASH_FLOOD, effective_from__lte=today
    ).order_by("effective_from")
    return {
        (village, window): since
        for village, window, since in rows.values_list(
            "division_id", "window_min", "effective_from"
        )
    }
