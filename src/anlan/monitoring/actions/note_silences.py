from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.silence import level_due
from anlan.monitoring.data import Protocol, SilenceLevel
from anlan.monitoring.facts import silences_raised
from anlan.monitoring.models import Exceedance, Silence, Station, StationContact

UNHEARD_PROTOCOLS = (Protocol.HAND, Protocol.DERIVED)


@transaction.atomic
def note_silences(*, by: Actor, now: datetime) -> int:
    """Open, take further and end the silences of stations; return how many rows changed.

    A station that was never heard is no silence: nobody knows that it has begun to send. What is
    taken further is told upwards once for each level.
    """
    due = _due(now=now)
    open_ones = {row.station_id: row for row in Silence.objects.filter(ended_at__isnull=True)}
    ended = [row.pk for station, row in open_ones.items() if station not in due]
    Silence.objects.filter(pk__in=ended).update(ended_at=now)
    _journal("station.heard_again", [open_ones[s] for s in open_ones if s not in due], by, now)
    fresh = Silence.objects.bulk_create(
        Silence(station_id=station, since=since, noticed_at=now, raised_at=now, level=level)
        for station, (since, level) in due.items()
        if station not in open_ones
    )
    raised = [
        row for station, row in open_ones.items() if station in due and due[station][1] > row.level
    ]
    for row in raised:
        level = due[row.station_id][1]
        Silence.objects.filter(pk=row.pk, level=row.level).update(level=level, raised_at=now)
        row.level = level
    _journal("station.silent", [*fresh, *raised], by, now)
    told = [row.pk for row in (*fresh, *raised) if row.level > SilenceLevel.NOTED]
    if told:
        silences_raised.send(sender=None, silence_ids=told)
    return len(ended) + len(fresh) + len(raised)


def _due(*, now: datetime) -> dict[int, tuple[datetime, SilenceLevel]]:
    """Return since when each silent station is, and how far that is to be taken."""
    needed = set(
        Exceedance.objects.filter(ended_at__isnull=True).values_list("station_id", flat=True)
    )
    rows = (
        StationContact.objects.filter(station__is_active=True)
        .exclude(station__protocol__in=UNHEARD_PROTOCOLS)
        .values_list("station_id", "heard_at", "station__interval_min")
    )
    found = {}
    for station, heard_at, interval_min in rows:
        level = level_due(
            now - heard_at,
            interval=timedelta(minutes=interval_min),
            is_needed=station in needed,
        )
        if level is not None:
            found[station] = (heard_at, level)
    return found


def _journal(act: str, rows: list[Silence], by: Actor, now: datetime) -> None:
    divisions: Mapping[int, str] = dict(
        Station.objects.filter(pk__in={row.station_id for row in rows}).values_list(
            "pk", "division_id"
        )
    )
    journal.record_all(
        (
            journal.Note(
                act=act,
                subject=f"station:{row.station_id}",
                division_code=divisions[row.station_id],
                detail={"since": row.since.isoformat(), "level": int(row.level)},
            )
            for row in rows
        ),
        by=by,
        now=now,
    )
