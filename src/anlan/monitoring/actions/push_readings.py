from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.kernel.scope import everywhere
from anlan.monitoring.actions._pushed import (
    Reach,
    levelled,
    reach_of,
    registered,
    values_there,
)
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.core.pushing import GOOD, Fate, Outcome, key_of, outcomes_of
from anlan.monitoring.data import Protocol, RawReading, Verdict
from anlan.monitoring.store.aside import quarantine


@transaction.atomic
def push_readings(
    readings: Sequence[RawReading],
    *,
    codes: Collection[str],
    peer: str,
    all_or_nothing: bool = False,
    by: Actor,
    now: datetime,
) -> list[Outcome]:
    """Take in readings that another program sends for stations of its divisions; say their fates.

    The same reading again changes nothing; another value for its moment is refused. When this
    returns and its transaction is committed, every reading that is STORED or THERE is durable,
    as it stands in its outcome.
    With `all_or_nothing` one that is refused keeps out the others. An address that nobody
    registered is quarantined, within bounds; one of other divisions is refused like it.
    """
    with everywhere("readings of another program"):
        reach = reach_of({x.station for x in readings}, codes=codes)
        readings = levelled(readings, bases=reach.bases)
        outcomes = _outcomes(readings, reach=reach, now=now)
        if all_or_nothing and any(x.fate not in GOOD for x in outcomes):
            return outcomes
        strange = [x for x in readings if x.station not in reach.keys]
        _set_aside(strange, peer=peer, now=now)
        new = _to_store(outcomes)
        done = ingest_readings(new, protocol=Protocol.HTTP, peer=peer, frames=1, by=by, now=now)
        if not (done.refused or done.repeated):
            return outcomes
        outcomes = _looked_at_again(outcomes, reach=reach)
        if all_or_nothing and any(x.fate not in GOOD for x in outcomes):
            transaction.set_rollback(True)
        return outcomes


def _outcomes(readings: Sequence[RawReading], *, reach: Reach, now: datetime) -> list[Outcome]:
    known = [x for x in readings if x.element in reach.elements.get(x.station, ())]
    there = values_there(known, keys=reach.keys)
    return outcomes_of(readings, elements=reach.elements, there=there, now=now)


def _to_store(outcomes: Sequence[Outcome]) -> list[RawReading]:
    return [outcome.reading for outcome in outcomes if outcome.fate is Fate.STORED]


def _set_aside(strange: Sequence[RawReading], *, peer: str, now: datetime) -> None:
    """Quarantine what nobody registered; what is registered elsewhere waits for no adoption."""
    theirs = registered({x.station for x in strange}) if strange else set()
    nobodys = [x for x in strange if x.station not in theirs]
    if nobodys:
        quarantine(
            nobodys,
            protocol=Protocol.HTTP,
            peer=peer,
            verdict=Verdict.UNKNOWN_STATION,
            now=now,
        )


def _looked_at_again(outcomes: Sequence[Outcome], *, reach: Reach) -> list[Outcome]:
    """Return the fates where the intake has not stored all: others were quicker, or it is old."""
    there = values_there(_to_store(outcomes), keys=reach.keys)
    return [_seen(outcome, there.get(key_of(outcome.reading))) for outcome in outcomes]


def _seen(outcome: Outcome, value: float | None) -> Outcome:
    if outcome.fate is not Fate.STORED or value == outcome.reading.value:
        return outcome
    return outcome._replace(fate=Fate.TOO_OLD if value is None else Fate.OTHER_VALUE, there=value)
