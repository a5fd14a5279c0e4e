"""What the actions that keep stations and thresholds share."""

from typing import Any

from django.db.models import F

from anlan.monitoring.keeping import StationFacts
from anlan.monitoring.models import EvaluationCursor, Station

COLUMNS = (
    "address", "protocol", "name", "kind", "division_id", "lon", "lat", "interval_min", "password",
    "place_id", "base_m", "rain_from", "device_model_id", "is_active",
)  # fmt: skip


def columns_of(facts: StationFacts) -> dict[str, Any]:
    """Return the facts of a station by the columns of its table."""
    return {
        "address": facts.address,
        "protocol": facts.protocol,
        "name": facts.name,
        "kind": facts.kind,
        "division_id": facts.division,
        "lon": facts.lon,
        "lat": facts.lat,
        "interval_min": facts.interval_min,
        "password": facts.password,
        "place_id": facts.place_id,
        "base_m": facts.base_m,
        "rain_from": facts.rain_from,
        "device_model_id": facts.device_model_id,
        "is_active": facts.is_active,
    }


def is_taken(address: str, *, but: int | None = None) -> bool:
    """Tell whether a station, also one out of sight, has this address already."""
    rows = Station._base_manager.filter(address=address)
    return (rows if but is None else rows.exclude(pk=but)).exists()


def tell_rules() -> None:
    """Let every worker read the limits anew at its next step."""
    EvaluationCursor.objects.update(limits_turn=F("limits_turn") + 1)
