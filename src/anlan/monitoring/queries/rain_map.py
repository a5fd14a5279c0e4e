"""The rain of the last hours at every gauge of a division, and its lines and areas between them."""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from anlan.kernel import scope
from anlan.kernel.codes import CODE_DIGITS, Level, level_of, prefix_of
from anlan.monitoring.core.main_elements import RAIN
from anlan.monitoring.core.rain_classes import DRY, STEPS_MM, lines_between
from anlan.monitoring.core.retention import month_of
from anlan.monitoring.core.thinning import one_a_cell
from anlan.monitoring.data import StationKind
from anlan.monitoring.models import ArchivedMonth, LatestReading, Silence, Station
from anlan.monitoring.store.buckets import totals
from anlan.monitoring.store.history import history
from anlan.registry.api import bearings, outline_of, outlines_in
from anlan.science.isohyets import isohyets

FEWEST: Final = 3
MOST: Final = 600
"""Between fewer gauges no lines are drawn; of more than these the means of cells count."""
SLOT: Final = timedelta(minutes=5)
SECOND: Final = timedelta(seconds=1)
MOST_KEPT: Final = 32


@dataclass(frozen=True)
class GaugeRain:
    """A gauge and the rain there in mm, None where it told nothing in the whole time."""

    id: int
    name: str
    lon: float
    lat: float
    town: str
    mm: float | None
    is_silent: bool


@dataclass(frozen=True)
class TownRain:
    """The rain of a town: the mean of its gauges that told any, and the highest with its gauge."""

    code: str
    name: str
    gauges: int
    telling: int
    mean_mm: float | None
    highest_mm: float | None
    highest_at: str


@dataclass(frozen=True)
class Band:
    """The areas, as GeoJSON MultiPolygon coordinates, with so many mm or more."""

    level_mm: float
    areas: list[Any]


@dataclass(frozen=True)
class Line:
    """The lines, as GeoJSON MultiLineString coordinates, along which so many mm fell."""

    level_mm: float
    lines: list[Any]


@dataclass(frozen=True)
class RainMap:
    """The rain that fell in `hours` up to `at`."""

    code: str
    hours: int
    at: datetime
    gauges: tuple[GaugeRain, ...]
    towns: tuple[TownRain, ...]
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    outline: Mapping[str, Any] | None
    inner: tuple[Mapping[str, Any], ...]

    @property
    def telling(self) -> list[GaugeRain]:
        """Return the gauges that told anything, the most rain first."""
        return sorted(
            (x for x in self.gauges if x.mm is not None), key=lambda x: (-(x.mm or 0), x.name)
        )


_kept: OrderedDict[tuple[Any, ...], RainMap] = OrderedDict()


def rain_map(code: str, *, hours: int, at: datetime, now: datetime) -> RainMap:
    """Return the rain map of a division in sight, computed once in five minutes by each process.

    Gauges out of sight are left out, also where the division holds them.
    """
    seen = _seen_within(code)
    key = (
        str(connection.settings_dict["NAME"]), code, seen, hours,
        at, int(now.timestamp()) // int(SLOT.total_seconds()),
    )  # fmt: skip
    if key not in _kept:
        _kept[key] = _computed(code, hours=hours, at=at)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def forget() -> None:
    """Drop the maps that this process has computed."""
    _kept.clear()


def division_to_show(asked: str) -> str:
    """Return the division asked for where it is in sight, else the first in sight, or nothing.

    Of a province its first county with stations: no map carries all its gauges.
    """
    prefixes = scope.active().prefixes
    if (
        asked
        and level_of(asked) >= Level.COUNTY
        and (scope.active().sees(asked) or _seen_within(asked))
    ):
        return asked
    if not prefixes:
        return ""
    if len(prefixes[0]) >= Level.COUNTY:
        return prefixes[0].ljust(CODE_DIGITS, "0")
    first = Station.objects.order_by("division_id").values_list("division_id", flat=True).first()
    return first[: Level.COUNTY].ljust(CODE_DIGITS, "0") if first else ""


def slot_before(moment: datetime) -> datetime:
    """Return the last whole five minutes at or before a moment."""
    return moment - timedelta(seconds=moment.timestamp() % SLOT.total_seconds())


def _seen_within(code: str) -> tuple[str, ...]:
    """Return the prefixes in sight within a division."""
    prefix = prefix_of(code)
    if scope.active().sees(code):
        return (prefix,)
    return tuple(x for x in scope.active().prefixes if x.startswith(prefix))


