"""Reads of silences for the rooms above."""

from collections.abc import Iterable

from anlan.monitoring.data import SilenceLevel, SilentStation
from anlan.monitoring.models import Silence


def silent_stations(silence_ids: Iterable[int]) -> list[SilentStation]:
    """Return these silences as far as they still last, by station."""
    rows = Silence.objects.filter(pk__in=list(silence_ids), ended_at__isnull=True)
    return [
        SilentStation(
            silence_id=row.pk,
            station_id=row.station_id,
            name=row.station.name,
            division_code=row.station.division_id,
            since=row.since,
            level=SilenceLevel(row.level),
        )
        for row in rows.select_related("station").order_by("station_id")
    ]
