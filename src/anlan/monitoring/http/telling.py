"""Stations, series and readings as SensorThings writes them, with the links between them."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from anlan.monitoring.data import Quality, StationKind
from anlan.monitoring.elements import UNITS
from anlan.monitoring.gateways.sl651.elements import KIND_OF_NAME
from anlan.monitoring.http.names import Series, address_of, spot_name, time_text
from anlan.monitoring.http.shapes import Turned
from anlan.monitoring.models import Station
from anlan.monitoring.queries.series_told import ReadingRow, SeriesRow

MEASUREMENT: Final = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
DEFINITION: Final = "SL 651-2014"
Row = TypeVar("Row")


def root_of(request: HttpRequest) -> str:
    """Return the address of the root as whoever calls knows it."""
    return request.build_absolute_uri(reverse("api:api-root"))


def page_told(
    request: HttpRequest, asked: Turned, rows: Sequence[Row], *, count: int | None
) -> dict[str, Any]:
    """Return a page of rows, of which one more than the page holds was looked for."""
    found: dict[str, Any] = {"value": rows[: asked.top]}
    if count is not None:
        found["@iot.count"] = count
    if len(rows) > asked.top:
        query: QueryDict = request.GET.copy()
        query["$skip"] = str(asked.skip + asked.top)
        address = request.build_absolute_uri(quote(request.path, safe="/:()'%"))
        found["@iot.nextLink"] = f"{address}?{query.urlencode(safe='$')}"
    return found


def thing_told(row: Station, *, root: str) -> dict[str, Any]:
    """Return a station as a Thing."""
    point = {"type": "Point", "coordinates": [row.lon, row.lat]}
    return {
        "@iot.id": row.address,
        "@iot.selfLink": address_of(root, "Things", row.address),
        "name": row.name,
        "description": str(StationKind(row.kind).label),
        "properties": {
            "division": row.division_id,
            "kind": row.kind,
            "protocol": row.protocol,
            "intervalMinutes": row.interval_min,
            "isActive": row.is_active,
        },
        "Locations": [
            {"name": row.name, "encodingType": "application/geo+json", "location": point}
        ],
        "Datastreams@iot.navigationLink": f"{address_of(root, 'Things', row.address)}/Datastreams",
    }


def series_told(row: SeriesRow, *, root: str) -> dict[str, Any]:
    """Return a series as a Datastream."""
    series = Series(row.address, row.element)
    kind = KIND_OF_NAME.get(row.element)
    unit = UNITS.get(row.element, "")
    link = address_of(root, "Datastreams", series.name)
    latest = time_text(row.latest_at) if row.latest_at else None
    return {
        "@iot.id": series.name,
        "@iot.selfLink": link,
        "name": f"{row.station} {row.element}",
        "description": kind.label if kind else row.element,
        "observationType": MEASUREMENT,
        "unitOfMeasurement": {"name": unit, "symbol": unit, "definition": DEFINITION},
        "properties": {
            "element": row.element,
            "latestTime": latest,
            "latestResult": row.latest,
        },
        "Thing@iot.navigationLink": address_of(root, "Things", row.address),
        "Observations@iot.navigationLink": f"{link}/Observations",
    }


def reading_told(row: ReadingRow, *, root: str) -> dict[str, Any]:
    """Return a reading as an Observation."""
    series = Series(row.address, row.element)
    name = spot_name(series, row.observed_at)
    return {
        "@iot.id": name,
        "@iot.selfLink": address_of(root, "Observations", name),
        "phenomenonTime": time_text(row.observed_at),
        "resultTime": None,
        "result": row.value,
        "resultQuality": Quality(row.quality).name.lower(),
        "Datastream@iot.navigationLink": address_of(root, "Datastreams", series.name),
    }
