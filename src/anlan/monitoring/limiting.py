"""The limits in force, from the rows that counties keep."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from anlan.kernel.codes import prefix_of
from anlan.monitoring.core.limits import PLAIN, Key, Limit, Policy, in_season, limits_of
from anlan.monitoring.core.rings import SLOT_S
from anlan.monitoring.data import Measure, RuleState
from anlan.monitoring.elements import RAIN, numbers_of
from anlan.monitoring.models import CriticalRain, RuleVersion, StationCover, Threshold
from anlan.registry.data import Colour

_THRESHOLD = (
    "pk", "station_id", "hazard", "measure", "element", "window_min", "colour", "value",
    "measured_at_id", "together", "version_id", "season_from", "season_until",
)  # fmt: skip
_CRITICAL = (
    "pk", "division_id", "hazard", "window_min", "prepare_dry_mm", "prepare_normal_mm",
    "prepare_wet_mm", "move_dry_mm", "move_normal_mm", "move_wet_mm", "soil_mm",
)  # fmt: skip
_POLICY = (
    "pk", "for_min", "stations_needed", "falls_to", "falls_by", "clear_after_min",
    "rule__division_id",
)  # fmt: skip
PREPARE, MOVE = Colour.ORANGE, Colour.RED
"""Preparing to move stands under orange, moving at once under red."""


@dataclass(frozen=True)
class LimitRows:
    """What the limits are made of, as plain rows that can be compared."""

    thresholds: tuple[tuple[Any, ...], ...]
    critical: tuple[tuple[Any, ...], ...]
    policies: tuple[tuple[Any, ...], ...]
    covers: tuple[tuple[Any, ...], ...]


def limit_rows(*, now: datetime) -> LimitRows:
    """Return the rows in force now: of those for one limit the newest that has come into effect."""
    today = timezone.localtime(now).date()
    in_force = Q(version__isnull=True) | Q(version__state=RuleState.LIVE)
    return LimitRows(
        thresholds=_newest(
            Threshold.objects.filter(in_force, effective_from__lte=today), today=f"{today:%m-%d}"
        ),
        critical=tuple(
            {
                row[1:4]: row
                for row in CriticalRain.objects.filter(effective_from__lte=today)
                .order_by("effective_from", "pk")
                .values_list(*_CRITICAL)
            }.values()
        ),
        policies=_policies(RuleVersion.objects.filter(state=RuleState.LIVE)),
        covers=_covers(),
    )


def version_rows(version_id: int, *, day: str) -> LimitRows:
    """Return the rows of one version alone, in force or not, as they count on a day (MM-DD)."""
    return LimitRows(
        thresholds=_newest(Threshold.objects.filter(version=version_id), today=day),
        critical=(),
        policies=_policies(RuleVersion.objects.filter(pk=version_id)),
        covers=_covers(),
    )


def _policies(rows: QuerySet[RuleVersion]) -> tuple[tuple[Any, ...], ...]:
    return tuple(rows.order_by("pk").values_list(*_POLICY))


def _covers() -> tuple[tuple[Any, ...], ...]:
    rows = StationCover.objects.order_by("hazard", "station_id", "division_id")
    return tuple(rows.values_list("hazard", "station_id", "division_id"))


def _newest(rows: QuerySet[Threshold], *, today: str) -> tuple[tuple[Any, ...], ...]:
    """Return the rows in season: of plain ones for the same limit the newest, a season's first."""
    newest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    in_order = rows.order_by("effective_from", "season_from", "pk")
    for row in in_order.values_list(*_THRESHOLD):
        if in_season(today, start=row[11], until=row[12]):
            version, name = row[10], (*row[1:7], *row[8:10])
            newest[(*name, version, row[7] if version else None)] = row
    return tuple(sorted(newest.values(), key=lambda row: int(row[0])))


def limits_from(rows: LimitRows) -> list[Limit]:
    """Return every limit as it applies to every station."""
    policies = {row[0]: policy_of(row) for row in rows.policies}
    areas = {row[0]: row[6] for row in rows.policies}
    numbers = numbers_of({row[4] for row in rows.thresholds})
    covered: dict[str, list[int]] = defaultdict(list)
    homes: dict[tuple[str, int], list[str]] = defaultdict(list)
    for hazard, station, village in rows.covers:
        homes[hazard, station].append(village)
        if len(homes[hazard, station]) == 1:
            covered[hazard].append(station)
    own: list[Limit] = []
    defaults: list[Limit] = []
    for row in rows.thresholds:
        limit = _limit(row, policy=policies.get(row[10], PLAIN), element=numbers[row[4]])
        (own if row[1] else defaults).append(limit)
    found = limits_of(own, defaults=defaults, covered=covered)
    return [limit for limit in found if _is_in_area(limit, areas, homes)] + _critical(rows)


def policy_of(row: tuple[Any, ...]) -> Policy:
    """Return how a version is judged."""
    pk, for_min, needed, falls_to, falls_by, clear_min, _area = row
    return Policy(
        version=pk,
        for_s=for_min * 60,
        needed=needed,
        falls_to=falls_to,
        falls_by=falls_by,
        clear_after=timedelta(minutes=clear_min),
    )


def _is_in_area(
    limit: Limit, areas: Mapping[int, str], homes: Mapping[tuple[str, int], list[str]]
) -> bool:
    """Tell whether a rule of a division reaches a station: it speaks for a village there."""
    area = areas.get(limit.policy.version)
    if area is None:
        return True
    prefix = prefix_of(area)
    spoken_for = homes.get((limit.key.hazard, limit.key.station_id), [])
    return not spoken_for or any(village.startswith(prefix) for village in spoken_for)


def _limit(row: tuple[Any, ...], *, policy: Policy, element: int) -> Limit:
    pk, station, hazard, measure, _element, window_min, colour, value = row[:8]
    return Limit(
        key=Key(station or 0, hazard),
        series=(row[8] or station or 0, element),
        measure=Measure(measure),
        window=window_min * 60 // SLOT_S,
        colour=colour,
        value=value,
        threshold_id=pk,
        together=row[9],
        policy=policy,
    )


def _critical(rows: LimitRows) -> list[Limit]:
    """Return the limits of villages with critical rain of their own, at each of their gauges."""
    gauges: dict[tuple[str, str], list[int]] = defaultdict(list)
    for hazard, station, village in rows.covers:
        gauges[hazard, village].append(station)
    return [
        Limit(
            key=Key(station, hazard, village),
            series=(station, RAIN),
            measure=Measure.SUM,
            window=window_min * 60 // SLOT_S,
            colour=colour,
            value=dry,
            critical_rain_id=pk,
            by_wetness=(dry, normal, wet, soil),
        )
        for pk, village, hazard, window_min, *amounts, soil in rows.critical
        for station in gauges.get((hazard, village), ())
        for colour, (dry, normal, wet) in ((PREPARE, amounts[:3]), (MOVE, amounts[3:]))
    ]
