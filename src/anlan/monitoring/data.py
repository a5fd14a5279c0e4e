"""What crosses monitoring's door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.monitoring.gateways.sl651.encode import ReportElement, Sender
from anlan.monitoring.gateways.sl651.values import RawReading
from anlan.registry.data import Colour


class StationKind(TextChoices):
    """The SL 651 station class, by its letter; W and F are not of the standard."""

    RAIN = "P", _("rain gauge")
    RIVER = "H", _("river gauge")
    RESERVOIR = "K", _("reservoir gauge")
    GATE = "Z", _("gate or dam gauge")
    SOIL = "M", _("soil moisture station")
    GROUNDWATER = "G", _("groundwater station")
    WEATHER = "W", _("weather station")
    OTHER = "F", _("other sensor")


class Protocol(TextChoices):
    """How a station's readings come in."""

    SL651 = "sl651", _("SL 651-2014 over TCP")
    SZY206 = "szy206", _("SZY 206-2016 over TCP")
    HJ212 = "hj212", _("HJ 212-2017 over TCP")
    MQTT = "mqtt", _("MQTT")
    HTTP = "http", _("HTTP push")
    HAND = "hand", _("read by eye")
    DERIVED = "derived", _("computed here")


class RainFrom(TextChoices):
    """The element from which a station's five-minute rain is taken."""

    PN05 = "PN05", _("five-minute rain")
    P1 = "P1", _("hourly rain")
    PJ = "PJ", _("rain since eight in the morning")
    PT = "PT", _("running total")


class Verdict(TextChoices):
    """Why a reading stays out of the table of readings."""

    REPEATED = "repeated", _("sent twice with another value")
    TOO_OLD = "too_old", _("older than what is kept")
    FUTURE = "future", _("in the future")
    UNKNOWN_STATION = "unknown_station", _("unknown station")
    WRONG_PASSWORD = "wrong_password", _("wrong password")
    WRONG_CLOCK = "wrong_clock", _("the station's clock is wrong")


class Quality(IntegerChoices):
    """What is known of a stored value; from `EXCLUDED_FROM` on it enters no sum and no rule."""

    GOOD = 0, _("good")
    ACCEPTED = 1, _("accepted by a person")
    LATE = 2, _("came late")
    RATE = 10, _("changed too fast")
    STUCK = 11, _("stands still")
    NEIGHBOUR = 12, _("unlike its neighbours")
    IMPOSSIBLE = 20, _("outside the possible range")
    REJECTED = 21, _("struck out by a person")


DOUBTFUL_FROM: Final = 10
EXCLUDED_FROM: Final = 20


class RuleState(TextChoices):
    """Where a version of a rule stands."""

    DRAFT = "draft", _("draft")
    LIVE = "live", _("in force")
    RETIRED = "retired", _("retired")


class Measure(TextChoices):
    """What a threshold is held against."""

    SUM = "sum", _("sum over a window")
    LAST = "last", _("last value")
    RISE = "rise", _("rise within a window")
    FALL = "fall", _("fall within a window")
    MEAN = "mean", _("mean over a window")
    ANTECEDENT = "antecedent", _("effective antecedent rain")


class SilenceLevel(IntegerChoices):
    """How far a silence has been taken up."""

    NOTED = 1, _("noted")
    TOWN_TOLD = 2, _("town told")
    COUNTY_TOLD = 3, _("county told")


class CommandState(TextChoices):
    """Where a command to a station stands."""

    WAITING = "waiting", _("waits for the station")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")
    FAILED = "failed", _("no answer")
    CANCELLED = "cancelled", _("cancelled")


@dataclass(frozen=True)
class Crossing:
    """An exceedance as the rooms above see it."""

    id: int
    hazard: str
    colour: Colour
    station_name: str
    element: str
    measure: Measure
    window_min: int
    value: float
    threshold: float
    at: datetime
    villages: tuple[str, ...]
    unit: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True)
class Ingest:
    """What one batch of frames or readings came to.

    `stored` rows are new in the table, `late` of them older than the station's last value;
    `doubtful` and `excluded` of them carry such a quality. `repeated` were there already with
    the same value, `refused` were set aside with a verdict.
    """

    frames: int
    stored: int
    repeated: int
    refused: int
    faults: int
    late: int = 0
    doubtful: int = 0
    excluded: int = 0


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
    "DOUBTFUL_FROM",
    "EXCLUDED_FROM",
    "CommandState",
    "Crossing",
    "Ingest",
    "Measure",
    "Protocol",
    "Quality",
    "RainFrom",
    "RawReading",
    "ReportElement",
    "RuleState",
    "Sender",
    "SilenceLevel",
    "StationKind",
    "StationPoint",
    "Verdict",
]
