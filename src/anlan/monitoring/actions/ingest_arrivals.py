from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions.ask_station import ask_station
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.actions.keep_damage import keep_damage
from anlan.monitoring.actions.keep_picture import keep_picture
from anlan.monitoring.actions.settle_command import settle_command
from anlan.monitoring.core.arrivals import Arrival, Damage, Fate, Outcome
from anlan.monitoring.core.clocks import Clocks
from anlan.monitoring.data import Protocol, Question, RawReading, Verdict
from anlan.monitoring.gateways.sl651.codes import CLOCK_SETTING
from anlan.monitoring.models import Station, StationCommand, StationContact
from anlan.monitoring.store.aside import quarantined

CLOCK_SET_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class _Known:
    """What the intake needs of a registered station."""

    id: int
    protocol: str
    password: str


@dataclass
class _Sorted:
    """The readings of a gathering: those to take in, and those to keep aside, with their report.

    `to_set` are the stations that take commands and whose clocks are wrong.
    """

    good: dict[Protocol, list[RawReading]]
    aside: dict[tuple[Verdict, Protocol, str], list[tuple[int, RawReading]]]
    to_set: set[int]


@transaction.atomic
def ingest_arrivals(
    arrivals: Sequence[Arrival], *, clocks: Clocks, by: Actor, now: datetime
) -> list[Outcome]:
    """Take in what came over the links, and return what became of each report.

    When this returns and its transaction is committed, everything of a report that was kept is
    durable, and it may be confirmed. A registered station with a wrong password is not believed
    and not confirmed. What comes from an address that nobody registered, or by a wrong clock, is
    kept aside and confirmed, unless there is no room left for it.
    """
    known = _known(arrivals)
    clocks.learn(*_drifts(clocks, known))
    found = _Sorted(defaultdict(list), defaultdict(list), set())
    outcomes = [
        _sort(arrival, number, known, found=found, clocks=clocks, now=now)
        for number, arrival in enumerate(arrivals)
    ]
    for number in _without_room(found, now=now):
        if outcomes[number].fate is Fate.KEPT:
            outcomes[number] = outcomes[number]._replace(fate=Fate.NO_ROOM)
    for protocol in {arrival.protocol for arrival in arrivals}:
        count = sum(
            arrival.protocol is protocol and outcome.fate is Fate.KEPT
            for arrival, outcome in zip(arrivals, outcomes, strict=True)
        )
        ingest_readings(
            found.good[protocol], protocol=protocol, peer="", frames=count, by=by, now=now
        )
    for arrival, outcome in zip(arrivals, outcomes, strict=True):
        has_more = arrival.shots or arrival.answer or arrival.note
        if has_more and outcome.station_id is not None:
            _follow(arrival, station_id=outcome.station_id, by=by, now=now)
    if found.to_set:
        _set_clocks(found.to_set, by=by, now=now)
    return outcomes


def _known(arrivals: Sequence[Arrival]) -> dict[str, _Known]:
    addresses = {arrival.station for arrival in arrivals}
    addresses.update(reading.station for arrival in arrivals for reading in arrival.readings)
    rows = Station.objects.filter(address__in=list(addresses), is_active=True)
    return {
        address: _Known(pk, protocol, password)
        for address, pk, protocol, password in rows.values_list(
            "address", "pk", "protocol", "password"
        )
    }


def _drifts(clocks: Clocks, known: dict[str, _Known]) -> tuple[list[int], dict[int, float | None]]:
    """Return the stations whose clocks are not known in this process, and what was written down."""
    strangers = clocks.strangers([station.id for station in known.values()])
    if not strangers:
        return [], {}
    rows = StationContact.objects.filter(station_id__in=strangers)
    return strangers, dict(rows.values_list("station_id", "drift_s"))


def _sort(
    arrival: Arrival,
    number: int,
    known: dict[str, _Known],
    *,
    found: _Sorted,
    clocks: Clocks,
    now: datetime,
) -> Outcome:
    """Put the readings of a report where they belong, and return what became of it so far."""
    sender = known.get(arrival.station)
    if sender is not None and sender.protocol != arrival.protocol:
        sender = None
    if sender is not None and not _has_password(arrival, sender):
        _put_aside(arrival.readings, arrival, number, Verdict.WRONG_PASSWORD, found=found)
        return Outcome(Fate.NOT_BELIEVED)
    drift = None
    if sender is not None:
        said = clocks.judge(sender.id, sent_at=arrival.sent_at, now=now)
        drift = said.drift_s
        if said.is_wrong:
            _put_aside_by_time(arrival, number, found=found, now=now)
            if arrival.protocol is Protocol.SL651:
                found.to_set.add(sender.id)
            return Outcome(Fate.KEPT, sender.id, drift)
    _tell_apart(arrival, number, sender, known, found=found)
    if sender is None:
        return Outcome(Fate.NO_ROOM if arrival.shots or arrival.note else Fate.KEPT)
    return Outcome(Fate.KEPT, sender.id, drift)


