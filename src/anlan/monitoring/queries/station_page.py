"""Reads for one station's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import OuterRef, Q, Subquery

from anlan.monitoring.data import CommandState, Measure, Quality, SilenceLevel, StationOutOfSight
from anlan.monitoring.elements import names_of
from anlan.monitoring.models import (
    Exceedance,
    LatestReading,
    Picture,
    Silence,
    Station,
    StationCommand,
    StationContact,
    StationMonth,
)
from anlan.registry.data import Colour, Hazard

MOST_EXCEEDANCES: Final = 30
MOST_SILENCES: Final = 20
MOST_MONTHS: Final = 12
MOST_COMMANDS: Final = 10
MOST_PICTURES: Final = 8


@dataclass(frozen=True)
class Measured:
    """The last counting value of an element, by number and code."""

    number: int
    element: str
    value: float
    observed_at: datetime
    quality: Quality


@dataclass(frozen=True)
class ExceedanceRow:
    """A time over a threshold; `village` is empty where the station stands for all it covers."""

    id: int
    hazard: Hazard
    colour: Colour
    measure: Measure
    element: str
    window_min: int
    value: float
    limit: float
    is_doubtful: bool
    village: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class SilenceRow:
    """A time in which a station was not heard."""

    since: datetime
    ended_at: datetime | None
    level: SilenceLevel


@dataclass(frozen=True)
class MonthRow:
    """How much of a month's reports came until the end of the day `counted_to`."""

    month: date
    expected: int
    received: int
    late: int
    doubtful: int
    counted_to: date

    @property
    def share(self) -> float | None:
        """Return the share of the expected reports that came, at most 1."""
        return min(self.received / self.expected, 1.0) if self.expected else None


@dataclass(frozen=True)
class CommandRow:
    """A command to a station and how far it went."""

    function: int
    parameters: Mapping[str, object]
    state: CommandState
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None
    answer: Mapping[str, object]


def access_station(station_id: int) -> Station:
    """Return a station in sight with its division, place and last contact, or raise.

    The contact stands in `heard_at`, `drift_s` and `peer`. Raises StationOutOfSight.
    """
    contact = StationContact.objects.filter(station=OuterRef("pk"))
    found: Station | None = (
        Station.objects.filter(pk=station_id)
        .select_related("division__parent", "place", "device_model")
        .annotate(
            heard_at=Subquery(contact.values("heard_at")[:1]),
            drift_s=Subquery(contact.values("drift_s")[:1]),
            peer=Subquery(contact.values("peer")[:1]),
        )
        .first()
    )
    if found is None:
        raise StationOutOfSight(station_id)
    return found


def latest_values(station_id: int) -> list[Measured]:
    """Return the last counting value of each element of a station in sight, by number."""
    rows = list(LatestReading.objects.filter(station=station_id).order_by("element"))
    names = names_of(row.element for row in rows)
    return [
        Measured(row.element, names[row.element], row.value, row.observed_at, Quality(row.quality))
        for row in rows
    ]


def exceedances_of(
    station_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> list[ExceedanceRow]:
    """Return the times a station stood over a threshold, open and latest first.

    With `since` and `until` those that touch the span.
    """
    rows = Exceedance.objects.filter(station=station_id)
    if since is not None and until is not None:
        rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since), started_at__lte=until)
    rows = rows.select_related("threshold", "critical_rain", "village")
    found = [_exceedance(row) for row in rows.order_by("-started_at", "-pk")[:MOST_EXCEEDANCES]]
    return sorted(found, key=lambda row: row.ended_at is not None)


def _exceedance(row: Exceedance) -> ExceedanceRow:
    limit = row.threshold
    return ExceedanceRow(
        id=row.pk,
        hazard=Hazard(row.hazard),
        colour=Colour(row.colour),
        measure=Measure(limit.measure) if limit else Measure.SUM,
        element=limit.element if limit else "PN05",
        window_min=limit.window_min if limit else row.critical_rain.window_min,
        value=row.value,
        limit=row.limit,
        is_doubtful=row.is_doubtful,
        village=row.village.name if row.village_id else "",
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def silences_of(station_id: int) -> list[SilenceRow]:
    """Return the latest times in which a station in sight was not heard, the newest first."""
    rows = Silence.objects.filter(station=station_id).order_by("-since")[:MOST_SILENCES]
    return [SilenceRow(row.since, row.ended_at, SilenceLevel(row.level)) for row in rows]


def months_of(station_id: int) -> list[MonthRow]:
    """Return what came of a station in sight in the last months, the newest first."""
    rows = StationMonth.objects.filter(station=station_id).order_by("-month")[:MOST_MONTHS]
    return [
        MonthRow(row.month, row.expected, row.received, row.late, row.doubtful, row.counted_to)
        for row in rows
    ]


def commands_to(station_id: int) -> list[CommandRow]:
    """Return the latest commands to a station in sight, the newest first."""
    rows = StationCommand.objects.filter(station=station_id).order_by("-asked_at", "-pk")
    return [
        CommandRow(
            function=row.function,
            parameters=row.parameters,
            state=CommandState(row.state),
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            answer=row.answer,
        )
        for row in rows[:MOST_COMMANDS]
    ]


def pictures_of(station_id: int) -> list[tuple[int, datetime]]:
    """Return number and instant of the latest pictures of a station in sight, the newest first."""
    rows = Picture.objects.filter(station=station_id).order_by("-observed_at")
    return list(rows.values_list("pk", "observed_at")[:MOST_PICTURES])


def picture(picture_id: int) -> bytes:
    """Return a picture (JPEG) of a station in sight, or raise StationOutOfSight."""
    rows = Picture.objects.filter(pk=picture_id)
    found = rows.values_list("content", flat=True).first()
    if found is None:
        raise StationOutOfSight(picture_id)
    return bytes(found)
