"""Encode CAP 1.2 messages: values to bytes, or an error that names why not.

The other way of frame.py, and by the same rules (CAP 1.2, OASIS, July 2010, section 3.2): what
`write_alert` gives, `decode` reads back to the same values. Texts are put into templates, for a
tree of elements costs twice the time. What XML cannot carry, such as control characters, is left
out of a text; blanks around it mean nothing and go too.
"""

from collections.abc import Iterable
from typing import Final

from .errors import (
    CapError,
    CeilingWithoutAltitude,
    MissingAddresses,
    MissingElement,
    MissingReferences,
    MissingRestriction,
    TooLarge,
    TooManyElements,
)
from .opening import MAX_BYTES, MAX_MARKS
from .values import NAMESPACE, Alert, Area, Info, MsgType, Named, Resource, Scope
from .written import (
    circle_text,
    language_text,
    link_text,
    name_text,
    number_text,
    plain_text,
    polygon_text,
    reference_text,
    time_text,
    whole_text,
)

__all__ = ["write_alert"]

_HEAD: Final = f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{NAMESPACE}">'


def write_alert(alert: Alert) -> bytes:
    """Return a message as UTF-8, without a signature.

    Raises a CapError that names the reason, the element and its value where CAP forbids what
    stands in the values.
    """
    _check_rules(alert)
    at = "alert"
    text = "".join(
        (
            f"{_HEAD}<identifier>{name_text(alert.identifier, at='alert/identifier')}</identifier>"
            f"<sender>{name_text(alert.sender, at='alert/sender')}</sender>"
            f"<sent>{time_text(alert.sent, at='alert/sent')}</sent>"
            f"<status>{alert.status}</status><msgType>{alert.msg_type}</msgType>",
            _if_any("source", alert.source),
            f"<scope>{alert.scope}</scope>",
            _if_any("restriction", alert.restriction),
            _if_any("addresses", alert.addresses),
            *(_if_any("code", code) for code in alert.codes),
            _if_any("note", alert.note),
            _references(alert, at=at),
            _if_any("incidents", alert.incidents),
            *_infos(alert.infos),
            "</alert>\n",
        )
    )
    data = text.encode()
    _check_size(data)
    return data


def _check_rules(alert: Alert) -> None:
    if alert.msg_type is not MsgType.ALERT and not alert.references:
        _refuse(MissingReferences, "references", alert.msg_type)
    if alert.scope is Scope.RESTRICTED and not plain_text(alert.restriction):
        _refuse(MissingRestriction, "restriction", alert.scope)
    if alert.scope is Scope.PRIVATE and not plain_text(alert.addresses):
        _refuse(MissingAddresses, "addresses", alert.scope)


def _refuse(kind: type[CapError], element: str, because: str) -> None:
    raise kind(f"{because} needs {element}", element=f"alert/{element}")


