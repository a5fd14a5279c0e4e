from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._keeping import columns_of, is_taken, tell_rules
from anlan.monitoring.actions.take_in_waiting import take_in_waiting
from anlan.monitoring.data import StationOutOfSight
from anlan.monitoring.keeping import ChangedMeanwhile, Refused, StationFacts, check_station
from anlan.monitoring.models import Station
from anlan.monitoring.queries.keeping import facts_of
from anlan.monitoring.queries.permitted import check_permitted
from anlan.registry.api import check_divisions
from anlan.registry.data import Permission


@transaction.atomic
def keep_station(
    facts: StationFacts,
    *,
    station_id: int | None = None,
    seen: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Add a station, or change one, and return its key; what waits for its address is taken in.

    `seen` is `StationFacts.seen` of what the person looked at. Raises Refused, UnknownDivision,
    NotPermitted, StationOutOfSight, and ChangedMeanwhile when somebody else was quicker.
    """
    check_station(facts)
    check_divisions([facts.division])
    if is_taken(facts.address, but=station_id):
        raise _taken(facts)
    try:
        with transaction.atomic():
            key, changed = (
                _add(facts, by=by, now=now)
                if station_id is None
                else _change(station_id, facts, seen=seen, by=by, now=now)
            )
    except IntegrityError as error:
        raise _taken(facts) from error
    tell_rules()
    journal.record(
        "station.added" if station_id is None else "station.changed",
        by=by,
        now=now,
        subject=f"station:{key}",
        division_code=facts.division,
        detail={"address": facts.address, "columns": changed},
    )
    if facts.is_active:
        take_in_waiting(addresses=[facts.address], by=by, now=now)
    return key


def _add(facts: StationFacts, *, by: Actor, now: datetime) -> tuple[int, list[str]]:
    check_permitted(Permission.KEEP_STATIONS, [facts.division], by=by, now=now)
    row = Station.objects.create(**columns_of(facts))
    return row.pk, []


def _change(
    station_id: int, facts: StationFacts, *, seen: str, by: Actor, now: datetime
) -> tuple[int, list[str]]:
    row = Station.objects.filter(pk=station_id).first()
    if row is None:
        raise StationOutOfSight(station_id)
    before = facts_of(row)
    check_permitted(Permission.KEEP_STATIONS, {before.division, facts.division}, by=by, now=now)
    old, new = columns_of(before), columns_of(facts)
    if before.seen != seen or not Station.objects.filter(pk=station_id, **_exactly(old)).update(
        **new
    ):
        raise ChangedMeanwhile
    return station_id, [name for name in new if new[name] != old[name]]


def _exactly(columns: dict[str, object]) -> dict[str, object]:
    """Return the condition that a row still stands as it was read."""
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in columns.items()
    }


def _taken(facts: StationFacts) -> Refused:
    return Refused(
        {
            "address": _("The address %(value)s is that of another station already; look there.")
            % {"value": facts.address}
        }
    )