def _computed(code: str, *, hours: int, at: datetime) -> RainMap:
    stations = _gauges(code)
    start = at - timedelta(hours=hours)
    amounts = _amounts([row.pk for row in stations], start=start, end=at)
    silent = set(
        Silence.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=at),
            station__in=[row.pk for row in stations],
            since__lte=at,
        ).values_list("station_id", flat=True)
    )
    gauges = tuple(
        GaugeRain(
            id=row.pk,
            name=row.name,
            lon=row.lon,
            lat=row.lat,
            town=row.division_id[: Level.TOWN].ljust(CODE_DIGITS, "0"),
            mm=amounts.get(row.pk),
            is_silent=row.pk in silent,
        )
        for row in stations
    )
    outline = outline_of(code)
    bands, lines = _field(gauges, hours=hours, outline=outline)
    return RainMap(
        code=code,
        hours=hours,
        at=at,
        gauges=gauges,
        towns=_towns(gauges),
        bands=bands,
        lines=lines,
        outline=outline,
        inner=tuple(each.outline for each in outlines_in(code)),
    )


def _gauges(code: str) -> list[Station]:
    """Return the stations in sight of a division that measure rain."""
    rain = LatestReading.objects.filter(station=OuterRef("pk"), element=RAIN)
    return list(
        Station.objects.filter(
            Q(kind=StationKind.RAIN) | Q(Exists(rain)),
            scope.within("division_id", [prefix_of(code)]),
            is_active=True,
        ).order_by("name", "pk")
    )


def _amounts(stations: Collection[int], *, start: datetime, end: datetime) -> dict[int, float]:
    """Return the counting rain of each station that told any, months in the archive included."""
    if not _is_archived(start, end):
        found = totals(stations, RAIN, starts=[start], end=end)
        return {key: round(amount or 0.0, 1) for key, (amount,) in found.items()}
    # What is told at `start` fell before it, what is told at `end` belongs in.
    rows = history(stations, [RAIN], start=start + SECOND, end=end + SECOND)
    keys, place = np.unique(rows.stations, return_inverse=True)
    sums = np.bincount(place.ravel(), weights=rows.values) if len(rows) else np.empty(0)
    return {int(key): round(float(mm), 1) for key, mm in zip(keys, sums, strict=True)}


def _is_archived(start: datetime, end: datetime) -> bool:
    months = ArchivedMonth.objects.filter(
        dropped_at__isnull=False, month__gte=month_of(start), month__lte=month_of(end)
    )
    return months.exists()


def _towns(gauges: Sequence[GaugeRain]) -> tuple[TownRain, ...]:
    by_town: dict[str, list[GaugeRain]] = defaultdict(list)
    for gauge in gauges:
        by_town[gauge.town].append(gauge)
    names = bearings(by_town)
    rows = [
        _town(code, names[code].name if code in names else code, mine)
        for code, mine in by_town.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.highest_mm or -1.0), row.code)))


def _town(code: str, name: str, gauges: Sequence[GaugeRain]) -> TownRain:
    told = [(gauge.mm, gauge.name) for gauge in gauges if gauge.mm is not None]
    highest = max(told, default=None, key=lambda each: each[0])
    return TownRain(
        code=code,
        name=name,
        gauges=len(gauges),
        telling=len(told),
        mean_mm=sum(mm for mm, _name in told) / len(told) if told else None,
        highest_mm=highest[0] if highest else None,
        highest_at=highest[1] if highest else "",
    )


def _field(
    gauges: Iterable[GaugeRain], *, hours: int, outline: Mapping[str, Any] | None
) -> tuple[tuple[Band, ...], tuple[Line, ...]]:
    """Return the bands of the classes and the lines of whole amounts, none where it was dry."""
    told = [(gauge.lon, gauge.lat, gauge.mm) for gauge in gauges if gauge.mm is not None]
    if len(told) < FEWEST or max(mm for _lon, _lat, mm in told) < DRY:
        return (), ()
    rows = np.array(told, dtype=np.float64)
    places, rain = one_a_cell(rows[:, :2], rows[:, 2], most=MOST)
    lines_at = lines_between(float(rain.min()), float(rain.max()))
    levels = sorted({*STEPS_MM[hours], *lines_at})
    drawn = {
        each.level_mm: each
        for each in isohyets(places, rain_mm=rain, levels_mm=levels, boundary=outline)
    }
    bands = (Band(level, drawn[level].areas) for level in STEPS_MM[hours])
    lines = (Line(level, drawn[level].lines) for level in lines_at)
    return tuple(x for x in bands if x.areas), tuple(x for x in lines if x.lines)
