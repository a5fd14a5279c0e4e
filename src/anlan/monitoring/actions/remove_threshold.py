from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._keeping import tell_rules
from anlan.monitoring.data import StationOutOfSight
from anlan.monitoring.keeping import Refused
from anlan.monitoring.models import Exceedance, Station, Threshold
from anlan.monitoring.queries.permitted import check_permitted
from anlan.registry.data import Permission


@transaction.atomic
def remove_threshold(threshold_id: int, *, station_id: int, by: Actor, now: datetime) -> None:
    """Remove a plain threshold of a station that has never fired; one that has is history.

    Raises Refused, NotPermitted, StationOutOfSight (also for a threshold of another station).
    """
    station = Station.objects.filter(pk=station_id).first()
    rows = Threshold.objects.filter(pk=threshold_id, station=station_id, version__isnull=True)
    row = rows.first()
    if station is None or row is None:
        raise StationOutOfSight(station_id)
    check_permitted(Permission.KEEP_STATIONS, [station.division_id], by=by, now=now)
    if Exceedance.objects.filter(threshold=row).exists():
        raise Refused(
            {"value": _("This threshold has fired and stays in the record; set another value.")}
        )
    rows.delete()
    tell_rules()
    journal.record(
        "threshold.removed",
        by=by,
        now=now,
        subject=f"station:{station_id}",
        division_code=station.division_id,
        detail={
            "threshold": threshold_id,
            "hazard": row.hazard,
            "colour": row.colour,
            "value": row.value,
        },
    )
