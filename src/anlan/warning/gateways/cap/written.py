"""Write what stands in one element of a CAP message: the other way of fields.py, by its rules."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Final

from .errors import (
    BadAddress,
    BadCircle,
    BadIdentifier,
    BadLanguage,
    BadNumber,
    BadPolygon,
    BadTime,
    CapError,
    MissingElement,
    TooLong,
)
from .fields import FEWEST_PAIRS, LANGUAGE, LONGEST_NAME, NAME, is_on_earth
from .values import Circle, Polygon, Reference

# What XML 1.0 cannot carry, not even as a reference.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDEST_ZONE: Final = "14:00"
_TIME_LENGTH: Final = len("2026-07-01T08:00:00+08:00")
_MOST_DIGITS: Final = 18
# RFC 3987 as strictly as the schema's type for addresses is taken: http://host:80/path, mailto:a,
# a/path; brackets are those of IPv6.
_SIGN: Final = r"""(?:[^\x00-\x20\x7f-\x9f<>"{}|\\^`%\[\]#/?:@]|%[0-9A-Fa-f]{2})"""
_REST: Final = rf"(?:{_SIGN}|[/?:@])*"
_HOST: Final = rf"(?:(?:{_SIGN}|:)*@)?(?:{_SIGN}+|\[[0-9A-Fa-f:.]{{2,45}}\])(?::\d{{1,5}})?"
_LINK: Final = re.compile(
    rf"(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?//{_HOST}(?:[/?]{_REST})?"
    rf"|[A-Za-z][A-Za-z0-9+.-]*:(?:{_SIGN}|[@?:]){_REST}|(?:/?{_SIGN}+(?:[/?]{_REST})?))"
    rf"(?:#{_REST})?",
    re.ASCII,
)


def plain_text(text: str) -> str:
    """Return a text as it may stand between two marks, without the blanks around it."""
    if not text.isprintable():
        # A reader would make a line feed of a bare carriage return.
        text = _FORBIDDEN.sub("", text).strip().replace("&", "&amp;").replace("\r", "&#13;")
        return text.replace("<", "&lt;").replace(">", "&gt;")
    text = text.strip()
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def name_text(text: str, *, at: str) -> str:
    """Return an identifier or a sender: no spaces, no commas, no `<` and `&`."""
    if not text:
        raise MissingElement(f"{at.rpartition('/')[2]} is missing or empty", element=at)
    if not NAME.fullmatch(text) or _FORBIDDEN.search(text):
        raise BadIdentifier("no spaces, commas, < and & here", element=at, value=text)
    if len(text) > LONGEST_NAME:
        raise TooLong(f"longer than {LONGEST_NAME} characters", element=at, value=text)
    return text.replace(">", "&gt;")


def time_text(moment: datetime, *, at: str) -> str:
    """Return a time with its offset; UTC is written -00:00, as the standard asks.

    Raises BadTime for one without a zone or with parts of a second, which CAP cannot say.
    """
    text = moment.isoformat()
    if len(text) != _TIME_LENGTH or text[20:] > _WIDEST_ZONE:
        raise BadTime("a time in CAP has a zone and whole seconds", element=at, value=text)
    return f"{text[:19]}-00:00" if text[20:] == "00:00" else text


def language_text(text: str, *, at: str) -> str:
    """Return a language code."""
    if not LANGUAGE.fullmatch(text):
        raise BadLanguage("no language code such as zh-CN", element=at, value=text)
    return text


def link_text(text: str, *, at: str) -> str:
    """Return an address, whole or relative; raise BadAddress for what the schema would refuse."""
    text = _FORBIDDEN.sub("", text).strip()
    if not _LINK.fullmatch(text):
        raise BadAddress("no address such as https://example.cn/a", element=at, value=text)
    return plain_text(text)


def whole_text(number: int, *, at: str) -> str:
    """Return a whole number."""
    text = str(int(number))
    if len(text.lstrip("-")) > _MOST_DIGITS:
        raise BadNumber("no whole number of a size", element=at, value=text)
    return text


def number_text(number: float, *, at: str, kind: type[CapError] = BadNumber) -> str:
    """Return a decimal number without an exponent; raise `kind` where it is none."""
    if not isfinite(number):
        raise kind("no decimal number", element=at, value=str(number))
    text = repr(float(number))
    return format(Decimal(text), "f") if "e" in text else text


def reference_text(reference: Reference, *, at: str) -> str:
    """Return a message that is named, as `sender,identifier,sent`."""
    sender = name_text(reference.sender, at=at)
    identifier = name_text(reference.identifier, at=at)
    return f"{sender},{identifier},{time_text(reference.sent, at=at)}"


def polygon_text(ring: Polygon, *, at: str) -> str:
    """Return a ring as blank-separated lat,lon pairs; raise BadPolygon where it is none."""
    text = " ".join([f"{lat},{lon}" for lat, lon in ring])
    if "e" in text or "n" in text:  # an exponent, or no number at all
        text = " ".join([_pair(pair, at=at) for pair in ring])
    if len(ring) < FEWEST_PAIRS:
        raise BadPolygon("a polygon has at least four pairs", element=at, value=text)
    if ring[0] != ring[-1]:
        raise BadPolygon("the last pair must be the first", element=at, value=text)
    lats, lons = zip(*ring, strict=True)
    if not (is_on_earth(min(lats), min(lons)) and is_on_earth(max(lats), max(lons))):
        raise BadPolygon("a pair lies off the earth; latitude first", element=at, value=text)
    return text


def _pair(pair: Sequence[float], *, at: str) -> str:
    return ",".join([number_text(number, at=at, kind=BadPolygon) for number in pair])


def circle_text(circle: Circle, *, at: str) -> str:
    """Return a circle as lat,lon and a radius in km; raise BadCircle where it is none."""
    numbers = (circle.lat, circle.lon, circle.radius_km)
    lat, lon, radius = (number_text(number, at=at, kind=BadCircle) for number in numbers)
    if not is_on_earth(circle.lat, circle.lon) or circle.radius_km < 0:
        raise BadCircle("it lies off the earth; latitude first", element=at, value=f"{lat},{lon}")
    return f"{lat},{lon} {radius}"
