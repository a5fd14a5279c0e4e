"""The endpoints that take observations: one, many, or data arrays."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Query, Router, Status

from anlan.monitoring.actions.push_readings import push_readings
from anlan.monitoring.core.pushing import GOOD, Fate, Outcome
from anlan.monitoring.data import RawReading
from anlan.monitoring.http.names import Series, address_of, spot_name, time_text
from anlan.monitoring.http.refusing import Refusal, refusal_of, refused_for
from anlan.monitoring.http.rows import Row, readings_of, rows_in_arrays, rows_sent
from anlan.monitoring.http.series import series_or_404
from anlan.monitoring.http.shapes import (
    ArraysSent,
    BatchRefused,
    BatchTold,
    HowTaken,
    ObservationsSent,
    ObservationTold,
)
from anlan.monitoring.http.telling import root_of
from anlan.registry.api import WRITING_REFUSED, Bearer, Caller, Problem, caller_of
from anlan.registry.data import Permission

MOST_FAULTS = 1_000
SENDS = Bearer(Permission.SEND_READINGS)
ONE_OR_MANY: dict[Any, Any] = {
    200: ObservationTold | BatchTold,
    201: ObservationTold | BatchTold,
    422: BatchRefused | Problem,
    WRITING_REFUSED - {422}: Problem,
}
MANY: dict[Any, Any] = {**ONE_OR_MANY, 200: BatchTold, 201: BatchTold}


def send_observations(
    request: HttpRequest,
    response: HttpResponse,
    body: Body[ObservationsSent],
    how: Query[HowTaken],
) -> Any:
    """Take one observation, or a list of them, each naming its Datastream.

    The answer 201 says that all of it is durable, 200 that all of it was there already.
    """
    caller = caller_of(request)
    rows = rows_sent(body, series=None, now=caller.now)
    return _answer(request, response, rows, is_list=isinstance(body, list), how=how)


def send_to_datastream(
    request: HttpRequest,
    response: HttpResponse,
    datastream: str,
    body: Body[ObservationsSent],
    how: Query[HowTaken],
) -> Any:
    """Take one observation of a Datastream, or a list of them."""
    caller = caller_of(request)
    rows = rows_sent(body, series=series_or_404(datastream), now=caller.now)
    return _answer(request, response, rows, is_list=isinstance(body, list), how=how)


def send_arrays(
    request: HttpRequest,
    response: HttpResponse,
    body: Body[ArraysSent],
    how: Query[HowTaken],
) -> Any:
    """Take data arrays (the DataArray extension): for each Datastream its components and rows."""
    rows = rows_in_arrays(body, now=caller_of(request).now)
    return _answer(request, response, rows, is_list=True, how=how)


def _answer(
    request: HttpRequest,
    response: HttpResponse,
    rows: Sequence[Row],
    *,
    is_list: bool,
    how: HowTaken,
) -> Any:
    refused_at_sight = any(isinstance(row, Refusal) for row in rows)
    is_hopeless = refused_at_sight and (how.all_or_nothing or not is_list)
    outcomes = [] if is_hopeless else _taken(rows, caller=caller_of(request), how=how)
    results = _results(rows, outcomes)
    if is_list:
        return _batch_answer(results, how=how)
    (result,) = results
    if isinstance(result, Refusal):
        raise refused_for(result)
    told = _told(result.reading, root=root_of(request))
    response.headers["Location"] = told["@iot.selfLink"]
    return Status(201 if result.fate is Fate.STORED else 200, told)


def _taken(rows: Sequence[Row], *, caller: Caller, how: HowTaken) -> list[Outcome]:
    grant = caller.grant
    return push_readings(
        readings_of(rows),
        codes=caller.codes,
        peer=f"{grant.division_code} api:{grant.application}",
        all_or_nothing=how.all_or_nothing,
        by=caller.actor,
        now=caller.now,
    )


def _results(rows: Sequence[Row], outcomes: Sequence[Outcome]) -> list[Outcome | Refusal]:
    """Return what became of each row; one that was looked at no further would have been taken."""
    coming = iter(outcomes)
    found: list[Outcome | Refusal] = []
    for row in rows:
        if isinstance(row, Refusal):
            found.append(row)
            continue
        outcome = next(coming, Outcome(row, Fate.STORED))
        found.append(outcome if outcome.fate in GOOD else refusal_of(outcome))
    return found


def _batch_answer(results: Sequence[Outcome | Refusal], *, how: HowTaken) -> Status[Any]:
    refusals = [(number, x) for number, x in enumerate(results) if isinstance(x, Refusal)]
    is_nothing = bool(refusals) and how.all_or_nothing
    kept = {Fate.THERE} if is_nothing else GOOD
    outcomes = [x if isinstance(x, Outcome) and x.fate in kept else None for x in results]
    counts = {
        "stored": sum(x is not None and x.fate is Fate.STORED for x in outcomes),
        "repeated": sum(x is not None and x.fate is Fate.THERE for x in outcomes),
        "observations": [x and _name(x.reading) for x in outcomes],
    }
    if not refusals:
        return Status(201 if counts["stored"] else 200, counts)
    return Status(
        422,
        {
            **counts,
            "detail": _detail(len(refusals), len(results), is_nothing=is_nothing),
            "refused": len(refusals),
            "faults": [
                {"row": number, **each._asdict()} for number, each in islice(refusals, MOST_FAULTS)
            ],
        },
    )


def _detail(refused: int, sent: int, *, is_nothing: bool) -> str:
    words = {"refused": refused, "sent": sent}
    if is_nothing:
        return _("%(refused)s of %(sent)s observations are refused, so none is stored.") % words
    return (
        _(
            "%(refused)s of %(sent)s observations are refused; the others are stored. Mend these "
            "and send them again."
        )
        % words
    )


def _name(reading: RawReading) -> str:
    return spot_name(Series(reading.station, reading.element), reading.observed_at)


def _told(reading: RawReading, *, root: str) -> dict[str, Any]:
    series = Series(reading.station, reading.element)
    return {
        "@iot.id": _name(reading),
        "@iot.selfLink": address_of(root, "Observations", _name(reading)),
        "phenomenonTime": time_text(reading.observed_at),
        "resultTime": None,
        "result": reading.value,
        "Datastream@iot.navigationLink": address_of(root, "Datastreams", series.name),
    }


def add_pushing_routes(router: Router) -> None:
    """Add the endpoints that take observations."""
    for path, view, answers, name in (
        ("/Observations", send_observations, ONE_OR_MANY, "Observations"),
        (
            "/Datastreams({path:datastream})/Observations",
            send_to_datastream,
            ONE_OR_MANY,
            "Datastreams/Observations",
        ),
        ("/CreateObservations", send_arrays, MANY, "CreateObservations"),
    ):
        router.post(
            path,
            response=answers,
            auth=SENDS,
            operation_id=view.__name__,
            tags=["readings"],
            url_name=name,
            by_alias=True,
            exclude_unset=True,
        )(view)
