"""Reads of what one station is held against at present, for its page and its chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from anlan.kernel.codes import prefix_of
from anlan.monitoring.core.limits import in_season
from anlan.monitoring.data import Measure, RuleState
from anlan.monitoring.limiting import MOVE, PREPARE
from anlan.monitoring.models import CriticalRain, StationCover, Threshold
from anlan.registry.data import Colour, Hazard

RAIN_CODE = "PN05"


@dataclass(frozen=True)
class LimitInForce:
    """A limit as a page tells it; `element` is a code, `rule` and `village` are empty mostly.

    `lowest` is the value on wet soil where the limit falls as the soil wets.
    """

    hazard: Hazard
    colour: Colour
    measure: Measure
    element: str
    window_min: int
    value: float
    source: str
    is_own: bool = False
    threshold_id: int = 0
    rule: str = ""
    village: str = ""
    lowest: float | None = None


@dataclass(frozen=True)
class _Cover:
    """The station speaks for a village in a hazard."""

    hazard: Hazard
    code: str
    name: str


def limits_in_force(station_id: int, *, now: datetime) -> list[LimitInForce]:
    """Return the limits of a station in sight, by hazard, village, window and colour.

    A station's own limits of a hazard take the place of those for every station, rule by rule.
    """
    rows = StationCover.objects.filter(station=station_id)
    covers = [
        _Cover(Hazard(hazard), code, name)
        for hazard, code, name in rows.values_list("hazard", "division_id", "division__name")
    ]
    today = timezone.localdate(now)
    found = [*_thresholds(station_id, covers, today=today), *_critical(covers, today=today)]
    return sorted(found, key=lambda x: (x.hazard, x.village, x.window_min, x.colour, x.value))


def _thresholds(
    station_id: int, covers: Sequence[_Cover], *, today: date
) -> Iterator[LimitInForce]:
    hazards = {cover.hazard for cover in covers}
    rows = Threshold.objects.filter(
        Q(version__isnull=True) | Q(version__state=RuleState.LIVE),
        Q(station=station_id) | Q(station__isnull=True, hazard__in=hazards),
        effective_from__lte=today,
    ).select_related("version__rule")
    newest = {}
    for row in rows.order_by("effective_from", "pk"):
        if in_season(f"{today:%m-%d}", start=row.season_from, until=row.season_until):
            newest[_name_of(row)] = row
    own = {(row.hazard, row.version_id) for row in newest.values() if row.station_id}
    for row in newest.values():
        is_replaced = not row.station_id and (row.hazard, row.version_id) in own
        if not is_replaced and _reaches(row, covers):
            yield LimitInForce(
                hazard=Hazard(row.hazard),
                colour=Colour(row.colour),
                measure=Measure(row.measure),
                element=row.element,
                window_min=row.window_min,
                value=row.value,
                source=row.source,
                is_own=bool(row.station_id),
                threshold_id=row.pk,
                rule=row.version.rule.name if row.version_id else "",
            )


def _name_of(row: Threshold) -> tuple[object, ...]:
    """Return what two rows for the same limit share; of a rule's version every row counts."""
    name = (
        row.station_id, row.measured_at_id, row.hazard, row.measure, row.element, row.window_min,
        row.colour,
    )  # fmt: skip
    return (*name, row.version_id, row.together, row.value if row.version_id else None)


def _reaches(row: Threshold, covers: Sequence[_Cover]) -> bool:
    """Tell whether the rule of a limit, if it has one, is of a division that the station covers."""
    spoken_for = [cover.code for cover in covers if cover.hazard == row.hazard]
    if not row.version_id or not spoken_for:
        return True
    prefix = prefix_of(row.version.rule.division_id)
    return any(code.startswith(prefix) for code in spoken_for)


def _critical(covers: Sequence[_Cover], *, today: date) -> Iterator[LimitInForce]:
    names = {(cover.hazard.value, cover.code): cover.name for cover in covers}
    rows = CriticalRain.objects.filter(
        division__in={cover.code for cover in covers}, effective_from__lte=today
    )
    newest = {
        (row.hazard, row.division_id, row.window_min): row
        for row in rows.order_by("effective_from", "pk")
        if (row.hazard, row.division_id) in names
    }
    for (hazard, village, window_min), row in newest.items():
        for colour, dry, wet in (
            (PREPARE, row.prepare_dry_mm, row.prepare_wet_mm),
            (MOVE, row.move_dry_mm, row.move_wet_mm),
        ):
            yield LimitInForce(
                hazard=Hazard(hazard),
                colour=colour,
                measure=Measure.SUM,
                element=RAIN_CODE,
                window_min=window_min,
                value=dry,
                source=row.source,
                village=names[hazard, village],
                lowest=wet,
            )
