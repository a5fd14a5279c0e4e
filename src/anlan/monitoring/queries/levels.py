"""Reads of the levels at gauges that people read by eye, and of what such a level means."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from anlan.monitoring.core.intake import Bounds
from anlan.monitoring.core.limits import in_season
from anlan.monitoring.core.ranges import POSSIBLE_RANGES
from anlan.monitoring.core.staff import Levels, Mark, Seen
from anlan.monitoring.data import EXCLUDED_FROM, Measure, RuleState
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.models import QualityLimit, Reading, Station, Threshold
from anlan.monitoring.queries.staff import CHUNK, StaffGauge, all_gauges, last_of, with_last
from anlan.registry.api import MarkKind, level_marks

LEVEL_CODE = "Z"
LISTED = timedelta(days=7)


def levels_of(ids: Iterable[int], *, since: datetime) -> dict[int, Levels]:
    """Return the levels of gauges from a moment on, and the last counting one before it."""
    keys = sorted(set(ids))
    rows: dict[int, list[Seen]] = {key: [] for key in keys}
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        readings = Reading.objects.filter(
            station_id__in=some, element=LEVEL, observed_at__gte=since
        )
        for key, at, value, quality in readings.values_list(
            "station_id", "observed_at", "value", "quality"
        ):
            rows[key].append(Seen(at=at, level_m=value, quality=quality))
        for gauge in with_last(Station.objects.filter(pk__in=some), before=since):
            if last := last_of(gauge):
                rows[gauge.pk].append(last)
    return {key: Levels(seen, counts_below=EXCLUDED_FROM) for key, seen in rows.items()}


def listed_levels(gauge_id: int, *, now: datetime, most: int = 200) -> list[Seen]:
    """Return the levels of the last seven days at a gauge, struck out ones too, newest first."""
    rows = Reading.objects.filter(
        station_id=gauge_id, element=LEVEL, observed_at__gte=now - LISTED
    ).order_by("-observed_at")
    return [
        Seen(at=at, level_m=value, quality=quality)
        for at, value, quality in rows.values_list("observed_at", "value", "quality")[:most]
    ]


def given_out(*, since: datetime) -> Iterator[tuple[StaffGauge, Seen]]:
    """Give the counting levels of the gauges in sight from a moment on, gauge by gauge."""
    gauges = all_gauges()
    rows = Reading.objects.filter(
        station_id__in=[gauge.id for gauge in gauges],
        element=LEVEL,
        observed_at__gte=since,
        quality__lt=EXCLUDED_FROM,
    ).order_by("station_id", "observed_at")
    by_key = {gauge.id: gauge for gauge in gauges}
    for key, at, value, quality in rows.values_list(
        "station_id", "observed_at", "value", "quality"
    ).iterator(2_000):
        yield by_key[key], Seen(at=at, level_m=value, quality=quality)


def counting_level(gauge_id: int, *, at: datetime) -> Seen | None:
    """Return the level of an instant at a gauge, None where there is none or it is struck out."""
    rows = Reading.objects.filter(
        station_id=gauge_id, element=LEVEL, observed_at=at, quality__lt=EXCLUDED_FROM
    )
    for value, quality in rows.values_list("value", "quality"):
        return Seen(at=at, level_m=value, quality=quality)
    return None


def bounds_of(ids: Iterable[int]) -> dict[int, Bounds]:
    """Return what a level may be at each gauge: its own bounds, those of all, or nature's."""
    keys = set(ids)
    rows = QualityLimit.objects.filter(element=LEVEL_CODE)
    limits = {
        row.station_id: row for row in rows if row.station_id is None or row.station_id in keys
    }
    low, high = POSSIBLE_RANGES[LEVEL_CODE]
    found = {}
    for key in keys:
        row = limits.get(key) or limits.get(None)
        found[key] = (
            Bounds(low=low, high=high)
            if row is None
            else Bounds(
                low=low if row.low is None else row.low,
                high=high if row.high is None else row.high,
                step=row.step,
                step_s=row.step_min * 60,
            )
        )
    return found


def marks_of(gauges: Iterable[StaffGauge], *, now: datetime) -> dict[int, tuple[Mark, ...]]:
    """Return the levels that mean something at each gauge: of its place, and of the rules in force.

    Where both stand at one height, the register's word is kept.
    """
    rows = list(gauges)
    places = level_marks(row.place_id for row in rows if row.place_id is not None)
    rules = _rule_marks([row.id for row in rows], now=now)
    found = {}
    for row in rows:
        by_level = {mark.level_m: mark for mark in rules.get(row.id, ())}
        for mark in places.get(row.place_id or 0, ()):
            colour = by_level[mark.level_m].colour if mark.level_m in by_level else 0
            word = str(MarkKind(mark.kind).label)
            by_level[mark.level_m] = Mark(name=word, level_m=mark.level_m, colour=colour)
        found[row.id] = tuple(by_level[level] for level in sorted(by_level))
    return found


def _rule_marks(ids: Sequence[int], *, now: datetime) -> Mapping[int, list[Mark]]:
    today = timezone.localdate(now)
    rows = Threshold.objects.filter(
        Q(version__isnull=True) | Q(version__state=RuleState.LIVE),
        station_id__in=ids,
        measure=Measure.LAST,
        element=LEVEL_CODE,
        together="",
        effective_from__lte=today,
    ).order_by("effective_from", "pk")
    newest: dict[tuple[Any, ...], float] = {}
    for station, hazard, colour, version, value, start, until in rows.values_list(
        "station_id", "hazard", "colour", "version_id", "value", "season_from", "season_until"
    ):
        if in_season(f"{today:%m-%d}", start=start, until=until):
            newest[station, hazard, colour, version] = value
    found: dict[int, list[Mark]] = defaultdict(list)
    for (station, _hazard, colour, _version), value in newest.items():
        found[station].append(Mark("", value, colour))
    return found
