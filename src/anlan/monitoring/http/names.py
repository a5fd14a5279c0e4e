"""How stations, series and readings are named to other programs.

A Thing is a station by its address, a Datastream a series `<address>:<element>`, an Observation a
reading `<address>:<element>:<µs since 1970 UTC>`.
"""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from anlan.monitoring.core.intake import moment_of

LONGEST_ADDRESS: Final = 64
_ELEMENT = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
_MICROS = re.compile(r"\d{1,16}", re.ASCII)


class NotAName(ValueError):
    """A text that names no series, or no reading."""


class Series(NamedTuple):
    """A station's element."""

    address: str
    element: str

    @property
    def name(self) -> str:
        """Return the name of the Datastream."""
        return f"{self.address}:{self.element}"


class Spot(NamedTuple):
    """A reading of a series."""

    series: Series
    at: datetime


def series_named(text: str) -> Series:
    """Return the series of a name; raise NotAName when it names none."""
    address, _colon, element = text.rpartition(":")
    is_address = 1 <= len(address) <= LONGEST_ADDRESS and address.isprintable()
    if not is_address or address != address.strip() or not _ELEMENT.fullmatch(element):
        raise NotAName(text)
    return Series(address, element)


def spot_named(text: str) -> Spot:
    """Return the reading of a name; raise NotAName when it names none."""
    name, _colon, micros = text.rpartition(":")
    if not _MICROS.fullmatch(micros):
        raise NotAName(text)
    try:
        return Spot(series_named(name), moment_of(int(micros)))
    except OverflowError:
        raise NotAName(text) from None


def spot_name(series: Series, at: datetime) -> str:
    """Return the name of the Observation."""
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    return f"{series.name}:{micros}"


def unquoted(text: str) -> str:
    """Return a name without the quotes that SensorThings puts around names that are texts."""
    is_quoted = len(text) >= 2 and text[0] == text[-1] == "'"
    return text[1:-1].replace("''", "'") if is_quoted else text


def address_of(root: str, collection: str, name: str) -> str:
    """Return the address of one of a collection below the root."""
    inner = name.replace("'", "''")
    return f"{root}{collection}('{quote(inner, safe=':')}')"


def time_text(at: datetime) -> str:
    """Return an instant in UTC as SensorThings writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