def _check_size(data: bytes) -> None:
    """Raise when a message is larger than any reader of ours would open."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES} bytes", value=str(len(data)))
    if len(data) > MAX_MARKS and data.count(b"<") > MAX_MARKS:
        raise TooManyElements(f"more than {MAX_MARKS} marks", value=str(data.count(b"<")))


def _if_any(element: str, value: str) -> str:
    """Return an optional element, or nothing where there is nothing to say."""
    text = plain_text(value) if value else ""
    return f"<{element}>{text}</{element}>" if text else ""


def _required(value: str, *, at: str) -> str:
    text = plain_text(value)
    if not text:
        raise MissingElement(f"{at.rpartition('/')[2]} is missing or empty", element=at)
    return text


def _references(alert: Alert, *, at: str) -> str:
    if not alert.references:
        return ""
    words = [reference_text(each, at=f"{at}/references") for each in alert.references]
    return f"<references>{' '.join(words)}</references>"


def _infos(infos: Iterable[Info]) -> list[str]:
    """Return the texts of a message; areas that several of them share are written once."""
    written: dict[int, str] = {}
    found = []
    for info in infos:
        areas = written.get(id(info.areas))
        if areas is None:
            areas = written[id(info.areas)] = "".join([_area(area) for area in info.areas])
        found.append(_info(info, areas=areas))
    return found


def _info(info: Info, *, areas: str) -> str:
    at = "alert/info"
    if not info.categories:
        raise MissingElement("category is missing or empty", element=f"{at}/category")
    language = language_text(info.language, at=f"{at}/language")
    return "".join(
        (
            f"<info><language>{language}</language>",
            *(f"<category>{each}</category>" for each in info.categories),
            f"<event>{_required(info.event, at='alert/info/event')}</event>",
            *(f"<responseType>{each}</responseType>" for each in info.response_types),
            f"<urgency>{info.urgency}</urgency><severity>{info.severity}</severity>"
            f"<certainty>{info.certainty}</certainty>",
            _if_any("audience", info.audience),
            _pairs("eventCode", info.event_codes, at=at),
            _times(info),
            _if_any("senderName", info.sender_name),
            _if_any("headline", info.headline),
            _if_any("description", info.description),
            _if_any("instruction", info.instruction),
            _link("web", info.web, at=at),
            _if_any("contact", info.contact),
            _pairs("parameter", info.parameters, at=at),
            *(_resource(each) for each in info.resources),
            areas,
            "</info>",
        )
    )


def _times(info: Info) -> str:
    found = ""
    if info.effective is not None:
        found = f"<effective>{time_text(info.effective, at='alert/info/effective')}</effective>"
    if info.onset is not None:
        found += f"<onset>{time_text(info.onset, at='alert/info/onset')}</onset>"
    if info.expires is not None:
        found += f"<expires>{time_text(info.expires, at='alert/info/expires')}</expires>"
    return found


def _pairs(element: str, pairs: tuple[Named, ...], *, at: str) -> str:
    where = f"{at}/{element}/valueName"
    return "".join(
        [
            f"<{element}><valueName>{_required(pair.name, at=where)}</valueName>"
            f"<value>{plain_text(pair.value)}</value></{element}>"
            for pair in pairs
        ]
    )


def _link(element: str, value: str, *, at: str) -> str:
    return f"<{element}>{link_text(value, at=f'{at}/{element}')}</{element}>" if value else ""


def _resource(resource: Resource) -> str:
    at = "alert/info/resource"
    description = _required(resource.description, at=f"{at}/resourceDesc")
    kind = _required(resource.mime_type, at=f"{at}/mimeType")
    size = "" if resource.size is None else whole_text(resource.size, at=f"{at}/size")
    return "".join(
        (
            f"<resource><resourceDesc>{description}</resourceDesc><mimeType>{kind}</mimeType>",
            f"<size>{size}</size>" if size else "",
            _link("uri", resource.uri, at=at),
            _if_any("derefUri", resource.deref_uri),
            _if_any("digest", resource.digest),
            "</resource>",
        )
    )


def _area(area: Area) -> str:
    at = "alert/info/area"
    return "".join(
        (
            f"<area><areaDesc>{_required(area.description, at='alert/info/area/areaDesc')}"
            "</areaDesc>",
            *(
                f"<polygon>{polygon_text(ring, at='alert/info/area/polygon')}</polygon>"
                for ring in area.polygons
            ),
            *(
                f"<circle>{circle_text(each, at='alert/info/area/circle')}</circle>"
                for each in area.circles
            ),
            _pairs("geocode", area.geocodes, at=at),
            _heights(area, at=at),
            "</area>",
        )
    )


def _heights(area: Area, *, at: str) -> str:
    if area.altitude is None:
        if area.ceiling is not None:
            raise CeilingWithoutAltitude("a ceiling needs an altitude", element=at)
        return ""
    altitude = number_text(area.altitude, at=f"{at}/altitude")
    if area.ceiling is None:
        return f"<altitude>{altitude}</altitude>"
    ceiling = number_text(area.ceiling, at=f"{at}/ceiling")
    return f"<altitude>{altitude}</altitude><ceiling>{ceiling}</ceiling>"
