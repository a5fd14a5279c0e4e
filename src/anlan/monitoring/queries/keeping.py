"""Reads for the forms by which stations and their thresholds are kept."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from anlan.monitoring.data import Measure, Protocol, RainFrom, StationKind
from anlan.monitoring.keeping import StationFacts
from anlan.monitoring.models import DeviceModel, Exceedance, Station, StationCover, Threshold
from anlan.registry.data import Colour, Hazard


@dataclass(frozen=True)
class KeptThreshold:
    """A plain threshold of one station; one that has fired stays in the record."""

    id: int
    hazard: Hazard
    measure: Measure
    element: str
    window_min: int
    colour: Colour
    value: float
    source: str
    effective_from: date
    season: str
    has_fired: bool
    is_ahead: bool


def facts_of(row: Station) -> StationFacts:
    """Return what a person may say of a station, as it stands."""
    return StationFacts(
        address=row.address,
        protocol=Protocol(row.protocol),
        name=row.name,
        kind=StationKind(row.kind),
        division=row.division_id,
        lon=row.lon,
        lat=row.lat,
        interval_min=row.interval_min,
        password=row.password,
        place_id=row.place_id,
        base_m=row.base_m,
        rain_from=RainFrom(row.rain_from),
        device_model_id=row.device_model_id,
        is_active=row.is_active,
    )


def device_models() -> list[tuple[int, str]]:
    """Return key and name of each model of device that speaks JSON."""
    return list(DeviceModel.objects.order_by("name").values_list("pk", "name"))


def kept_thresholds(station_id: int, *, now: datetime) -> list[KeptThreshold]:
    """Return the plain thresholds of a station in sight, newest first within each."""
    today = timezone.localdate(now)
    rows = list(
        Threshold.objects.filter(station=station_id, version__isnull=True).order_by(
            "hazard", "measure", "element", "window_min", "colour", "-effective_from", "-pk"
        )
    )
    fired = set(
        Exceedance.objects.filter(threshold__in=[row.pk for row in rows]).values_list(
            "threshold_id", flat=True
        )
    )
    return [
        KeptThreshold(
            id=row.pk,
            hazard=Hazard(row.hazard),
            measure=Measure(row.measure),
            element=row.element,
            window_min=row.window_min,
            colour=Colour(row.colour),
            value=row.value,
            source=row.source,
            effective_from=row.effective_from,
            season=f"{row.season_from} – {row.season_until}" if row.season_from else "",
            has_fired=row.pk in fired,
            is_ahead=row.effective_from > today,
        )
        for row in rows
    ]


def covers_of(station_id: int) -> set[tuple[str, str]]:
    """Return the pairs of village code and hazard for which a station in sight speaks."""
    rows = StationCover.objects.filter(station=station_id)
    return set(rows.values_list("division_id", "hazard"))
