from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions.keep_station import keep_station
from anlan.monitoring.actions.take_in_waiting import take_in_waiting
from anlan.monitoring.keeping import StationFacts
from anlan.monitoring.models import IgnoredAddress, SetAsideReading, Station
from anlan.monitoring.queries.permitted import check_permitted
from anlan.registry.data import Permission


@transaction.atomic
def adopt_station(facts: StationFacts, *, by: Actor, now: datetime) -> int:
    """Make a station of an address that sends already, and return its key.

    What it has sent so far is taken in, in the order in which it was measured. A second adoption
    of the same address by the same protocol changes nothing and takes in what came between.
    Raises what keep_station raises.
    """
    there: Station | None = Station.objects.filter(
        address=facts.address, protocol=facts.protocol, is_active=True
    ).first()
    if there is not None:
        check_permitted(Permission.KEEP_STATIONS, [there.division_id], by=by, now=now)
        take_in_waiting(addresses=[facts.address], by=by, now=now)
        return there.pk
    waited = SetAsideReading.objects.filter(address=facts.address, protocol=facts.protocol).count()
    key = keep_station(facts, by=by, now=now)
    IgnoredAddress.objects.filter(address=facts.address, protocol=facts.protocol).delete()
    journal.record(
        "station.adopted",
        by=by,
        now=now,
        subject=f"station:{key}",
        division_code=facts.division,
        detail={"address": facts.address, "waited": waited},
    )
    return key
