from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._keeping import tell_rules
from anlan.monitoring.data import StationOutOfSight
from anlan.monitoring.keeping import ThresholdFacts, check_threshold
from anlan.monitoring.models import Station, Threshold
from anlan.monitoring.queries.permitted import check_permitted
from anlan.registry.data import Permission


@transaction.atomic
def keep_threshold(facts: ThresholdFacts, *, station_id: int, by: Actor, now: datetime) -> int:
    """Set a plain threshold of a station from a day on, and return its key.

    An earlier one stays in the record and gives way on that day; one of the very same day is
    replaced. Raises Refused, NotPermitted, StationOutOfSight.
    """
    check_threshold(facts)
    station = Station.objects.filter(pk=station_id).first()
    if station is None:
        raise StationOutOfSight(station_id)
    check_permitted(Permission.KEEP_STATIONS, [station.division_id], by=by, now=now)
    row, is_new = Threshold.objects.update_or_create(
        station=station,
        version=None,
        hazard=facts.hazard,
        measure=facts.measure,
        element=facts.element,
        window_min=facts.window_min,
        colour=facts.colour,
        season_from=facts.season_from,
        effective_from=facts.effective_from,
        defaults={
            "value": facts.value,
            "source": facts.source.strip(),
            "season_until": facts.season_until,
        },
    )
    tell_rules()
    journal.record(
        "threshold.added" if is_new else "threshold.changed",
        by=by,
        now=now,
        subject=f"station:{station_id}",
        division_code=station.division_id,
        detail={
            "threshold": row.pk,
            "hazard": facts.hazard.value,
            "colour": int(facts.colour),
            "value": facts.value,
            "from": facts.effective_from.isoformat(),
        },
    )
    return row.pk
