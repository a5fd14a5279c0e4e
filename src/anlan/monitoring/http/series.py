"""The endpoints by which other programs read stations, series and readings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from anlan.monitoring.http.filters import Wanted, check_span, is_descending, wanted_by
from anlan.monitoring.http.names import (
    NotAName,
    Series,
    Spot,
    series_named,
    spot_named,
    unquoted,
)
from anlan.monitoring.http.refusing import ReadingsRefused, Refusal, refused_for
from anlan.monitoring.http.shapes import (
    Datastreams,
    DatastreamTold,
    Observations,
    ObservationTold,
    Sought,
    Things,
    ThingTold,
    Turned,
)
from anlan.monitoring.http.telling import (
    page_told,
    reading_told,
    root_of,
    series_told,
    thing_told,
)
from anlan.monitoring.queries import series_told as told
from anlan.monitoring.queries.series_told import Span
from anlan.registry.api import READING_REFUSED, Bearer, Problem, caller_of
from anlan.registry.data import Permission

READS = Bearer(Permission.READ_REGISTER)
UNDERSTOOD: Final = frozenset({"$top", "$skip", "$count", "$filter", "$orderby"})


def series_or_404(name: str) -> Series:
    """Return the series that an address names; refuse one that is none."""
    try:
        return series_named(unquoted(name))
    except NotAName:
        raise _not_here(name) from None


def list_things(request: HttpRequest, asked: Query[Turned]) -> Any:
    """List the stations in sight of the key, by address."""
    check_options(request)
    root = root_of(request)
    with caller_of(request).sight():
        rows = told.things(limit=asked.top + 1, offset=asked.skip)
        count = told.count_things() if asked.count else None
    return page_told(request, asked, [thing_told(row, root=root) for row in rows], count=count)


def read_thing(request: HttpRequest, thing: str) -> Any:
    """Read one station."""
    with caller_of(request).sight():
        row = told.thing(unquoted(thing))
    if row is None:
        raise _not_here(thing)
    return thing_told(row, root=root_of(request))


def list_series_of_thing(request: HttpRequest, thing: str, asked: Query[Turned]) -> Any:
    """List what one station measures."""
    address = unquoted(thing)
    with caller_of(request).sight():
        if told.thing(address) is None:
            raise _not_here(thing)
        return _series_page(request, asked, address=address)


def list_datastreams(request: HttpRequest, asked: Query[Turned]) -> Any:
    """List the series in sight of the key that have readings."""
    with caller_of(request).sight():
        return _series_page(request, asked, address="")


def read_datastream(request: HttpRequest, datastream: str) -> Any:
    """Read one series."""
    series = series_or_404(datastream)
    with caller_of(request).sight():
        row = told.series_row(series.address, series.element)
    if row is None:
        raise _not_here(datastream)
    return series_told(row, root=root_of(request))


def list_observations_of(request: HttpRequest, datastream: str, asked: Query[Sought]) -> Any:
    """List the readings of one series, by the time at which they were measured."""
    series = series_or_404(datastream)
    wanted = wanted_by(asked.filter, now=caller_of(request).now)
    if wanted.is_of_one:
        sentence = _("The Datastream stands in the address already; leave it out of $filter.")
        raise refused_for(Refusal(422, "$filter", sentence))
    wanted.series = series
    with caller_of(request).sight():
        if told.series_row(series.address, series.element) is None:
            raise _not_here(datastream)
        return _readings_page(request, asked, wanted)


def list_observations(request: HttpRequest, asked: Query[Sought]) -> Any:
    """List readings in sight of the key: of one series or station, or of all for a day at most."""
    wanted = wanted_by(asked.filter, now=caller_of(request).now)
    check_span(wanted)
    with caller_of(request).sight():
        return _readings_page(request, asked, wanted)


def read_observation(request: HttpRequest, observation: str) -> Any:
    """Read one reading."""
    try:
        spot = spot_named(unquoted(observation))
    except NotAName:
        raise _not_here(observation) from None
    with caller_of(request).sight():
        rows = told.readings(_span_of(spot))
    if not rows:
        raise _not_here(observation)
    return reading_told(rows[0], root=root_of(request))


def check_options(request: HttpRequest) -> None:
    """Raise ReadingsRefused for an option of SensorThings that is not understood here."""
    for name in request.GET:
        if name.startswith("$") and name not in UNDERSTOOD:
            sentence = _("The option “%(name)s” is not understood here; leave it out.")
            raise refused_for(Refusal(422, name[:80], sentence % {"name": name[:80]}))


def _span_of(spot: Spot) -> Span:
    address, element = spot.series
    return Span(address=address, element=element, since=spot.at, until=spot.at, limit=1)


def _series_page(request: HttpRequest, asked: Turned, *, address: str) -> dict[str, Any]:
    check_options(request)
    root = root_of(request)
    rows = told.series_rows(address=address, limit=asked.top + 1, offset=asked.skip)
    count = told.count_series(address=address) if asked.count else None
    return page_told(request, asked, [series_told(row, root=root) for row in rows], count=count)


def _readings_page(request: HttpRequest, asked: Sought, wanted: Wanted) -> dict[str, Any]:
    check_options(request)
    root = root_of(request)
    span = Span(
        address=wanted.series.address if wanted.series else wanted.address,
        element=wanted.series.element if wanted.series else "",
        since=wanted.since,
        until=wanted.until,
        is_descending=is_descending(asked.orderby),
        limit=asked.top + 1,
        offset=asked.skip,
    )
    rows = [reading_told(row, root=root) for row in told.readings(span)]
    count = told.count_of_readings(span) if asked.count else None
    return page_told(request, asked, rows, count=count)


def _not_here(name: str) -> ReadingsRefused:
    sentence = _("There is nothing named “%(name)s” in the division of this key.")
    return ReadingsRefused(404, sentence % {"name": name[:120]})


ENDPOINTS: Sequence[tuple[str, Callable[..., Any], type[Any], str]] = (
    ("/Things", list_things, Things, "Things"),
    ("/Things({path:thing})", read_thing, ThingTold, "Things/one"),
    ("/Things({path:thing})/Datastreams", list_series_of_thing, Datastreams, "Things/Datastreams"),
    ("/Datastreams", list_datastreams, Datastreams, "Datastreams"),
    ("/Datastreams({path:datastream})", read_datastream, DatastreamTold, "Datastreams/one"),
    (
        "/Datastreams({path:datastream})/Observations",
        list_observations_of,
        Observations,
        "Datastreams/Observations",
    ),
    ("/Observations", list_observations, Observations, "Observations"),
    ("/Observations({path:observation})", read_observation, ObservationTold, "Observations/one"),
)


def add_reading_routes(router: Router) -> None:
    """Add the endpoints that read."""
    answers: Mapping[Any, Any] = {READING_REFUSED: Problem}
    for path, view, shape, name in ENDPOINTS:
        router.get(
            path,
            response={200: shape, **answers},
            auth=READS,
            operation_id=view.__name__,
            tags=["readings"],
            url_name=name,
            by_alias=True,
            exclude_unset=True,
        )(view)
