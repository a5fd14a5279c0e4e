"""What crosses monitoring's door."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.monitoring.gateways.sl651.encode import ReportElement, Sender
from anlan.registry.data import Colour


class StationKind(TextChoices):
    """The SL 651 station class, by its letter."""

    RAIN = "P", _("rain gauge")
    RIVER = "H", _("river gauge")
    RESERVOIR = "K", _("reservoir gauge")


class Verdict(TextChoices):
    """Why a reading stays out of the sums."""

    REPEATED = "repeated", _("sent twice with another value")
    OUT_OF_ORDER = "out_of_order", _("older than the last one")
    FUTURE = "future", _("in the future")
    IMPOSSIBLE = "impossible", _("outside the possible range")
    UNKNOWN_STATION = "unknown_station", _("unknown station")


@dataclass(frozen=True)
class Crossing:
    """An exceedance as the rooms above see it."""

    id: int
    hazard: str
    colour: Colour
    station_name: str
    element: str
    window_h: int
    value: float
    threshold: float
    at: datetime
    villages: tuple[str, ...]


@dataclass(frozen=True)
class Ingest:
    """What one batch of frames came to."""

    frames: int
    stored: int
    repeated: int
    refused: int
    faults: int


@dataclass(frozen=True)
class StationPoint:
    """A station as the wire and the map know it."""

    address: str
    password: str
    kind: StationKind
    name: str
    lon: float
    lat: float
    place_id: int | None


__all__ = [
    "Crossing",
    "Ingest",
    "ReportElement",
    "Sender",
    "StationKind",
    "StationPoint",
    "Verdict",
]
