"""Read what stands in one element of a CAP message: texts, times, numbers, rings.

Source of every rule: the CAP 1.2 schema and data dictionary (OASIS, July 2010, section 3.2).
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from .errors import (
    BadCircle,
    BadIdentifier,
    BadLanguage,
    BadNumber,
    BadPolygon,
    BadReference,
    BadTime,
    CapError,
    NotAllowed,
    TooLong,
    UnknownElement,
)
from .opening import Element
from .values import MINUS_ZERO, Circle, Polygon, Reference

LONGEST_NAME: Final = 250
# xs:dateTime allows offsets up to fourteen hours.
_WIDEST_OFFSET: Final = timedelta(hours=14)
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII
)  # no fractions, no Z: the pattern of the schema
_LETTER_ZONE: Final = re.compile(r"\d[A-Za-z]+$")
NAME: Final = re.compile(r"[^\s,<&]+")
LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_DECIMAL: Final = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)"
_NUMBER: Final = re.compile(_DECIMAL, re.ASCII)
_WHOLE: Final = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_RING: Final = re.compile(rf"{_DECIMAL},{_DECIMAL}(?:\s+{_DECIMAL},{_DECIMAL})*", re.ASCII)
_CIRCLE: Final = re.compile(rf"({_DECIMAL}),({_DECIMAL})\s+({_DECIMAL})", re.ASCII)
FEWEST_PAIRS: Final = 4

C = TypeVar("C", bound=StrEnum)


def fault(kind: type[CapError], message: str, *, node: Element, value: str = "") -> CapError:
    """Return an error that names the element of a node, its path and its line."""
    path = [_local(each) for each in (node, *node.iterancestors())]
    return kind(message, element="/".join(reversed(path)), value=value, line=node.sourceline)


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def text_of(node: Element) -> str:
    """Return the text of an element without the blanks around it; no element may stand in it."""
    if len(node):
        raise fault(UnknownElement, "only text may stand here", node=node[0])
    return (node.text or "").strip()


def name_of(node: Element) -> str:
    """Return an identifier or a sender: no spaces, no commas, no `<` and `&`."""
    text = text_of(node)
    if text and not NAME.fullmatch(text):
        raise fault(BadIdentifier, "no spaces, commas, < and & here", node=node, value=text)
    return _checked_length(text, node=node)


def _checked_length(text: str, *, node: Element) -> str:
    if len(text) > LONGEST_NAME:
        raise fault(TooLong, f"longer than {LONGEST_NAME} characters", node=node, value=text)
    return text


def time_of(node: Element) -> datetime:
    """Return a time with its offset; the standard forbids letters such as Z."""
    text = text_of(node)
    moment = parsed_time(text)
    if moment is not None:
        return moment
    message = "no time of the form 2026-07-01T08:00:00+08:00"
    if _LETTER_ZONE.search(text):
        message = "letters such as Z are no zone in CAP; UTC is written -00:00 or +00:00"
    raise fault(BadTime, message, node=node, value=text)


def parsed_time(text: str) -> datetime | None:
    """Return the time that a text is, or None."""
    if not _TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if abs(moment.utcoffset() or timedelta(0)) > _WIDEST_OFFSET:
        return None
    return moment.replace(tzinfo=MINUS_ZERO) if text.endswith("-00:00") else moment


def language_of(node: Element) -> str:
    """Return a language code; an empty element means the default."""
    text = text_of(node) or "en-US"
    if not LANGUAGE.fullmatch(text):
        raise fault(BadLanguage, "no language code such as zh-CN", node=node, value=text)
    return text


def decimal_of(node: Element) -> float:
    """Return a decimal number."""
    text = text_of(node)
    if not _NUMBER.fullmatch(text):
        raise fault(BadNumber, "no decimal number", node=node, value=text)
    return float(text)


def whole_of(node: Element) -> int:
    """Return a whole number."""
    text = text_of(node)
    if not _WHOLE.fullmatch(text):
        raise fault(BadNumber, "no whole number", node=node, value=text)
    return int(text)


def one_of(choices: type[C]) -> Callable[[Element], C]:
    """Return a reader of a value that must be one of the standard's."""
    known = {choice.value: choice for choice in choices}
    listed = ", ".join(known)

    def read(node: Element) -> C:
        found = known.get(text_of(node))
        if found is None:
            raise fault(NotAllowed, f"must be one of {listed}", node=node, value=text_of(node))
        return found

    return read


def references_of(node: Element) -> tuple[Reference, ...]:
    """Return the messages that blank-separated `sender,identifier,sent` name."""
    return tuple(_reference(word, node=node) for word in text_of(node).split())


def _reference(word: str, *, node: Element) -> Reference:
    parts = word.split(",")
    sent = parsed_time(parts[-1]) if len(parts) == 3 else None
    if sent is None or not parts[0] or not parts[1]:
        raise fault(BadReference, "a reference is sender,identifier,sent", node=node, value=word)
    return Reference(
        sender=_checked_length(parts[0], node=node),
        identifier=_checked_length(parts[1], node=node),
        sent=sent,
    )


def polygon_of(node: Element) -> Polygon:
    """Return a closed ring of (latitude, longitude); an empty element is an empty ring."""
    text = text_of(node)
    if not text:
        return ()
    if not _RING.fullmatch(text):
        raise fault(BadPolygon, "a polygon is blank-separated lat,lon pairs", node=node, value=text)
    numbers = [float(word) for word in text.replace(",", " ").split()]
    lats, lons = numbers[::2], numbers[1::2]
    if len(lats) < FEWEST_PAIRS:
        raise fault(BadPolygon, "a polygon has at least four pairs", node=node, value=text)
    if (lats[0], lons[0]) != (lats[-1], lons[-1]):
        raise fault(BadPolygon, "the last pair must be the first", node=node, value=text)
    if not (is_on_earth(min(lats), min(lons)) and is_on_earth(max(lats), max(lons))):
        raise fault(BadPolygon, "a pair lies off the earth; latitude first", node=node, value=text)
    return tuple(zip(lats, lons, strict=True))


def circle_of(node: Element) -> Circle | None:
    """Return a circle, or None of an empty element."""
    text = text_of(node)
    if not text:
        return None
    found = _CIRCLE.fullmatch(text)
    if found is None:
        raise fault(BadCircle, "a circle is lat,lon and a radius in km", node=node, value=text)
    lat, lon, radius = (float(number) for number in found.groups())
    if not is_on_earth(lat, lon) or radius < 0:
        raise fault(BadCircle, "it lies off the earth; latitude first", node=node, value=text)
    return Circle(lat=lat, lon=lon, radius_km=radius)


def is_on_earth(lat: float, lon: float) -> bool:
    """Tell whether a latitude and a longitude are ones."""
    return -90 <= lat <= 90 and -180 <= lon <= 180
