from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import CannotAsk, Protocol, Question, StationOutOfSight
from anlan.monitoring.gateways.sl651.commands import FUNCTIONS, elements_named, is_interval
from anlan.monitoring.models import Station, StationCommand

WAITS = timedelta(hours=24)  # a station in a valley may call once a day


@transaction.atomic
def ask_station(
    station_id: int,
    *,
    question: Question,
    elements: Sequence[str] = (),
    minutes: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Leave a query or setting for a station and return its key; it goes out when it calls.

    `elements` are named in a question for elements, `minutes` in a setting of the interval: below
    an hour that of additional reports, in full hours that of timed ones. Raises CannotAsk for
    what the station or the wire cannot do, StationOutOfSight for a station that is not in sight.
    """
    station = Station.objects.filter(pk=station_id, is_active=True).first()
    if station is None:
        raise StationOutOfSight(station_id)
    if station.protocol != Protocol.SL651:
        raise CannotAsk.over_this_wire()
    words = _words(question, elements=elements, minutes=minutes)
    command = StationCommand.objects.create(
        station=station,
        function=FUNCTIONS[question.value],
        parameters={"question": question.value, **words},
        asked_by=by.label,
        asked_at=now,
        expires_at=now + WAITS,
    )
    journal.record(
        "station.asked",
        by=by,
        now=now,
        subject=f"station:{station.address}",
        division_code=station.division_id,
        detail={"command": command.pk, "question": question.value, **words},
    )
    return int(command.pk)


def _words(question: Question, *, elements: Sequence[str], minutes: int | None) -> dict[str, Any]:
    if question is Question.ELEMENTS:
        names = elements_named(elements)
        if not names or len(names) < len(elements):
            raise CannotAsk.for_elements(", ".join(set(elements) - set(names)))
        return {"elements": names}
    if question is Question.INTERVAL:
        if not is_interval(minutes):
            raise CannotAsk.with_interval(minutes)
        return {"minutes": minutes}
    return {}
