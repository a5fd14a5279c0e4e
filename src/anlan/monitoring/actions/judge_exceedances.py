from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.exceedances import Hit, Key, Standing, changes_of
from anlan.monitoring.evaluation import memory
from anlan.monitoring.facts import thresholds_cleared, thresholds_crossed
from anlan.monitoring.models import Exceedance, Station


@transaction.atomic
def judge_exceedances(*, by: Actor, now: datetime) -> int:
    """Hold every station against its limits, write what changed and return how many crossings.

    Announces the crossings and the clearings of this moment together, so that what comes of them
    is one warning a town and not one a gauge.
    """
    kept = memory(now=now)
    standing = _standing()
    higher, still_up = kept.table(now=now).hits(kept.windows, standing=standing)
    changes = changes_of(higher, still_up, standing=standing, now=now)
    if changes.sinking:
        Exceedance.objects.filter(pk__in=changes.sinking).update(below_since=now)
    if changes.recovered:
        Exceedance.objects.filter(pk__in=changes.recovered).update(below_since=None)
    ended = _end(changes.ended, by=by, now=now)
    raised = _raise(changes.raised, by=by, now=now)
    if raised:
        thresholds_crossed.send(sender=None, exceedance_ids=raised)
    if ended:
        thresholds_cleared.send(sender=None, exceedance_ids=ended)
    return len(raised)


def _standing() -> dict[Key, Standing]:
    rows = Exceedance.objects.filter(ended_at__isnull=True).values_list(
        "pk", "station_id", "hazard", "colour", "below_since"
    )
    return {
        (station, hazard): Standing(id=pk, colour=colour, below_since=below)
        for pk, station, hazard, colour, below in rows
    }


def _raise(
    raised: tuple[tuple[Hit, Standing | None], ...], *, by: Actor, now: datetime
) -> list[int]:
    replaced = [standing.id for _hit, standing in raised if standing]
    Exceedance.objects.filter(pk__in=replaced).update(ended_at=now)
    rows = Exceedance.objects.bulk_create(
        Exceedance(
            station_id=hit.limit.station_id,
            threshold_id=hit.limit.threshold_id,
            hazard=hit.limit.hazard,
            colour=hit.limit.colour,
            value=hit.value,
            started_at=now,
            follows_id=standing.id if standing else None,
        )
        for hit, standing in raised
    )
    _journal("threshold.crossed", rows, by=by, now=now)
    return [row.pk for row in rows]


def _end(ids: tuple[int, ...], *, by: Actor, now: datetime) -> list[int]:
    if not ids:
        return []
    rows = list(Exceedance.objects.filter(pk__in=ids, ended_at__isnull=True))
    Exceedance.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now)
    _journal("threshold.cleared", rows, by=by, now=now)
    return [row.pk for row in rows]


def _journal(act: str, rows: list[Exceedance], *, by: Actor, now: datetime) -> None:
    divisions: Mapping[int, str] = dict(
        Station.objects.filter(pk__in={row.station_id for row in rows}).values_list(
            "pk", "division_id"
        )
    )
    journal.record_all(
        (
            journal.Note(
                act=act,
                subject=f"exceedance:{row.pk}",
                division_code=divisions[row.station_id],
                detail={
                    "station": row.station_id,
                    "hazard": row.hazard,
                    "colour": row.colour,
                    "value": round(row.value, 2),
                },
            )
            for row in rows
        ),
        by=by,
        now=now,
    )
