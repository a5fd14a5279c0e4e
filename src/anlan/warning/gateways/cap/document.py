"""Show a message as a plain document that JSON can carry, under the names of the standard."""

from datetime import datetime
from typing import Any, Final

from .values import MINUS_ZERO, Alert, Area, Circle, Info, Named, Polygon, Reference, Resource

Document = dict[str, Any]

_EMPTY: Final[tuple[Any, ...]] = (None, "", [], False)


def as_document(alert: Alert) -> Document:
    """Return the elements of a message by name, in the order of the schema, without absent ones.

    Times keep the offset that they were sent with. A polygon is a list of [lat, lon]. `signed`
    says that a signature stands in the message, not that it holds.
    """
    return _held(
        {
            "identifier": alert.identifier,
            "sender": alert.sender,
            "sent": time_text(alert.sent),
            "status": alert.status.value,
            "msgType": alert.msg_type.value,
            "source": alert.source,
            "scope": alert.scope.value,
            "restriction": alert.restriction,
            "addresses": alert.addresses,
            "code": list(alert.codes),
            "note": alert.note,
            "references": [_reference(each) for each in alert.references],
            "incidents": alert.incidents,
            "info": [_info(info) for info in alert.infos],
            "signed": alert.is_signed,
        }
    )


def time_text(moment: datetime | None) -> str | None:
    """Return a time as CAP writes it, its zone as it was sent."""
    if moment is None:
        return None
    text = moment.isoformat()
    return text[:-6] + "-00:00" if moment.tzinfo is MINUS_ZERO else text


def area_documents(alert: Alert) -> list[Document]:
    """Return the areas of all texts of a message, each once."""
    found = {area: None for info in alert.infos for area in info.areas}
    return [_area(area) for area in found]


def _held(document: Document) -> Document:
    return {name: value for name, value in document.items() if value not in _EMPTY}


def _info(info: Info) -> Document:
    return _held(
        {
            "language": info.language,
            "category": [each.value for each in info.categories],
            "event": info.event,
            "responseType": [each.value for each in info.response_types],
            "urgency": info.urgency.value,
            "severity": info.severity.value,
            "certainty": info.certainty.value,
            "audience": info.audience,
            "eventCode": _pairs(info.event_codes),
            "effective": time_text(info.effective),
            "onset": time_text(info.onset),
            "expires": time_text(info.expires),
            "senderName": info.sender_name,
            "headline": info.headline,
            "description": info.description,
            "instruction": info.instruction,
            "web": info.web,
            "contact": info.contact,
            "parameter": _pairs(info.parameters),
            "resource": [_resource(each) for each in info.resources],
            "area": [_area(each) for each in info.areas],
        }
    )


def _area(area: Area) -> Document:
    return _held(
        {
            "areaDesc": area.description,
            "polygon": [_polygon(each) for each in area.polygons],
            "circle": [_circle(each) for each in area.circles],
            "geocode": _pairs(area.geocodes),
            "altitude": area.altitude,
            "ceiling": area.ceiling,
        }
    )


def _resource(resource: Resource) -> Document:
    return _held(
        {
            "resourceDesc": resource.description,
            "mimeType": resource.mime_type,
            "size": resource.size,
            "uri": resource.uri,
            "derefUri": resource.deref_uri,
            "digest": resource.digest,
        }
    )


def _pairs(named: tuple[Named, ...]) -> list[Document]:
    return [{"valueName": each.name, "value": each.value} for each in named]


def _reference(reference: Reference) -> Document:
    return {
        "sender": reference.sender,
        "identifier": reference.identifier,
        "sent": time_text(reference.sent),
    }


def _polygon(polygon: Polygon) -> list[list[float]]:
    return [[lat, lon] for lat, lon in polygon]


def _circle(circle: Circle) -> Document:
    return {"lat": circle.lat, "lon": circle.lon, "radius_km": circle.radius_km}