def _tell_apart(
    arrival: Arrival,
    number: int,
    sender: _Known | None,
    known: dict[str, _Known],
    *,
    found: _Sorted,
) -> None:
    """Put the readings of a report where they belong: to be stored, or aside as a stranger's."""
    readings, station = arrival.readings, arrival.station
    if sender is not None and all(reading.station == station for reading in readings):
        found.good[arrival.protocol] += readings
        return
    for reading in readings:
        if _is_believed(reading, arrival, sender, known):
            found.good[arrival.protocol].append(reading)
        else:
            _put_aside([reading], arrival, number, Verdict.UNKNOWN_STATION, found=found)


def _has_password(arrival: Arrival, station: _Known) -> bool:
    if arrival.password is None or not station.password:
        return True
    return arrival.password.upper() == station.password.upper()


def _is_believed(
    reading: RawReading, arrival: Arrival, sender: _Known | None, known: dict[str, _Known]
) -> bool:
    """Tell whether a reading is of a registered station, and its sender may speak for it.

    A registered sender speaks for the stations behind it; an unregistered relay only where it
    shows the station's own password.
    """
    station = known.get(reading.station)
    if station is None or station.protocol != arrival.protocol:
        return False
    return sender is not None or (arrival.password is not None and _has_password(arrival, station))


def _put_aside(
    readings: Iterable[RawReading],
    arrival: Arrival,
    number: int,
    verdict: Verdict,
    *,
    found: _Sorted,
) -> None:
    rows = found.aside[verdict, arrival.protocol, arrival.peer]
    rows += [(number, reading) for reading in readings if reading.value is not None]


def _put_aside_by_time(arrival: Arrival, number: int, *, found: _Sorted, now: datetime) -> None:
    """Put the readings of a wrong clock aside: those of the future, and those of no sure time."""
    ahead = [x for x in arrival.readings if x.observed_at > now]
    others = [x for x in arrival.readings if x.observed_at <= now]
    _put_aside(ahead, arrival, number, Verdict.FUTURE, found=found)
    _put_aside(others, arrival, number, Verdict.WRONG_CLOCK, found=found)


def _without_room(found: _Sorted, *, now: datetime) -> set[int]:
    """Keep readings aside, and return the numbers of the reports that found no room there."""
    homeless: set[int] = set()
    for (verdict, protocol, peer), rows in found.aside.items():
        if not rows:
            continue
        readings = [reading for _number, reading in rows]
        kept = quarantined(readings, protocol=protocol, peer=peer, verdict=verdict, now=now)
        if sum(kept.values()) < len(rows):
            for number, reading in rows:
                kept[reading.station] -= 1
                if kept[reading.station] < 0:
                    homeless.add(number)
    return homeless


def _follow(arrival: Arrival, *, station_id: int, by: Actor, now: datetime) -> None:
    """Keep the pictures and notes of a report, and settle the command that it answers."""
    for shot in arrival.shots:
        keep_picture(shot, station_id=station_id, by=by, now=now)
    if arrival.note is not None:
        reason, content = arrival.note
        damage = Damage(arrival.protocol, arrival.peer, reason, content, now)
        keep_damage([damage], by=by, now=now)
    if arrival.answer is not None and arrival.answer.is_final:
        words = arrival.answer.words
        if arrival.shots:
            words = {"picture_bytes": sum(len(shot.content) for shot in arrival.shots)}
        settle_command(arrival.answer.command_id, words=words, by=by, now=now)


def _set_clocks(stations: set[int], *, by: Actor, now: datetime) -> None:
    """Leave a setting for wrong clocks, at most one an hour for each station."""
    lately = StationCommand.objects.filter(
        station_id__in=stations, function=CLOCK_SETTING, asked_at__gt=now - CLOCK_SET_EVERY
    )
    for station_id in sorted(stations - set(lately.values_list("station_id", flat=True))):
        ask_station(station_id, question=Question.SET_CLOCK, by=by, now=now)
