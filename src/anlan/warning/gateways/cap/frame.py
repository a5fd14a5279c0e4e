"""Decode CAP 1.2 messages: bytes to values, or an error that names why not.

Source of every rule: CAP 1.2 (OASIS, July 2010), the schema and the data dictionary of its
section 3.2. The schema's order of elements is kept to. Blanks around a value are dropped; an
optional element that is empty counts as absent; attributes and comments are passed over.
"""

from typing import Final

from .errors import (
    CapError,
    CeilingWithoutAltitude,
    MissingAddresses,
    MissingReferences,
    MissingRestriction,
    NotCap,
    WrongVersion,
)
from .fields import (
    circle_of,
    decimal_of,
    fault,
    language_of,
    name_of,
    one_of,
    polygon_of,
    references_of,
    text_of,
    time_of,
    whole_of,
)
from .opening import MAX_BYTES, MAX_MARKS, Element, parsed, safe_parser
from .structure import Slot, sequence
from .values import (
    NAMESPACE,
    SIGNATURE_NAMESPACE,
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

__all__ = ["MAX_BYTES", "Alert", "CapError", "decode"]

_CAP: Final = f"{{{NAMESPACE}}}"
_OTHER_VERSIONS: Final = ("urn:oasis:names:tc:emergency:cap:", "http://www.incident.com/cap/")
_PARSER: Final = safe_parser(keeps_comments=False)


def decode(data: bytes) -> Alert:
    """Return the message that the bytes are.

    Raises a CapError that names the reason, the element, its value and its line where they are
    anything but one valid CAP 1.2 message.
    """
    root = parsed(data, parser=_PARSER, max_bytes=MAX_BYTES, max_marks=MAX_MARKS)
    if root.tag != f"{_CAP}alert":
        _refuse_root(root)
    alert = _alert(root)
    if alert.msg_type is not MsgType.ALERT and not alert.references:
        _refuse(MissingReferences, root, "references", alert.msg_type)
    if alert.scope is Scope.RESTRICTED and not alert.restriction:
        _refuse(MissingRestriction, root, "restriction", alert.scope)
    if alert.scope is Scope.PRIVATE and not alert.addresses:
        _refuse(MissingAddresses, root, "addresses", alert.scope)
    return alert


def _refuse_root(root: Element) -> None:
    tag = str(root.tag)
    namespace = tag[1:].partition("}")[0] if tag.startswith("{") else ""
    if tag.endswith("}alert") and namespace.startswith(_OTHER_VERSIONS):
        raise fault(WrongVersion, "CAP of another version than 1.2", node=root, value=namespace)
    raise fault(NotCap, "the root is no CAP 1.2 alert", node=root, value=tag)


def _refuse(kind: type[CapError], root: Element, element: str, because: str) -> None:
    """Raise an error about a child that the value of another one asks for."""
    child = root.find(f"{_CAP}{element}")
    node = root if child is None else child
    raise kind(f"{because} needs {element}", element=f"alert/{element}", line=node.sourceline)


def _area_of(node: Element) -> Area:
    area = _area(node)
    if area.ceiling is not None and area.altitude is None:
        raise fault(CeilingWithoutAltitude, "a ceiling needs an altitude", node=node)
    return area


_named = sequence(
    Named,
    Slot("valueName", "name", text_of, is_required=True),
    Slot("value", "value", text_of, is_required=True, may_be_empty=True),
)
_area = sequence(
    Area,
    Slot("areaDesc", "description", text_of, is_required=True),
    Slot("polygon", "polygons", polygon_of, is_many=True),
    Slot("circle", "circles", circle_of, is_many=True),
    Slot("geocode", "geocodes", _named, is_many=True),
    Slot("altitude", "altitude", decimal_of),
    Slot("ceiling", "ceiling", decimal_of),
)
_resource = sequence(
    Resource,
    Slot("resourceDesc", "description", text_of, is_required=True),
    Slot("mimeType", "mime_type", text_of, is_required=True),
    Slot("size", "size", whole_of),
    Slot("uri", "uri", text_of),
    Slot("derefUri", "deref_uri", text_of),
    Slot("digest", "digest", text_of),
)
_info = sequence(
    Info,
    Slot("language", "language", language_of),
    Slot("category", "categories", one_of(Category), is_many=True, is_required=True),
    Slot("event", "event", text_of, is_required=True),
    Slot("responseType", "response_types", one_of(ResponseType), is_many=True),
    Slot("urgency", "urgency", one_of(Urgency), is_required=True),
    Slot("severity", "severity", one_of(Severity), is_required=True),
    Slot("certainty", "certainty", one_of(Certainty), is_required=True),
    Slot("audience", "audience", text_of),
    Slot("eventCode", "event_codes", _named, is_many=True),
    Slot("effective", "effective", time_of),
    Slot("onset", "onset", time_of),
    Slot("expires", "expires", time_of),
    Slot("senderName", "sender_name", text_of),
    Slot("headline", "headline", text_of),
    Slot("description", "description", text_of),
    Slot("instruction", "instruction", text_of),
    Slot("web", "web", text_of),
    Slot("contact", "contact", text_of),
    Slot("parameter", "parameters", _named, is_many=True),
    Slot("resource", "resources", _resource, is_many=True),
    Slot("area", "areas", _area_of, is_many=True),
)
_alert = sequence(
    Alert,
    Slot("identifier", "identifier", name_of, is_required=True),
    Slot("sender", "sender", name_of, is_required=True),
    Slot("sent", "sent", time_of, is_required=True),
    Slot("status", "status", one_of(Status), is_required=True),
    Slot("msgType", "msg_type", one_of(MsgType), is_required=True),
    Slot("source", "source", text_of),
    Slot("scope", "scope", one_of(Scope), is_required=True),
    Slot("restriction", "restriction", text_of),
    Slot("addresses", "addresses", text_of),
    Slot("code", "codes", text_of, is_many=True),
    Slot("note", "note", text_of),
    Slot("references", "references", references_of),
    Slot("incidents", "incidents", text_of),
    Slot("info", "infos", _info, is_many=True),
    then=SIGNATURE_NAMESPACE,
    noted_as="is_signed",
)
