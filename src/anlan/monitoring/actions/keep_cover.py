from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._keeping import tell_rules
from anlan.monitoring.data import StationOutOfSight
from anlan.monitoring.models import Station, StationCover
from anlan.monitoring.queries.permitted import check_permitted
from anlan.registry.api import check_divisions
from anlan.registry.data import Hazard, Permission


@transaction.atomic
def keep_cover(
    station_id: int,
    *,
    villages: Collection[str],
    pairs: Collection[tuple[str, Hazard]],
    by: Actor,
    now: datetime,
) -> int:
    """Let a station speak for these pairs of village and hazard, and return how many changed.

    Only what it says of `villages` is touched. Raises UnknownDivision, NotPermitted,
    StationOutOfSight.
    """
    station = Station.objects.filter(pk=station_id).first()
    if station is None:
        raise StationOutOfSight(station_id)
    check_divisions(villages)
    check_permitted(Permission.KEEP_STATIONS, {station.division_id, *villages}, by=by, now=now)
    wanted = {(code, hazard.value) for code, hazard in pairs if code in set(villages)}
    rows = StationCover.objects.filter(station=station, division__in=list(villages))
    there = {(row.division_id, row.hazard): row.pk for row in rows}
    gone = [pk for pair, pk in there.items() if pair not in wanted]
    fresh = sorted(wanted - there.keys())
    StationCover.objects.filter(pk__in=gone).delete()
    StationCover.objects.bulk_create(
        (StationCover(station=station, division_id=code, hazard=hazard) for code, hazard in fresh),
        ignore_conflicts=True,
    )
    if not (gone or fresh):
        return 0
    tell_rules()
    journal.record(
        "station.villages_changed",
        by=by,
        now=now,
        subject=f"station:{station_id}",
        division_code=station.division_id,
        detail={"added": len(fresh), "removed": len(gone)},
    )
    return len(gone) + len(fresh)
